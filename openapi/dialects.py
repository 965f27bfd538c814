"""Schemas of OpenAPI 3.0 and 3.1 as JSON Schema 2020-12, in one normal form.

Normal form: nullable composites are `{"if": {"type": "null"}, "else": REST}`, so that a validator's errors are those of
REST and not of an `anyOf` around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from openapi.errors import BadDescription
from openapi.json_types import Json

Schema: TypeAlias = dict[str, Json]
Dialect: TypeAlias = Callable[[Schema], Schema]

NULL = {"type": "null"}


def or_null(rest: Schema) -> Schema:
    """The normal form of "null, or REST"."""
    return {"if": NULL, "else": rest}


def nullable_rest(schema: Mapping[str, Json]) -> Json | None:
    """REST of the normal form of "null, or REST"; None for any other schema."""
    return schema.get("else") if schema.get("if") == NULL and "then" not in schema else None


def _from_3_0(schema: Schema) -> Schema:
    schema = dict(schema)
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
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
        return _outer(schema, or_null)
    return schema


def _outer(schema: Schema, wrap: Callable[[Schema], Schema]) -> Schema:
    """`wrap` around the constraints of a schema, its annotations left outside."""
    outside = {key: value for key, value in schema.items() if key in _ANNOTATIONS or key.startswith("x-")}
    inside = {key: value for key, value in schema.items() if key not in outside}
    return {**outside, **wrap(inside)}


_ANNOTATIONS = frozenset(
    "title description default deprecated readOnly writeOnly examples externalDocs xml discriminator".split()
)


def _from_3_1(schema: Schema) -> Schema:
    if "example" in schema:
        schema = {key: value for key, value in schema.items() if key != "example"} | {
            "examples": [*schema.get("examples", []), schema["example"]]
        }
    return schema


def unwrap_null(schema: Schema) -> Schema:
    """`anyOf`/`oneOf` of null and one other schema, in normal form; any other schema as it is."""
    for keyword in ("anyOf", "oneOf"):
        branches = schema.get(keyword)
        if not isinstance(branches, list) or "if" in schema:
            continue
        rest = [branch for branch in branches if not is_null(branch)]
        if len(rest) == 1 and len(branches) > 1:
            other = {key: value for key, value in schema.items() if key != keyword}
            return _outer({**other, "allOf": [*other.get("allOf", []), rest[0]]}, or_null)
    return schema


def is_null(schema: Json) -> bool:
    """Whether a schema admits null and nothing else."""
    return isinstance(schema, dict) and (schema.get("type") == "null" or schema.get("enum") == [None])


_DIALECTS: dict[str, Dialect] = {"3.0": _from_3_0, "3.1": _from_3_1}


def dialect_of(root: Mapping[str, Json], name: str) -> Dialect:
    """How to read the schemas of a description. BadDescription unless it is OpenAPI 3.0 or 3.1."""
    version = root.get("openapi")
    if isinstance(version, str) and version[:3] in _DIALECTS:
        return _DIALECTS[version[:3]]
    if "swagger" in root:
        problem = f"it is OpenAPI {root['swagger']}; versions 3.0 and 3.1 are understood (swagger2openapi converts)"
    else:
        problem = f"`openapi` is {version!r}; versions 3.0 and 3.1 are understood"
    raise BadDescription(name, "/openapi", problem)
