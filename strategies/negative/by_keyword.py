"""Invalid values for a place, keyword by keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Constraint, Node
from strategies.negative.containers import MEMBERS, missing
from strategies.negative.invalid_value import InvalidValue
from strategies.negative.scalars import SCALARS
from strategies.values.fragments import violating

__all__ = ["COMPOSITE", "INVALID", "InvalidValue", "fragment_of", "invalid_fragments", "missing"]


def _composite(node: Node, constraint: Constraint) -> Iterator[InvalidValue]:
    yield from invalid_fragments(node, fragment_of(node, constraint))


def fragment_of(node: Node, constraint: Constraint) -> dict[str, Json]:
    """Return a keyword together with the keywords that only modify it."""
    part = next((each.schema for each in node.parts if each.schema.get(constraint.keyword) == constraint.value), {})
    found = {key: part[key] for key in _TOGETHER.get(constraint.keyword, ()) if key in part}
    return {**found, constraint.keyword: constraint.value}


_TOGETHER = {"if": ("then", "else"), "contains": ("minContains", "maxContains")}


def invalid_fragments(node: Node, fragment: Json) -> Iterator[InvalidValue]:
    """Yield values that violate a fragment of a schema, by construction."""
    return (InvalidValue(value, _shown(value)) for value in violating(fragment, node))


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        return "with " + " and ".join(value) if value else "with none"
    return str(value)[:60]


COMPOSITE = ("oneOf", "anyOf", "not", "if", "dependentRequired", "dependentSchemas", "contains")
INVALID: dict[str, Callable[[Node, Constraint], Iterator[InvalidValue]]] = {
    **SCALARS,
    **MEMBERS,
    **dict.fromkeys(COMPOSITE, _composite),
}
