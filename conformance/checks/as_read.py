"""A response as a lenient reader takes it: null for an unset member, and the shortest decimal for a single-precision number."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property

from openapi.json_types import Json
from openapi.schema.branches import COMBINING, Choices
from openapi.schema.nodes import Node

_RELAXED = frozenset({dict, list, float})  # in other values there is nothing to relax


@dataclass(frozen=True)
class Reading:
    """How the responses that `root` describes are read."""

    root: Node

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self.root)

    def of(self, response: Json) -> Json:
        """Return a response without nulls for unset nested members, with singles by their shortest decimals."""
        return self._read(response, self.root, 0)

    def _read(self, value: Json, node: Node | None, depth: int) -> Json:
        if isinstance(value, list) and node is not None:
            return [self._read(each, node.each, depth + 1) if type(each) in _RELAXED else each for each in value]
        if isinstance(value, float) and node is not None and node.get("format") == "float":
            return shortest_single(value)
        members = self._members(value, node) if isinstance(value, dict) and node is not None else {}
        if not members:
            return value
        return {
            name: self._read(member, members.get(name), depth + 1) if type(member) in _RELAXED else member
            for name, member in value.items()
            if not (depth and member is None)
        }

    def _members(self, value: Json, node: Node) -> dict[str, Node]:
        """Return the members that an object may have, those of the branches that it means among them."""
        if not self._choices.all:
            return node.properties
        meant = (self._choices.meant(node.path, keyword, value) for keyword in COMBINING)
        return {name: each for pair in meant if pair for name, each in pair[1].node.properties.items()} | node.properties


def shortest_single(number: float) -> float:
    """Return a number of 32 bits as the shortest decimal for it: 0.699999988 counts as the 0.7 that was sent."""
    packed = _packed(number)
    if packed is None or struct.unpack("<f", packed)[0] != number:
        return number
    shorter = (float(f"{number:.{digits}g}") for digits in range(6, 10))
    return next((each for each in shorter if _packed(each) == packed), number)


def _packed(number: float) -> bytes | None:
    try:
        return struct.pack("<f", number)
    except OverflowError:
        return None
