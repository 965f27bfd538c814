"""Shapes: the kind of value that a schema describes, as far as parsers and writers need it.

A shape does not say which values are valid; the validator does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from emulator.identity import by_identity
from openapi.json_types import Json, Schema, unescape


class Kind(StrEnum):
    """The kinds of values that parsers distinguish."""

    MESSAGE = "message"  # an object with known keys
    MAP = "map"  # an object with keys of any name and values of one shape
    STRUCT = "struct"  # an object with anything in it
    LIST = "list"
    STRING = "string"
    ENUM = "enum"
    DURATION = "duration"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    ANY = "any"


OBJECTS = frozenset({Kind.MESSAGE, Kind.MAP, Kind.STRUCT})


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """A kind, with what is inside: `properties` of a message, `each` of a map or array, `members` of an enum.

    `name` is that of the definition, for error messages. `keywords` has the first value of each keyword of the `parts`, the
    schemas that apply to the value.
    """

    kind: Kind
    name: str
    nullable: bool
    required: frozenset[str]
    keywords: dict[str, Json]
    parts: tuple[Schema, ...] = ()
    properties: dict[str, Shape] = field(default_factory=dict)
    inside: list[Shape] = field(default_factory=list)

    @property
    def each(self) -> Shape:
        """Return the shape of the items of an array or the values of a map."""
        return self.inside[0]

    @property
    def members(self) -> tuple[Json, ...]:
        """Return the members of an enum, without null."""
        return tuple(member for member in self.keywords.get("enum", ()) if member is not None)

    @property
    def format(self) -> str:
        """Return the stated format, empty if there is none."""
        return str(self.keywords.get("format", ""))


@by_identity(64)
def shape_of(schema: Schema) -> Shape:
    """Return the shape of a self-contained schema in normal form; it is recursive where the schema is."""
    return _Reader(schema).read([schema])


_UNSET_SUFFIX = "_UNSPECIFIED"  # protobuf's style guide: the zero value of an enum, meaning "not set"


def is_unspecified(member: Json) -> bool:
    """Return whether a member of an enum stands for "not set"."""
    return isinstance(member, str) and member.endswith(_UNSET_SUFFIX)


class _Reader:
    """Reads schemas that share a set of definitions; each combination of schemas is read once."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.known: dict[tuple[int, ...], Shape] = {}

    def read(self, schemas: list[Schema]) -> Shape:
        parts, names = self._parts(schemas)
        key = tuple(id(part) for part in parts)
        if key not in self.known:
            shape = self.known[key] = _outline(parts, names, has_others=self._has_others(parts))
            self._fill(shape, parts)
        return self.known[key]

    def _fill(self, shape: Shape, parts: list[Schema]) -> None:
        for name in dict.fromkeys(name for part in parts for name in part.get("properties", ())):
            stated: list[Json] = [part["properties"][name] for part in parts if name in part.get("properties", ())]
            shape.properties[name] = self.read([_NEVER if each is False else each for each in stated])
        # An array that may be of another type too still has items.
        keyword = "additionalProperties" if shape.kind in OBJECTS else "items"
        shape.inside.append(self.read([part[keyword] for part in parts if isinstance(part.get(keyword), dict)]))

    def _parts(self, schemas: list[Schema]) -> tuple[list[Schema], list[str]]:
        """Return all schemas that apply to the same value, and the names of the definitions among them."""
        parts: list[Schema] = []
        names: list[str] = []
        waiting = [schema for schema in schemas if isinstance(schema, dict)]
        while waiting:
            part = waiting.pop(0)
            if any(part is known for known in parts):
                continue
            parts.append(part)
            waiting += [each for each in self._conjuncts(part) if isinstance(each, dict)]
            names += _names(part)
        return parts, names

    def _has_others(self, parts: list[Schema]) -> bool:
        """Return whether an object may have described members beside its properties, which no message knows."""
        named = {name for part in parts for name in part.get("properties", ())}
        inside = [each for part in parts for each in _conditional(part)]
        known = {name for each in inside for part in self._parts([each])[0] for name in part.get("properties", ())}
        others = [part.get("additionalProperties") for part in parts]
        return not known <= named or bool(named and any(isinstance(each, dict) and each for each in others))

    def _conjuncts(self, part: Schema) -> Iterator[Schema]:
        yield from part.get("allOf", ())
        if is_nullable_composite(part):
            yield part["else"]
        if "$ref" in part:
            yield self.root["$defs"][definition(part["$ref"])]


