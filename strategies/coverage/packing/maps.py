"""Rows of a map: rows of its values under keys that make trouble."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.case import Aim
from strategies.coverage.packing.pack import Row
from strategies.values.hostile import ITEMS, trouble
from strategies.values.minimal import legal_keys, simplest
from strategies.values.strings import matching, missing_pattern

if TYPE_CHECKING:
    from strategies.coverage.packing.packer import RowMaker

_MAP_SIZE = 5


def map_rows(maker: RowMaker, node: Node, each: Node) -> Iterator[Row]:
    builder = maker.builder(node)
    if builder.oracle.obeys({}):
        yield Row({}, (maker.aim(node, "type", "no members"),))
    good, telling = simplest_of(maker, each), (*trouble()["keys"], *_near_keys(node))
    # A map may have keys of a kind that is none of these.
    keys = [key for key in telling if builder.oracle.obeys({key: good})] or [
        key for key in legal_keys(node) if builder.oracle.obeys({key: good})
    ]
    if not keys:
        return
    rows = maker.rows(each)
    total = max(len(rows), len(keys))
    for start in range(0, total, _MAP_SIZE):
        value: dict[str, Json] = {}
        aims: list[Aim] = [maker.aim(node, "type", "a map"), maker.aim(node, "propertyNames", "legal keys")]
        for index in range(start, min(start + _MAP_SIZE, total)):
            key, row = keys[index % len(keys)], rows[index % len(rows)]
            value[key] = row.value
            aims += row.below(key) if index < len(rows) else ()
        yield Row(value, tuple(aims))
    wide = {f"key{index:04d}": maker.numbered(node, each, index) for index in range(ITEMS)}
    if builder.oracle.obeys(wide):
        yield Row(wide, (maker.aim(node, "type", f"{ITEMS} members"),))


def simplest_of(maker: RowMaker, node: Node) -> Json:
    """An ordinary value of a field that is complete in itself."""
    return maker.builder(node).complete(simplest(node)) if node.is_message else simplest(node)


def _near_keys(node: Node) -> list[str]:
    """Keys that just miss a forbidden pattern, and so are legal."""
    names = node.get("propertyNames") or {}
    forbidden = names.get("not", {}).get("pattern") if isinstance(names, dict) else None
    if forbidden is None:
        return []
    near = [key for key in missing_pattern(forbidden) if key]
    usual = matching(forbidden)[:1]
    # Each letter of the forbidden beginning in the other case is another key.
    swapped = [key[:i] + key[i].swapcase() + key[i + 1 :] for key in usual for i in range(len(key)) if key[i].isalpha()]
    return [*near, *swapped, *(key.upper() for key in usual)]
