"""Schemas and values that Hypothesis makes up, equal enough for the one to fit the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.openapi.synthetic import Object

NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 2, 3, 1.5, -1, "", "a", "b", "ab", "abc"])
VALUES: SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("dd"), inner, max_size=3), max_leaves=5
)
_SIZES = st.integers(0, 2)
_KINDS = st.sampled_from(["string", "integer", "number", "boolean", "object", "array"])
# Null stands beside a type only: `oneOf` of null and what null satisfies too is read as if it admitted null.
_MEMBERS = SCALARS.filter(lambda value: value is not None)
Schemas: TypeAlias = SearchStrategy[Any]

_LEAVES: dict[str, SearchStrategy[Any]] = {
    "type": _KINDS | st.lists(_KINDS, min_size=1, max_size=2, unique=True) | _KINDS.map(lambda kind: [kind, "null"]),
    "enum": st.lists(_MEMBERS, min_size=1, max_size=3, unique_by=repr),
    "const": _MEMBERS,
    **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], st.sampled_from([0, 1, 1.5])),
    "multipleOf": st.sampled_from([1, 2, 0.5]),
    **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"], _SIZES),
    "pattern": st.sampled_from(["^a", "b$", "^[ab]*$"]),
    "uniqueItems": st.booleans(),
    "required": st.lists(NAMES, max_size=2, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
    "additionalProperties": st.just(False),
}
_NESTED: dict[str, Callable[[Schemas], SearchStrategy[Any]]] = {
    "properties": lambda inner: st.dictionaries(NAMES, inner, max_size=3),
    "dependentSchemas": lambda inner: st.dictionaries(NAMES, inner, max_size=2),
    **dict.fromkeys(["allOf", "anyOf", "oneOf"], lambda inner: st.lists(inner, min_size=1, max_size=2)),
    **dict.fromkeys(["items", "additionalProperties", "not", "contains", "propertyNames", "if"], lambda inner: inner),
}


def schemas(*, without: frozenset[str] = frozenset()) -> Schemas:
    """Schemas of every keyword that makes a rule, but for those in `without`."""
    leaves = {key: each for key, each in _LEAVES.items() if key not in without}
    leaf = st.fixed_dictionaries({}, optional=leaves).map(_few)

    def around(inner: Schemas) -> Schemas:
        nested = {key: make(inner) for key, make in _NESTED.items() if key not in without}
        return st.builds(_both, leaf, st.fixed_dictionaries({}, optional={**nested, "then": inner, "else": inner}).map(_few))

    return st.recursive(leaf | st.booleans(), around, max_leaves=5).filter(_may_be_satisfied)


def _may_be_satisfied(schema: Any) -> bool:
    """Return whether a schema does not refuse everything at once: a description of such a body is refused."""
    return schema is not False and not (isinstance(schema, dict) and schema.get("not") in (True, {}))


def _few(members: Object) -> Object:
    """The first few of the keywords, so that a schema can be satisfied now and then."""
    return dict(list(members.items())[:3])


def _both(one: Object, other: Object) -> Object:
    both = {**one, **other}
    return both if "if" in both else {key: value for key, value in both.items() if key not in ("then", "else")}