_NEVER: Schema = {"not": {}}  # what a schema that is false says


def _conditional(part: Schema) -> Iterator[Schema]:
    """Yield the schemas that apply to the same object in some cases only."""
    if not is_nullable_composite(part):
        yield from (part[key] for key in ("then", "else") if isinstance(part.get(key), dict))
    yield from (each for key in ("oneOf", "anyOf") for each in part.get(key, ()) if isinstance(each, dict))
    yield from (each for each in part.get("dependentSchemas", {}).values() if isinstance(each, dict))


def definition(reference: str) -> str:
    """Return the name of the definition that a `$ref` leads to."""
    return unescape(reference.removeprefix("#/$defs/"))


def is_nullable_composite(schema: Schema) -> bool:
    """Return whether a schema is the normal form of "null, or something else"."""
    return schema.get("if") == {"type": "null"} and "then" not in schema and "else" in schema


def _names(part: Schema) -> list[str]:
    if "$ref" in part:
        return [definition(part["$ref"])]
    return [part[INLINED]] if INLINED in part else []


INLINED = "x-definition"  # marks a copy of a definition that a fault has changed at one place


def _outline(parts: list[Schema], names: list[str], *, has_others: bool) -> Shape:
    keywords: dict[str, Json] = {}
    for part in parts:
        for keyword, value in part.items():
            keywords.setdefault(keyword, value)
    types = _types(parts)
    nullable = (types is not None and "null" in types) or any(is_nullable_composite(part) for part in parts)
    required = frozenset(name for part in parts for name in part.get("required", ()))
    kind = _kind((types or frozenset()) - {"null"}, keywords, bool(names))
    if (has_others and kind is Kind.MESSAGE) or (kind is Kind.LIST and "prefixItems" in keywords):
        kind = Kind.STRUCT if kind is Kind.MESSAGE else Kind.ANY
    return Shape(
        kind, names[-1] if names else "", nullable or (not types and kind is Kind.ANY), required, keywords, tuple(parts)
    )


def _types(parts: list[Schema]) -> frozenset[str] | None:
    stated = [part["type"] for part in parts if "type" in part]
    sets = [frozenset([each] if isinstance(each, str) else each) for each in stated]
    return frozenset.intersection(*sets) if sets else None


_PLAIN = {"array": Kind.LIST, "integer": Kind.INTEGER, "number": Kind.FLOAT, "boolean": Kind.BOOLEAN}


def _kind(types: frozenset[str], keywords: dict[str, Json], named: bool) -> Kind:
    if types == {"object"} or (not types and "properties" in keywords):
        return _object_kind(keywords, named)
    if types == {"string"} or (not types and _is_of_strings(keywords.get("enum", ()))):
        return _string_kind(keywords)
    return _PLAIN[next(iter(types))] if len(types) == 1 else Kind.ANY


def _is_of_strings(members: Sequence[Json]) -> bool:
    """Return whether an enum without a type has strings alone, and null."""
    return bool(members) and all(isinstance(member, str | None) for member in members)


def _object_kind(keywords: dict[str, Json], named: bool) -> Kind:
    if "patternProperties" in keywords:
        return Kind.STRUCT  # what a member is depends on its name, which no message says
    if keywords.get("properties"):
        return Kind.MESSAGE
    each = keywords.get("additionalProperties")
    if isinstance(each, dict) and each:
        return Kind.MAP
    # A definition without a property is an empty message; free-form objects are described where they stand.
    return Kind.MESSAGE if (named and each is None) or each is False else Kind.STRUCT


def _string_kind(keywords: dict[str, Json]) -> Kind:
    if any(isinstance(member, str) for member in keywords.get("enum", ())):
        return Kind.ENUM
    return Kind.DURATION if _is_duration(keywords.get("pattern")) else Kind.STRING


_DURATIONS, _NO_DURATIONS = ("0s", "30s", "0.5s"), ("30", "30m", "word", "")


def _is_duration(pattern: Json) -> bool:
    """Return whether a pattern is that of protobuf's durations in JSON: seconds, with an `s` at the end."""
    if not isinstance(pattern, str):
        return False
    try:
        expression = re.compile(pattern)
    except re.error:  # a dialect that Python does not support, so not the pattern above
        return False
    return all(map(expression.search, _DURATIONS)) and not any(map(expression.search, _NO_DURATIONS))
