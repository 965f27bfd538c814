"""The rule of each keyword of a schema: its area, and its sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from openapi.json_types import Json
from openapi.rules import Area

Sentence = Callable[[str, Json], str]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword that becomes a rule: `sentence(field, value)` is its requirement."""

    area: Area
    sentence: Sentence


def _says(text: str, area: Area = Area.CONSTRAINT) -> Keyword:
    return Keyword(area, lambda field, value: text.format(field=field, value=_shown(value)))


def _counts(text: str, noun: str) -> Keyword:
    """Return a keyword that bounds a number of things, with the noun in the singular for one."""
    return Keyword(
        Area.CONSTRAINT,
        lambda field, value: text.format(field=field, things=f"{_shown(value)} {noun if value == 1 else noun + 's'}"),
    )


def _shown(value: Json) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "..."


def _type(field: str, value: Json) -> str:
    names = [value] if isinstance(value, str) else list(value)
    articles = ["null" if name == "null" else ("an " if name[0] in "aeiou" else "a ") + name for name in names]
    return f"{field} MUST be {' or '.join(articles)}."


def _required_properties(field: str, value: Json) -> str:
    return f"{field} MUST have {_shown(value)}."


def _refers(field: str, value: Json) -> str:
    names = [source for each in value for source in each["names"]]
    return f"In {field} names MUST refer to what is there: those at {_places(names)}."


def _duration(field: str, value: Json) -> str:
    bounds = [f"at {word} {value[key]}" for key, word in (("minimum", "least"), ("maximum", "most")) if key in value]
    return f"{field} MUST be a duration of {' and '.join(bounds)}."


def _distinct(field: str, value: Json) -> str:
    return f"In {field} names MUST differ from each other: those at {_places(value)}."


def _places(sources: list[Json]) -> str:
    """Return the sources of names, each as a pointer."""
    return " and ".join(each if isinstance(each, str) else each["at"] + each.get("name", "") for each in sources)


KEYWORDS: dict[str, Keyword] = {
    "type": Keyword(Area.CONSTRAINT, _type),
    "enum": _says("{field} MUST be one of {value}.", Area.ENUM),
    "const": _says("{field} MUST be {value}.", Area.ENUM),
    "minimum": _says("{field} MUST be at least {value}."),
    "maximum": _says("{field} MUST be at most {value}."),
    "exclusiveMinimum": _says("{field} MUST be greater than {value}."),
    "exclusiveMaximum": _says("{field} MUST be less than {value}."),
    "multipleOf": _says("{field} MUST be a multiple of {value}."),
    "minLength": _counts("{field} MUST be at least {things} long.", "character"),
    "maxLength": _counts("{field} MUST be at most {things} long.", "character"),
    "pattern": _says("{field} MUST match {value}."),
    "format": _says("{field} MUST be a valid {value}."),
    "minItems": _counts("{field} MUST have at least {things}.", "element"),
    "maxItems": _counts("{field} MUST have at most {things}.", "element"),
    "uniqueItems": _says("The elements of {field} MUST be different from each other."),
    "contains": _says("{field} MUST contain an element that satisfies {value}."),
    "prefixItems": _says("{field} MUST begin with elements that satisfy {value}, in this order."),
    "items": _says("{field} MUST have no further elements."),
    "unevaluatedItems": _says("Elements of {field} that nothing else is said of MUST satisfy {value}."),
    "patternProperties": _says("The members of {field} MUST satisfy what is said of their names: {value}."),
    "minProperties": _counts("{field} MUST have at least {things}.", "member"),
    "maxProperties": _counts("{field} MUST have at most {things}.", "member"),
    "propertyNames": _says("Each key of {field} MUST satisfy {value}."),
    "dependentRequired": _says("{field} MUST have the members that others of its members need: {value}.", Area.CROSS_FIELD),
    "dependentSchemas": _says("{field} MUST satisfy what its members ask of it: {value}.", Area.CROSS_FIELD),
    "oneOf": _says("{field} MUST satisfy exactly one of {value}.", Area.CROSS_FIELD),
    "anyOf": _says("{field} MUST satisfy at least one of {value}.", Area.CROSS_FIELD),
    "not": _says("{field} MUST NOT satisfy {value}.", Area.CROSS_FIELD),
    "if": _says("{field} MUST satisfy what follows from its own members: if {value}.", Area.CROSS_FIELD),
    "additionalProperties": _says("{field} MUST have no other members."),
    "unevaluatedProperties": _says("Members of {field} that nothing else is said of MUST satisfy {value}."),
    "x-unique-by": _says("The elements of {field} MUST have different names ({value}).", Area.CROSS_FIELD),
    "x-covers": _says("{field} MUST cover every name: {value}.", Area.CROSS_FIELD),
    "x-refers": Keyword(Area.CROSS_FIELD, _refers),
    "x-distinct": Keyword(Area.CROSS_FIELD, _distinct),
    "x-duration": Keyword(Area.CONSTRAINT, _duration),
}

# Formats that constrain a value: those of JSON Schema 2020-12, and the integers of OpenAPI.
FORMATS = frozenset(
    (
        "int32 int64 date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri "
        "iri-reference uuid uri-template json-pointer relative-json-pointer regex"
    ).split()
)
# Formats by which a value is stored or shown: nothing follows for the value.
NO_FORMATS = frozenset({"enum", "float", "double", "password"})

# Annotations by JSON Schema 2020-12 that say something of values all the same.
UNASSERTED = frozenset({"contentMediaType", "contentEncoding", "contentSchema"})

# Understood, but no rule of its own: annotations, and keywords that the tree or another keyword speaks for.
SILENT = frozenset(
    [
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
        "discriminator",
        "$comment",
        "$schema",
        "$id",
        "then",
        "else",
        "minContains",
        "maxContains",
    ]
)


def makes_rule(keyword: str, value: Json) -> bool:
    """Return whether a keyword with this value is a rule."""
    if keyword == "format":
        return value in FORMATS
    if keyword in ("additionalProperties", "items", "uniqueItems"):
        return bool(value is (keyword == "uniqueItems"))
    if keyword in ("unevaluatedProperties", "unevaluatedItems", "patternProperties"):
        return value not in (True, {})
    return keyword in KEYWORDS


def note_of(keyword: str, value: Json) -> str | None:
    """Return why a keyword has no rule; None if it has one, or if no rule follows from it by its definition."""
    if keyword == "format" and value not in FORMATS and value not in NO_FORMATS:
        return f"format {value!r} is not asserted"
    if keyword in UNASSERTED:
        return f"keyword {keyword!r} is not asserted"
    known = keyword in KEYWORDS or keyword in SILENT or keyword.startswith("x-")
    return None if known else f"keyword {keyword!r} is not understood"
