"""Wrong values for a place, keyword by keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Constraint, Node
from strategies.negative.containers import MEMBERS, missing
from strategies.negative.invalid_value import Wrong
from strategies.negative.scalars import SCALARS
from strategies.values.fragments import breaking

__all__ = ["COMPOSITE", "WRONG", "Wrong", "fragment_of", "fragment_wrongs", "missing"]


def _composite(node: Node, constraint: Constraint) -> Iterator[Wrong]:
    yield from fragment_wrongs(node, fragment_of(node, constraint))


def fragment_of(node: Node, constraint: Constraint) -> dict[str, Json]:
    """A keyword with those that say no more than how it is meant."""
    part = next((each.schema for each in node.parts if each.schema.get(constraint.keyword) == constraint.value), {})
    found = {key: part[key] for key in _TOGETHER.get(constraint.keyword, ()) if key in part}
    return {**found, constraint.keyword: constraint.value}


_TOGETHER = {"if": ("then", "else"), "contains": ("minContains", "maxContains")}


def fragment_wrongs(node: Node, fragment: Json) -> Iterator[Wrong]:
    """Values that break a fragment of a schema, by construction."""
    return (Wrong(value, _shown(value)) for value in breaking(fragment, node))


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        return "with " + " and ".join(value) if value else "with none"
    return str(value)[:60]


COMPOSITE = ("oneOf", "anyOf", "not", "if", "dependentRequired", "dependentSchemas", "contains")
WRONG: dict[str, Callable[[Node, Constraint], Iterator[Wrong]]] = {
    **SCALARS,
    **MEMBERS,
    **dict.fromkeys(COMPOSITE, _composite),
}
