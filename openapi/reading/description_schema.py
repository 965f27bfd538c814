"""Check the parts of a description against the form that they need to be read (`description_schema.yaml`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NoReturn

import jsonschema_rs
import yaml

from openapi.errors import InvalidDescription
from openapi.json_types import Json, pointer

_SHAPES = Path(__file__).parent / "description_schema.yaml"
_META_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_STANDALONE = ("x-implementation-defined", "x-lenient", "schema", "when", "then")  # schemas that are used on their own


def check(shape: str, value: Json, document: str, place: str) -> None:
    """Raise InvalidDescription with document and place unless `value` has the named form."""
    for error in _validator(shape).iter_errors(value):
        _fail(error, document, place)


def check_schema(schema: dict[str, Json], document: str, place: str) -> None:
    """Raise InvalidDescription unless every keyword of the schema is well formed; sub-schemas are not checked."""
    for name in ("meta-schema", "extensions"):
        check(
            name,
            {key: _hollow(key, value) for key, value in schema.items() if key != "$ref"},
            document,
            place,
        )
    for key in _STANDALONE[:2]:
        if key in schema:
            check_standalone(schema[key], document, f"{place}/{key}")


def check_rules(rules: Json, document: str, place: str) -> None:
    """Raise InvalidDescription unless the schemas of `x-request-rules` or `x-exchange-rules` are usable as they are."""
    for index, rule in enumerate(rules):
        for key in _STANDALONE:
            if key in rule:
                check_standalone(rule[key], document, f"{place}/{index}/{key}")


def check_standalone(schema: Json, document: str, place: str) -> None:
    """Raise InvalidDescription unless a validator can be made of the schema without any other."""
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        problem = str(error).splitlines()[0]
        raise InvalidDescription(document, f"#{place}", f"it is no JSON Schema that stands alone: {problem}") from error


@cache
def _validator(shape: str) -> jsonschema_rs.Validator:
    shapes = yaml.load(_SHAPES.read_text(encoding="utf-8"), yaml.CSafeLoader)
    reference = _META_SCHEMA if shape == "meta-schema" else f"#/$defs/{shape}"
    return jsonschema_rs.Draft202012Validator({"$ref": reference, **shapes}, validate_formats=True)


# Where schemas stand inside a schema (JSON Schema 2020-12 and before): alone, in a list, in a map.
SINGLE = frozenset(
    [
        "items",
        "additionalProperties",
        "additionalItems",
        "propertyNames",
        "contains",
        "not",
        "if",
        "then",
        "else",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    ]
)
LISTS = frozenset(["allOf", "anyOf", "oneOf", "prefixItems"])
MAPS = frozenset(["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"])


def _hollow(key: str, value: Json) -> Json:
    """Return the value of a keyword with every sub-schema, which is read later, as `{}`."""
    if key in SINGLE:
        return _blank(value)
    if key in LISTS and isinstance(value, list):
        return [_blank(each) for each in value]
    if key in MAPS and isinstance(value, dict):
        return {name: _blank(each) for name, each in value.items()}
    return value


def _blank(value: Json) -> Json:
    return {} if isinstance(value, dict) else value


def _fail(error: jsonschema_rs.ValidationError, document: str, place: str) -> NoReturn:
    kinds = jsonschema_rs.ValidationErrorKind
    value, problem = _short(error.instance), error.message
    if isinstance(error.kind, kinds.Type):
        problem = f"{value} is not of type {' or '.join(error.kind.types)}"
    elif isinstance(error.kind, kinds.AnyOf | kinds.OneOfNotValid):
        problem = f"{value} cannot stand here"
    elif isinstance(error.kind, kinds.Format):
        problem = f"{value} is no {error.kind.format}"
    raise InvalidDescription(document, f"#{place}{pointer(*error.instance_path)}", problem[:300]) from error


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
