"""Schemas of OpenAPI 3.0 and 3.1 as JSON Schema 2020-12, in one normal form (`openapi/schema/normal_form`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from openapi.errors import InvalidDescription
from openapi.json_types import Json
from openapi.schema.normal_form import is_null, or_null

Schema: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The schemas of one OpenAPI version: `own` finds a keyword that JSON Schema lacks or defines otherwise.

    `ignored` are the keywords of a schema that say nothing where they stand.
    """

    normal: Callable[[Schema], Schema]
    own: Callable[[str, Json], bool]
    ignored: Callable[[Schema], list[str]]


def _from_3_0(schema: Schema) -> Schema:
    schema = dict(schema)
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
    if "example" in schema:
        schema["examples"] = [*schema.get("examples", []), schema.pop("example")]
    if schema.pop("nullable", False) is True:
        schema = _nullable(schema)
    return schema


def _nullable(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    if any(key in schema for key in ("$ref", "allOf", "anyOf", "oneOf", "enum")):
        return _or_null(schema)
    return schema


def _or_null(schema: Schema) -> Schema:
    """Return the normal form of "null, or this"; annotations stay outside and keep the origin of their keywords."""
    outside = {key: value for key, value in schema.items() if key in _ANNOTATIONS or key.startswith("x-")}
    inside = {key: value for key, value in schema.items() if key not in outside or key == "x-rules"}
    return {**outside, **or_null(inside)}


def null_or_all_of(schema: Schema, followed: Callable[[Json], Json]) -> Schema | None:
    """Return "null, or what `allOf` says" for `type: null` beside an `allOf` that excludes null; None for any other schema.

    Nothing satisfies both; generators write it for a reference that may be null. `followed` gives the schema of a reference.
    """
    parts = [followed(each) for each in schema.get("allOf", ())]
    excludes_null = any(isinstance(each, dict) and each.get("type") in _NOT_NULL for each in parts)
    if schema.get("type") not in ("null", ["null"]) or not excludes_null:
        return None
    return _or_null({key: value for key, value in schema.items() if key != "type"})


_NOT_NULL = ("object", "array", "string", "number", "integer", "boolean")
_ANNOTATIONS = frozenset(
    [
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "externalDocs",
        "xml",
        "discriminator",
    ]
)


def _beside_reference(schema: Schema) -> list[str]:
    """Return what stands beside a reference, which OpenAPI 3.0 ignores (4.7.23), but for what describes or widens."""
    kept = _ANNOTATIONS | {"$ref", "nullable", "example"}
    return [key for key in schema if key not in kept and not key.startswith("x-")] if "$ref" in schema else []


def _from_3_1(schema: Schema) -> Schema:
    if "example" in schema:
        schema = {key: value for key, value in schema.items() if key != "example"} | {
            "examples": [*schema.get("examples", []), schema["example"]]
        }
    return schema


def unwrap_null(schema: Schema) -> Schema:
    """Return `anyOf`/`oneOf` of null and one other schema in normal form, and any other schema unchanged."""
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        if not isinstance(branches, list) or "if" in schema:
            continue
        rest = [branch for branch in branches if not is_null(branch)]
        if len(rest) == 1 and len(branches) > 1:
            # What stands beside holds for null as well, so it stays beside.
            other = {key: value for key, value in schema.items() if key != keyword}
            return {**other, **or_null({"allOf": rest})}
    return schema


_DIALECTS: dict[str, Dialect] = {
    "3.0": Dialect(_from_3_0, lambda key, value: key.startswith("exclusive") and isinstance(value, bool), _beside_reference),
    "3.1": Dialect(_from_3_1, lambda _key, _value: False, lambda _schema: []),
    "3.2": Dialect(_from_3_1, lambda _key, _value: False, lambda _schema: []),  # its schemas are those of 3.1
}


def dialect_of(root: Mapping[str, Json], name: str) -> Dialect:
    """Return the dialect of a description. InvalidDescription unless its version is known."""
    version = root.get("openapi")
    known = _DIALECTS.get(".".join(version.split(".")[:2])) if isinstance(version, str) else None
    if known is not None:
        return known
    if "swagger" in root:
        problem = f"it is OpenAPI {root['swagger']}; versions 3.0, 3.1 and 3.2 are understood (swagger2openapi converts)"
    else:
        problem = f"`openapi` is {version!r}; versions 3.0, 3.1 and 3.2 are understood"
    raise InvalidDescription(name, "#/openapi", problem)
