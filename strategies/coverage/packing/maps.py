"""Packs of a map: packs of its values under unusual keys."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.case import Aim
from strategies.coverage.packing.pack import Pack
from strategies.coverage.packing.packer import Packer
from strategies.values.hostile import ITEMS, trouble
from strategies.values.minimal import legal_keys, simplest
from strategies.values.strings import matching, missing_pattern

_MAP_SIZE = 5


def map_packs(maker: Packer, node: Node, each: Node) -> Iterator[Pack]:
    """Yield the packs of a map."""
    builder = maker.builder(node)
    if builder.oracle.is_valid({}):
        yield Pack({}, (maker.aim(node, "type", "no members"),))
    valid, unusual = simplest_of(maker, each), (*trouble()["keys"], *_near_keys(node))
    # A map may have keys of a kind that is none of these.
    keys = [key for key in unusual if builder.oracle.is_valid({key: valid})] or [
        key for key in legal_keys(node) if builder.oracle.is_valid({key: valid})
    ]
    if not keys:
        return
    packs = maker.packs(each)
    if not packs:
        return
    total = max(len(packs), len(keys))
    for start in range(0, total, _MAP_SIZE):
        value: dict[str, Json] = {}
        legal = f"legal keys from number {start + 1}"  # each has others, and a narrow run sends each label once
        aims: list[Aim] = [maker.aim(node, "type", "a map"), maker.aim(node, "propertyNames", legal)]
        for index in range(start, min(start + _MAP_SIZE, total)):
            key, pack = keys[index % len(keys)], packs[index % len(packs)]
            value[key] = pack.value
            aims += pack.below(key) if index < len(packs) else ()
        yield Pack(value, tuple(aims))
    wide = {f"key{index:04d}": maker.numbered(node, each, index) for index in range(ITEMS)}
    if builder.oracle.is_valid(wide):
        yield Pack(wide, (maker.aim(node, "type", f"{ITEMS} members"),))


def simplest_of(maker: Packer, node: Node) -> Json:
    """Return an ordinary value of a field that is complete in itself."""
    return maker.builder(node).complete(simplest(node)) if node.is_object else simplest(node)


def _near_keys(node: Node) -> list[str]:
    """Return keys that just miss a forbidden pattern, and so are valid."""
    names = node.get("propertyNames") or {}
    forbidden = names.get("not", {}).get("pattern") if isinstance(names, dict) else None
    if forbidden is None:
        return []
    near_miss = [key for key in missing_pattern(forbidden) if key]
    usual = matching(forbidden)[:1]
    # Each letter of the forbidden beginning in the other case is another key.
    swapped = [key[:i] + key[i].swapcase() + key[i + 1 :] for key in usual for i in range(len(key)) if key[i].isalpha()]
    return [*near_miss, *swapped, *(key.upper() for key in usual)]
