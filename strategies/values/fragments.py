"""Partial values that satisfy or violate a schema fragment (`not`, `if`, `oneOf`, …), by construction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import combinations, islice

from openapi.json_types import Json, Schema
from openapi.schema.nodes import Node, tree
from openapi.schema.paths import merged
from strategies.values.bounds import after, before
from strategies.values.minimal import elements, legal_keys, simplest
from strategies.values.strings import matching, missing_pattern
from strategies.values.valid import MOST, accepted

_WRONG: dict[str, Json] = {
    "string": ["x"],
    "number": "word",
    "integer": "word",
    "boolean": "word",
    "array": "word",
    "object": "word",
}


def satisfying(schema: Json, node: Node | None) -> list[Json]:
    """Return partial values of a field that satisfy the fragment; empty if none could be constructed."""
    if schema is True or schema == {}:
        return [simplest(node) if node else "text"]
    if not isinstance(schema, dict):
        return []
    results: list[Json] = [None]
    for keyword, value in schema.items():
        make = _SATISFY.get(keyword)
        if make is not None:
            options = list(make(value, node, schema))
            if not options:
                return []
            results = [merged(one, other) if one is not None else other for one in results for other in options][:24]
    return [result if result is not None else _undescribed(schema, node) for result in results]


def _undescribed(schema: Schema, node: Node | None) -> Json:
    """Return an ordinary value of a field, or of the fragment where nothing else describes the field."""
    if node is None and "type" in schema and "$ref" not in json.dumps(schema):
        return simplest(tree(schema))
    return simplest(node) if node else "text"


def violating(schema: Json, node: Node | None) -> list[Json]:
    """Return partial values of a field that violate the fragment; empty if none could be constructed."""
    if schema is False:
        return [simplest(node) if node else "text"]
    if not isinstance(schema, dict):
        return []
    if "if" in schema:
        return list(_violate_if(schema, node))
    return [
        value
        for keyword, argument in schema.items()
        if keyword in _VIOLATE
        for value in _VIOLATE[keyword](argument, node, schema)
    ]


def _child(node: Node | None, name: str) -> Node | None:
    return node.properties.get(name) or (node.each if node.is_map else None) if node else None


def _required(names: list[str], node: Node | None, schema: Json) -> Iterator[Json]:
    stated = schema.get("properties", {})
    yield {name: _plain(_child(node, name)) for name in names if name not in stated}


def _plain(node: Node | None) -> Json:
    return simplest(node) if node else "text"


def _properties(stated: dict[str, Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    options: list[dict[str, Json]] = [{}]
    for name, sub in stated.items():
        if sub is False:
            continue
        options = [{**one, name: value} for one in options for value in satisfying(sub, _child(node, name))][:24]
    yield from options


def _items(sub: Json, node: Node | None, _schema: Json) -> Iterator[Json]:
    yield from ([value] for value in satisfying(sub, node.each if node else None))


def _contains(sub: Json, node: Node | None, _schema: Json) -> Iterator[Json]:
    """Yield an array of such an item alone, then one with another item before it."""
    each = node.each if node else None
    found = satisfying(sub, each)
    yield from ([value] for value in found)
    for value in found:
        others = [merged(value, other) for other in violating(sub, each)]
        yield from ([other, value] for other in others[-1:] if other != value)


def _any(branches: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    for branch in branches:
        yield from satisfying(branch, node)


def _all(members: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    results: list[Json] = [{}]
    for member in members:
        results = [merged(one, other) for one in results for other in satisfying(member, node)][:24]
    yield from results


def _not(sub: Json, node: Node | None, _schema: Json) -> Iterator[Json]:
    if isinstance(sub, dict) and set(sub) <= {"required"}:
        yield {}  # what must not be there is left out
        return
    yield from violating(sub, node)


def _beyond(bound: float, node: Node | None, direction: int) -> float:
    """Return a number just beyond a bound, whole where the field takes whole numbers alone."""
    if node is not None and "number" not in node.types and "integer" in node.types:
        return bound + direction
    return after(bound) if direction > 0 else before(bound)


def _of_size(count: int, node: Node | None) -> Iterator[Json]:
    """Yield an array of so many items, if there can be one."""
    if 0 <= count <= MOST:
        yield elements(node, count) if node is not None else [f"n{index}" for index in range(count)]


def _with_members(count: int, node: Node | None) -> Iterator[Json]:
    """Yield an object of so many members, if there can be one."""
    names = [name for name, each in node.properties.items() if not each.get("x-hazard")] if node is not None else []
    if node is not None and not node.is_object:
        names += [name for name in legal_keys(node) if name not in names]
    if 0 <= count <= len(names):
        yield {name: _plain(_child(node, name)) for name in names[:count]}


_Maker = Callable[[Json, Node | None, Json], Iterator[Json]]
_SATISFY: dict[str, _Maker] = {
    "const": lambda value, _n, _s: iter([value]),
    "enum": lambda value, _n, _s: iter(value),
    "required": _required,
    "properties": _properties,
    "items": _items,
    "contains": _contains,
    "anyOf": _any,
    "oneOf": _any,
    "allOf": _all,
    "not": _not,
    "pattern": lambda value, _n, _s: iter(matching(value)[:1]),
    "maxItems": lambda _v, _n, _s: iter([[]]),
    "minItems": lambda value, node, _s: _of_size(value, node),
    "minLength": lambda value, _n, _s: iter(["x" * value] if value <= MOST else []),
    "maxLength": lambda value, _n, _s: iter(["x" * min(value, 1)]),
    "minimum": lambda value, _n, _s: iter([value]),
    "maximum": lambda value, _n, _s: iter([value]),
    "exclusiveMinimum": lambda value, node, _s: iter([_beyond(value, node, +1)]),
    "exclusiveMaximum": lambda value, node, _s: iter([_beyond(value, node, -1)]),
    "minProperties": lambda value, node, _s: _with_members(value, node),
    "maxProperties": lambda _v, _n, _s: iter([{}]),
}


def _violate_if(schema: Json, node: Node | None) -> Iterator[Json]:
    for demanded, premise in (("then", satisfying), ("else", violating)):
        for start in premise(schema["if"], node) if demanded in schema else ():
            yield from (merged(start, end) for end in violating(schema[demanded], node))


def _violate_required(names: list[str], node: Node | None, _schema: Json) -> Iterator[Json]:
    for name in names:
        yield {other: _plain(_child(node, other)) for other in names if other != name}


def _violate_properties(stated: dict[str, Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    for name, sub in stated.items():
        yield from ({name: value} for value in violating(sub, _child(node, name)))


def _violate_items(sub: Json, node: Node | None, _schema: Json) -> Iterator[Json]:
    yield from ([value] for value in violating(sub, node.each if node else None))


def _violate_all(members: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    for member in members:
        yield from violating(member, node)


def _violate_one_of(branches: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    """Yield two branches at once, each pair; three, which an exclusive "or" of all lets pass; then none."""
    for several in (*combinations(branches, 2), branches[:3] if len(branches) > 2 else ()):
        values = [found[0] for branch in several if (found := satisfying(branch, node))]
        if values and len(values) == len(several):
            yield reduce(merged, values)
    yield {}


def _violate_any_of(branches: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    yield {}
    for branch in branches:
        yield from violating(branch, node)


def _violate_enum(members: list[Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    if node is not None:
        yield from (each.value for each in accepted(node) if each.value not in members and each.must)


def _violate_type(kind: Json, _node: Node | None, _schema: Json) -> Iterator[Json]:
    if isinstance(kind, str) and kind in _WRONG:
        yield _WRONG[kind]


def _violate_dependent(needs: dict[str, Json], node: Node | None, _schema: Json) -> Iterator[Json]:
    for name, needed in needs.items():
        base = {name: _plain(_child(node, name))}
        if isinstance(needed, list):
            yield base
        else:
            yield from (merged(base, end) for end in violating(needed, node))


_VIOLATE: dict[str, _Maker] = {
    "required": _violate_required,
    "properties": _violate_properties,
    "items": _violate_items,
    "allOf": _violate_all,
    "anyOf": _violate_any_of,
    "oneOf": _violate_one_of,
    "not": lambda value, node, _s: iter(satisfying(value, node)),
    "const": lambda value, node, _s: _violate_enum([value], node, _s),
    "enum": _violate_enum,
    "type": _violate_type,
    "dependentRequired": _violate_dependent,
    "dependentSchemas": _violate_dependent,
    "contains": lambda _v, _n, _s: iter([[]]),
    "minimum": lambda value, node, _s: iter([_beyond(value, node, -1)]),
    "maximum": lambda value, node, _s: iter([_beyond(value, node, +1)]),
    "exclusiveMinimum": lambda value, _n, _s: iter([value]),
    "exclusiveMaximum": lambda value, _n, _s: iter([value]),
    "minLength": lambda value, _n, _s: iter(["x" * (value - 1)] if 0 < value <= MOST else []),
    "maxLength": lambda value, _n, _s: iter(["x" * (value + 1)] if value < MOST else []),
    "pattern": lambda value, _n, _s: islice(missing_pattern(value), 2),
    "minItems": lambda value, node, _s: _of_size(value - 1, node),
    "maxItems": lambda value, node, _s: _of_size(value + 1, node),
    "minProperties": lambda value, node, _s: _with_members(value - 1, node),
    "maxProperties": lambda value, node, _s: _with_members(value + 1, node),
}
