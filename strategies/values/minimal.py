"""One ordinary value of a field, and the items or members that it needs to be large enough."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import jsonschema_rs

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.values.hostile import ITEMS
from strategies.values.place_schema import admits
from strategies.values.strings import matching
from strategies.values.unusual import made_usual
from strategies.values.valid import MOST, Value, accepted, drawn

KEY = "key"  # the key under which a value is carried into a map


def simplest(node: Node) -> Json:
    """Return one ordinary value of a field without optional members; None where nothing satisfies it."""
    if node.is_free:
        return "text"
    if node.is_array:
        return elements(node, int(node.get("minItems", 0)))
    if "object" in node.types and (node.properties or node.each is not None or not _leafy(node)):
        if node.get("x-known-values"):
            return _simplest_leaf(node)
        members = {name: _member(node, name) for name in sorted(node.required)}
        return members if node.properties else filled(node, members)
    return _simplest_leaf(node)


def _member(node: Node, name: str) -> Json:
    """Return one ordinary value of a member, described or not."""
    child = node.properties.get(name) or node.each
    return "text" if child is None else simplest(child)


@lru_cache(maxsize=8192)
def _simplest_leaf(node: Node) -> Json:
    values = accepted(node)
    plain = [each for each in values if each.must] or values
    return _plainest(node, plain) if plain else None


def elements(node: Node, count: int) -> list[Json]:
    """Return `count` ordinary items of an array, different from each other where they must be."""
    if node.get("contains") is not None or node.get("prefixItems") is not None:
        found = next((value for value in drawn(node) if isinstance(value, list) and len(value) >= count), None)
        if found is not None:
            return found
    count = min(count, MOST)
    if node.each is None:
        return [f"n{index}" for index in range(count)]
    if not node.get("uniqueItems") or count < 2:
        return [simplest(node.each)] * count
    return _different(node.each, count)


def _different(each: Node, count: int) -> list[Json]:
    """Return `count` items, no two equal; fewer where there are no more."""
    if not each.is_object:
        strings = [f"n{index}" for index in range(count)] if "string" in each.types else list(range(count))
        pool = [
            simplest(each),
            *(value.value for value in accepted(each) if value.must and repr(value.value) != "-0.0"),  # which equals 0
            *(t for t in strings if admits(each, t)),
        ]
    else:
        one = simplest(each)
        varied = [(name, _different(child, count)) for name, child in each.properties.items() if not child.is_object]
        pool = [one, *({**one, name: value} for name, values in varied for value in values)]
    return list({repr(value): value for value in pool}.values())[:count]


def filled(node: Node, members: dict[str, Json]) -> dict[str, Json]:
    """Return the object with as many members as it needs, under valid keys."""
    one = "text" if node.each is None else simplest(node.each)
    least = min(int(node.get("minProperties", 0)), MOST)
    fresh = (key for key in legal_keys(node) if key not in members)
    return members | {key: one for key, _ in zip(fresh, range(least - len(members)), strict=False)}


@lru_cache(maxsize=1024)
def legal_keys(node: Node) -> tuple[str, ...]:
    """Return valid keys beyond the described ones, ordinary ones first."""
    names = node.get("propertyNames", True)
    pattern, enum = (names.get("pattern"), names.get("enum")) if isinstance(names, dict) else (None, None)
    candidates = [KEY, *(f"key{index:04d}" for index in range(ITEMS)), *(enum or ()), *(matching(pattern) if pattern else ())]
    schema = {"propertyNames": names, "$defs": node.root.get("$defs", {})}
    legal = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid
    found = [key for key in dict.fromkeys(candidates) if isinstance(key, str) and legal({key: 1})]
    if not found and isinstance(names, dict):
        from strategies.values.sampling import examples_of

        drawn_keys = examples_of({"allOf": [{"type": "string"}, names], "$defs": schema["$defs"]})
        found = [key for key in dict.fromkeys(map(made_usual, drawn_keys)) if legal({key: 1})]
    return tuple(key for key in found if key not in node.properties)


def _leafy(node: Node) -> bool:
    return node.types != {"object"}


def _plainest(node: Node, values: Sequence[Value]) -> Json:
    """Return a value that does not mean "unset" if possible, and a short word rather than a hostile string."""
    if node.get("enum") is not None and len(values) > 1:
        return values[values[0].value == node.get("enum")[0]].value
    return min(values, key=lambda each: (each.label not in _PLAIN, each.keyword != "type", len(repr(each.value)) > 40)).value


_PLAIN = frozenset({"text: letter", "integer 16000", "number 0.5", "example 30s"})
