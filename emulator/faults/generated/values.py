"""Other values: of the same kind as a given one, and as valid."""

from __future__ import annotations

from collections.abc import Callable

from emulator.value_kinds import is_unspecified
from openapi.json_types import Json
from openapi.schema.nodes import Node


def other_value(node: Node) -> Callable[[Json], Json]:
    """Return a function from a value of the member to another one."""
    members = [each for each in node.get("enum") or () if isinstance(each, str) and not is_unspecified(each)]
    if members:
        return lambda value: next((each for each in members if each != value), value)
    return lambda value: _other(node, value)


def _other(node: Node, value: Json) -> Json:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return _number(node, value)
    if isinstance(value, str):
        return _text(node, value)
    if isinstance(value, list):
        return value[:-1] if value else [None]
    if isinstance(value, dict):
        return _object(node, value)
    return value


def _number(node: Node, value: float) -> float:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return float(low if abs(value - low) > abs(value - high) else high)
    return value + 1


def _text(node: Node, value: str) -> str:
    if node.get("pattern") is not None and value.endswith("s"):
        return "7s" if value != "7s" else "8s"
    return f"{value[:-1]}y" if value.endswith("x") else f"{value[:-1]}x"


def _object(node: Node, value: dict[str, Json]) -> dict[str, Json]:
    """Return the object without its last member, or with that member changed if the object may have only one."""
    if node.properties and len(value) == 1:
        name = next(iter(value))
        inner = node.properties.get(name)
        return {name: other_value(inner)(value[name])} if inner and value[name] not in ({}, None) else {"other": {}}
    return dict(list(value.items())[:-1]) if value else {"other": 1}
