"""Joining the schema of canonical values with a further one, so that the validator walks over a body once.

The joined schema may be narrower than its parts, never wider: a body that it refuses is parsed and validated step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from emulator.value_kinds import OBJECTS, Kind, Shape, is_nullable_composite
from openapi.json_types import Json

Schema = dict[str, Json]

_SAYS_NOTHING = frozenset("$comment $defs default deprecated description example examples readOnly title writeOnly".split())
# Keywords whose meaning depends on others beside them, which must not come from another schema.
_DEPENDENT = frozenset(
    "additionalItems additionalProperties allOf contains else if items maxContains minContains patternProperties prefixItems "
    "properties then unevaluatedItems unevaluatedProperties".split()
)
# Formats of OpenAPI and of protobuf's enums, which no validator knows: ranges stand beside them.
_NO_FORMATS = frozenset({"double", "enum", "float", "int32", "int64"})
_NARROWER: dict[str, Callable[[Json, Json], Json]] = {"minimum": max, "maximum": min}
# By kind the keyword that describes what is inside, and those beside which it must stay.
_INSIDE: dict[Kind, tuple[str, frozenset[str]]] = {
    Kind.MESSAGE: ("properties", frozenset({"additionalProperties", "patternProperties", "unevaluatedProperties"})),
    Kind.MAP: ("additionalProperties", frozenset({"properties", "patternProperties"})),
    Kind.LIST: ("items", frozenset({"additionalItems", "prefixItems"})),
}


def each_reported(shape: Shape, reported: Shape | None) -> Shape | None:
    """Return the further shape of the items of an array or the values of a map; None if it is of another kind."""
    return reported.each if reported is not None and _are_of_one_kind(shape, reported) else None


def _are_of_one_kind(shape: Shape, reported: Shape) -> bool:
    return (shape.kind in OBJECTS) == (reported.kind in OBJECTS)


def left(part: Mapping[str, Json], own: Schema, shape: Shape, reported: Shape) -> Schema:
    """Return the keywords of a part of `reported` that neither `own`, the canonical schema, nor a joined schema states."""
    taken = set(_SAYS_NOTHING)
    inside, alongside = _INSIDE.get(shape.kind, ("", frozenset()))
    if isinstance(part.get(inside), dict) and alongside.isdisjoint(part) and _are_of_one_kind(shape, reported):
        taken.add(inside)
    # The schemas that these refer to are parts of their own.
    taken |= {"$ref"} | ({"if", "else"} if is_nullable_composite(part) else set())
    if all(isinstance(each, dict) for each in part.get("allOf", ())):
        taken.add("allOf")
    if _type_of(own) in _as_array(part.get("type")):
        taken.add("type")
    if part.get("format") in _NO_FORMATS:
        taken.add("format")
    # repr distinguishes true from 1, which are equal to Python.
    taken |= {keyword for keyword in part.keys() & own.keys() - _DEPENDENT if repr(part[keyword]) == repr(own[keyword])}
    return {keyword: value for keyword, value in part.items() if keyword not in taken}


def _type_of(own: Schema) -> Json:
    """Return the type of every canonical value, stated or that of an enum of strings."""
    members = own.get("enum", ())
    return "string" if members and all(isinstance(each, str) for each in members) else own.get("type")


def _as_array(types: Json) -> list[Json]:
    return types if isinstance(types, list) else [types]


def joined(own: Schema, others: Iterable[Mapping[str, Json]]) -> Schema:
    """Return one schema for values that satisfy all of these; keywords that two of them have go into `allOf`."""
    together, apart = dict(own), list(own.get("allOf", ()))
    for other in others:
        each = _within(together, other)
        if each.keys().isdisjoint(together) and each.keys().isdisjoint(_DEPENDENT):
            together |= each
        elif each:
            apart.append(each)
    return together | {"allOf": apart} if apart else together


def _within(together: Schema, other: Mapping[str, Json]) -> Schema:
    """Put the narrower of two bounds into `together`, and return the rest of the other schema."""
    shared = [name for name in _NARROWER if _is_number(together.get(name)) and _is_number(other.get(name))]
    together.update({name: _NARROWER[name](together[name], other[name]) for name in shared})
    return {keyword: value for keyword, value in other.items() if keyword not in shared}


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
