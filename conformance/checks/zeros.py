"""Nested zeros: a member that was sent as 0, false or an empty string, which a response may leave out or show.

protobuf writes no zero of a field without presence, and nothing says which fields have it. So it is recorded, by place, and
compared from run to run. A member with another documented default is no such field: left out, it would mean that default.
"""

from __future__ import annotations

from collections.abc import Iterator

from openapi.catalogue import default_of
from openapi.json_types import Json
from openapi.schema.nodes import Node

RULE = "observed.nested-zero"


def nested_zeros(node: Node, other: Node, sent: Json, got: Json, depth: int = 0) -> Iterator[tuple[str, bool]]:
    """Yield the place of each sent nested zero that may be left out, and whether the response shows it."""
    if node.is_array and isinstance(sent, list) and node.each is not None and other.each is not None:
        back = got if isinstance(got, list) and len(got) == len(sent) else [None] * len(sent)
        for one, two in zip(sent, back, strict=True):
            yield from nested_zeros(node.each, other.each, one, two, depth + 1)
    elif isinstance(sent, dict):
        shown = got if isinstance(got, dict) else {}
        for name, value in sent.items():
            child, twin = node.properties.get(name), other.properties.get(name)
            if child is None or twin is None:
                continue
            if depth and is_zero(child, value):
                yield child.path, shown.get(name) is not None
            elif isinstance(value, dict | list):
                yield from nested_zeros(child, twin, value, shown.get(name), depth + 1)


def is_zero(node: Node, value: Json) -> bool:
    """Return whether a nested member with this value reads as one that is not set: a zero that no other default replaces."""
    if value is None or isinstance(value, dict | list) or value:
        return False
    default = default_of(node)
    return default is None or default[0] == value
