"""Values of a body or a response together with the nodes that describe them."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import CONTAINERS, Json, Schema
from openapi.schema.nodes import Node


def places(value: Json, node: Node) -> set[str]:
    """Return the place of every value in a body or response that the schema describes."""
    found: set[str] = set()
    _gather(value, node, found)
    return found


def _gather(value: Json, node: Node, found: set[str]) -> None:
    """Add the places of a value and its parts; scalars take a short way, since most values are scalars."""
    found.add(node.path)
    if isinstance(value, dict):
        properties, each = node.properties, None if node.is_object else node.each
        for name, member in value.items():
            child = properties.get(name) or each
            if child is None:
                continue
            if type(member) in CONTAINERS:
                _gather(member, child, found)
            else:
                found.add(child.path)
    elif isinstance(value, list) and node.each is not None:
        for element in value:
            if type(element) in CONTAINERS:
                _gather(element, node.each, found)
            else:
                found.add(node.each.path)


def described(value: Json, node: Node | None) -> Iterator[tuple[Node, Json]]:
    """Yield every value in a body or response that the schema describes, with its node; the whole first."""
    if node is None:
        return
    yield node, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from described(member, node.properties.get(name) or (None if node.is_object else node.each))
    elif isinstance(value, list):
        for element in value:
            yield from described(element, node.each)


APPLIED = ("not", "allOf", "anyOf", "oneOf", "if", "then", "else")  # keywords of schemas that apply to the same object


def mentioned(schema: Json) -> frozenset[str]:
    """Return the names of the object's own members that a schema mentions; deeper mentions do not count."""
    if isinstance(schema, list):
        return frozenset[str]().union(*map(mentioned, schema))
    if not isinstance(schema, dict):
        return frozenset()
    own = frozenset(schema.get("properties", ())) | frozenset(schema.get("required", ()))
    return own.union(*(mentioned(schema[key]) for key in APPLIED if key in schema))


def connected(rule: Schema) -> frozenset[str]:
    """Return the fields of request and response that one of the `x-exchange-rules` connects."""
    stated = [rule.get(part, {}).get("properties", {}) for part in ("when", "then")]
    return frozenset[str]().union(*(mentioned(each.get(side)) for each in stated for side in ("body", "response")))
