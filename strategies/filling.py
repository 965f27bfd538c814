"""Filling: a body that breaks a rule, with all else that may stand around the breach, since servers look away for company."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, Path
from openapi.nodes import Node
from openapi.oracle import Oracle
from strategies.bodies import at, is_sure, with_value
from strategies.ordinary import simplest

_DEEP = 4  # levels below the breach that are filled


def filled_out(oracle: Oracle, body: Json, path: Path, rule: str) -> Json:
    """The body with every member in the object at `path` and in those below it, as far as the rule stays broken alone."""
    return _filled(oracle, body, path, rule, _DEEP)


def lopsided(oracle: Oracle, body: Json, path: Path, rule: str) -> Iterator[Json]:
    """Of two members that exclude each other, the body with content in the one and none in the other."""
    value = at(body, path)
    members = [name for name in value if value[name] == {}] if isinstance(value, dict) and len(value) == 2 else []
    for name in members:
        yield _filled(oracle, body, (*path, name), rule, 1)


def _filled(oracle: Oracle, body: Json, path: Path, rule: str, levels: int) -> Json:
    node = oracle.root.at(path)
    if node is None or levels == 0:
        return body
    if isinstance(value := at(body, path), list):
        for index in range(min(len(value), 2)):
            body = _filled(oracle, body, (*path, index), rule, levels)
    elif isinstance(value, dict) and node.is_message:
        for name in _to_add(node, value) if path else ():
            candidate = with_value(body, (*path, name), simplest(node.properties[name]))
            if list(oracle.broken(candidate)) == [rule]:
                body = candidate
        for name in at(body, path):
            body = _filled(oracle, body, (*path, name), rule, levels - 1)
    return body


def _to_add(node: Node, value: dict[str, Json]) -> list[str]:
    """The members that are not there and may be sent."""
    return [name for name, each in node.properties.items() if name not in value and not each.get("x-hazard") and is_sure(each)]
