"""Leave out rules of an operation about members that its description lacks.

An overlay is written for one version of a description. On another version its rules about a member that came later, or went,
say nothing: a server of that version refuses the member for being unknown, and the rule would accuse it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from openapi.json_types import Json, Schema, tokens
from openapi.schema.nodes import Node, tree

_SAME = ("not", "if", "then", "else")
_SAME_LISTS = ("allOf", "anyOf", "oneOf")
_RULES = ("x-request-rules", "x-exchange-rules")


@dataclass(frozen=True)
class Described:
    """The members that a version describes: the request body, the response, and the names of the query parameters."""

    body: Schema
    response: Schema
    query: Collection[str]


def applicable(extensions: Mapping[str, Json], described: Described) -> tuple[dict[str, Json], list[str]]:
    """Return the extensions of an operation without rules about missing members, and a line on each left-out rule."""
    kept, notes = dict(extensions), []
    sides = {"body": tree(described.body), "response": tree(described.response)}
    for extension in _RULES:
        rules = []
        for rule in extensions.get(extension, ()):
            missing = next(_missing(rule, sides, described.query), None)
            if missing is None:
                rules.append(rule)
            else:
                notes.append(f"{rule.get('source', extension)}: {rule['id']} is left out, since there is no {missing}")
        if extension in kept:
            kept[extension] = rules
    parent = extensions.get("x-parent-call")
    if parent and parent["parameter"] not in described.query:
        del kept["x-parent-call"]
        where = parent.get("source", "x-parent-call")
        notes.append(f"{where}: the parent is left out, since there is no {parent['parameter']} in the query")
    return kept, notes


def without_missing(schema: Schema) -> tuple[dict[str, Json], list[str]]:
    """Return a schema without the named rules (`x-rule`) on members that it lacks, and a line on each left-out rule."""
    notes: list[str] = []
    pruned: dict[str, Json] = _pruned(schema, notes)
    return pruned, notes


def _pruned(value: Json, notes: list[str]) -> Json:
    if isinstance(value, list):
        return [_pruned(each, notes) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _pruned(inside, notes) for key, inside in value.items()}
    known = value.get("properties")
    if isinstance(known, dict) and known and isinstance(value.get("allOf"), list):
        rules = [(each, _unknown(each, known)) for each in kept["allOf"]]
        kept["allOf"] = [each for each, unknown in rules if not unknown] or [{}]
        for each, unknown in rules:
            if unknown:
                about = each.get("x-rules", {}).get(each["x-rule"], {})
                where = about.get("source", "x-rule")
                notes.append(f"{where}: {each['x-rule']} is left out, since there is no {unknown[0]}")
    return kept


def _unknown(schema: Json, known: Mapping[str, Json]) -> list[str]:
    if not isinstance(schema, dict) or not isinstance(schema.get("x-rule"), str):
        return []
    return [name for each in _alternatives(schema) for name in _names(each) if name not in known]


def _missing(rule: Mapping[str, Json], sides: Mapping[str, Node], query: Collection[str]) -> Iterator[str]:
    for key in ("schema", "when", "then"):
        yield from _in_whole(rule.get(key), sides, query)
    equal = rule.get("equal") or {}
    if "response" in equal:
        yield from _at(tokens(equal["response"]), sides["response"], "response")
    side, *rest = tokens(equal.get("request", "")) or ("",)
    if side == "body":
        yield from _at(rest, sides["body"], "body")
    elif side == "query" and rest and rest[0] not in query:
        yield f"{rest[0]} in the query"


def _in_whole(schema: Json, sides: Mapping[str, Node], query: Collection[str]) -> Iterator[str]:
    """Yield what a schema for query, body and response together mentions and the description lacks."""
    for each in _alternatives(schema):
        for side, inside in each.get("properties", {}).items():
            if side == "query":
                names = (name for part in _alternatives(inside) for name in _names(part))
                yield from (f"{name} in the query" for name in names if name not in query)
            elif side in sides:
                yield from _in_side(inside, sides[side], side)


def _in_side(schema: Json, node: Node, path: str) -> Iterator[str]:
    for each in _alternatives(schema):
        for name in _names(each):
            if name not in node.properties and node.properties:
                yield f"{path}.{name}"
        for name, inside in each.get("properties", {}).items():
            if name in node.properties:
                yield from _in_side(inside, node.properties[name], f"{path}.{name}")
        if node.each is not None and "items" in each:
            yield from _in_side(each["items"], node.each, f"{path}.*")


def _at(path: Collection[str], node: Node, shown: str) -> Iterator[str]:
    for step in path:
        if not node.properties:
            return
        if step not in node.properties:
            yield f"{shown}.{step}"
            return
        node, shown = node.properties[step], f"{shown}.{step}"


def _names(schema: Mapping[str, Json]) -> Iterator[str]:
    """Yield the members that a schema requires or constrains; that one must be absent is true where there is none."""
    yield from schema.get("required", ())
    yield from (name for name, inside in schema.get("properties", {}).items() if inside is not False)


def _alternatives(schema: Json) -> Iterator[Mapping[str, Json]]:
    """Yield a schema and the schemas in it that are about the same value."""
    if isinstance(schema, Mapping):
        yield schema
        for key in _SAME:
            yield from _alternatives(schema.get(key))
        for key in _SAME_LISTS:
            for each in schema.get(key, ()):
                yield from _alternatives(each)
