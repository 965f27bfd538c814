"""The packs of a field by its kind: object, array, map, or a value without members."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.schema.nodes import EACH, Node
from strategies.coverage.packing.arrays import array_packs
from strategies.coverage.packing.maps import map_packs
from strategies.coverage.packing.objects import object_packs
from strategies.coverage.packing.pack import Pack
from strategies.coverage.packing.packer import Packer
from strategies.values.hostile import WIDE_LENGTHS, trouble, wide_label
from strategies.values.valid import accepted

# Texts that look like other things and strings of wide characters, but for the first few: left out where requests are scarce.
_SPARED = frozenset(
    (*(f"text: {label}" for label in list(trouble()["texts"])[3:]), *(wide_label(length) for length in WIDE_LENGTHS[1:]))
)


def packer(root: Node, prefix: str, *, few: bool = False, lacking: frozenset[str] = frozenset()) -> Packer:
    """Return a packer of one schema. A field at a place in `lacking` has no pack; `few` where requests are scarce."""
    return Packer(root, prefix, _by_kind, few, lacking)


def _by_kind(maker: Packer, node: Node) -> Iterator[Pack]:
    if node.get("x-hazard"):
        return
    if node.is_object:
        yield from object_packs(maker, node)
    elif node.is_array and node.each is not None:
        yield from array_packs(maker, node, node.each)
    elif node.is_map and node.each is not None:
        yield from map_packs(maker, node, node.each)
    else:
        # The elements of lists and the values of maps share their requests anyhow, and so do the body's own members.
        spared = _SPARED if maker.few and len(node.place) > 1 and node.place[-1:] != (EACH,) else frozenset()
        values = maker.scarce(node, [value for value in accepted(node) if value.must and value.label not in spared])
        yield from (Pack(value.value, (maker.aim(node, value.keyword, value.label),)) for value in values)
