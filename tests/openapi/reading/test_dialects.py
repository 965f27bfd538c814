"""OpenAPI 3.0 and 3.1 say the same in different words, and both become JSON Schema 2020-12."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.catalogue import Catalogue, catalogue_of
from openapi.errors import InvalidDescription
from openapi.reading.dialects import dialect_of, unwrap_null
from openapi.schema.normal_form import nullable_rest
from openapi.schema.oracle import Oracle
from tests.openapi.schemas import VALUES, schemas
from tests.openapi.synthetic import Object, description, loaded, overlay

OTHER: Object = {"Other": {"type": "object", "properties": {"x": {"type": "integer", "minimum": 1}}}}
REF = {"$ref": "#/components/schemas/Other"}
# The same field in 3.0 and in 3.1.
PAIRS: list[tuple[Object, Object]] = [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "string", "nullable": False}, {"type": "string"}),
    ({"type": "string", "nullable": True, "enum": ["a", "b"]}, {"type": ["string", "null"], "enum": ["a", "b", None]}),
    ({"type": "string", "nullable": True, "enum": ["a", None]}, {"type": ["string", "null"], "enum": ["a", None]}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
    ({"type": "number", "maximum": 1, "exclusiveMaximum": True}, {"type": "number", "exclusiveMaximum": 1}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": False}, {"type": "number", "minimum": 1}),
    ({"type": "number", "exclusiveMaximum": True}, {"type": "number"}),
    ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
    ({"type": "string", "example": "a"}, {"type": "string", "example": "a"}),
    ({"nullable": True, "allOf": [REF]}, {"oneOf": [REF, {"type": "null"}]}),
    ({"nullable": True, "allOf": [REF]}, {"anyOf": [{"type": "null"}, REF]}),
    ({"nullable": True, "oneOf": [REF, {"enum": [None]}]}, {"oneOf": [REF, {"type": "null"}]}),
    ({"nullable": True, "allOf": [REF], "default": None}, {"oneOf": [REF, {"const": None}], "default": None}),
]


def catalogue(version: str, field: Object) -> Catalogue:
    body = {"type": "object", "properties": {"field": field}}
    return catalogue_of(loaded(description(body, body, version=version, components={"schemas": OTHER})))


@cache
def request(version: str, field: str) -> Object:
    """Return the schema of the body: made once for all values that are tried."""
    return dict(catalogue(version, json.loads(field)).contract.request)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_both_versions_make_the_same_rules(old: Object, new: Object) -> None:
    one, other = catalogue("3.0.3", old), catalogue("3.1.0", new)
    reported = [(rule.id, rule.requirement, rule.basis, rule.level) for rule in one.rules.values()]
    assert reported == [(rule.id, rule.requirement, rule.basis, rule.level) for rule in other.rules.values()]
    assert (one.notes, other.notes) == ((), ())


@pytest.mark.parametrize(("old", "new"), PAIRS)
@given(VALUES | st.fixed_dictionaries({"x": st.integers(0, 2)}))
def test_both_versions_admit_the_same_values(old: Object, new: Object, value: Any) -> None:
    one, other = (request(version, json.dumps(field)) for version, field in (("3.0.3", old), ("3.1.0", new)))
    assert jsonschema_rs.is_valid(one, {"field": value}) is jsonschema_rs.is_valid(other, {"field": value})


@given(schemas(), schemas(), VALUES, st.booleans())
def test_null_or_another_in_normal_form_admits_the_same(alongside: Any, other: Any, value: Any, first: bool) -> None:
    branches = [{"type": "null"}, other] if first else [other, {"type": "null"}]
    members = (
        {key: each for key, each in alongside.items() if key not in ("if", "anyOf")} if isinstance(alongside, dict) else {}
    )
    schema = {**members, "anyOf": branches}
    normal = unwrap_null(schema)
    assert nullable_rest(normal) is not None
    assert jsonschema_rs.is_valid(normal, value) is jsonschema_rs.is_valid(schema, value)


def test_what_is_no_choice_between_null_and_one_other_stays() -> None:
    for schema in (
        {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        {"anyOf": [{"type": "null"}]},
        {"anyOf": [{"type": "string"}]},
        {"anyOf": [{"type": "string"}, {"type": "null"}], "if": {"type": "string"}, "then": {"minLength": 1}},
    ):
        assert unwrap_null(schema) is schema


def test_the_rest_of_a_nullable_schema_keeps_its_provenance_and_its_place() -> None:
    """An overlay's keyword that ends up inside "null, or REST" still shows the sentence it comes from."""
    field = {"nullable": True, "allOf": [REF], "description": "D"}
    document = description({"properties": {"field": field}}, version="3.0.3", components={"schemas": OTHER})
    layer = overlay({"target": "$..properties.field", "description": "At most one.", "update": {"maxProperties": 1}})
    rule = catalogue_of(loaded(document, layer)).rules["body.field.maxProperties"]
    assert rule.quote == "At most one."
    assert rule.source.endswith("overlay0.json#/actions/0/update")


def test_versions_that_are_not_understood_are_reported() -> None:
    for version in ("3.0", "3.0.3", "3.1.0", "3.1.1"):
        assert dialect_of({"openapi": version}, "x") is dialect_of({"openapi": version[:3]}, "x")
    for root in ({"openapi": "3.3.0"}, {"openapi": "3"}, {"openapi": None}, {"swagger": 2}, {}):
        with pytest.raises(InvalidDescription, match=r"3\.0, 3\.1 and 3\.2"):
            dialect_of(root, "x")


def test_null_beside_what_excludes_null_is_a_nullable_reference() -> None:
    thing = {"type": "object", "properties": {"a": {"type": "string"}}}
    body = {"type": "object", "properties": {"thing": {"type": "null", "allOf": [{"$ref": "#/components/schemas/Thing"}]}}}
    found = loaded(description(body, components={"schemas": {"Thing": thing}}))
    oracle = Oracle(found.request, "body")
    assert [oracle.is_valid({"thing": value}) for value in (None, {}, {"a": 1}, 3)] == [True, True, False, False]
    assert [note for note in found.notes if "is read as null or what `allOf` says" in note]


def test_only_openapi_3_0_ignores_what_stands_beside_a_reference() -> None:
    field = {**REF, "minProperties": 1, "required": ["y"], "description": "kept", "nullable": True}
    old, new = catalogue("3.0.3", field), catalogue("3.1.0", {**REF, "minProperties": 1})
    assert [rule for rule in old.rules if rule.startswith(("body.field.min", "body.field.y"))] == []
    assert [note.partition("/field/")[2] for note in old.notes] == [
        "minProperties: OpenAPI 3.0 ignores it beside $ref, so it has no rule",
        "required: OpenAPI 3.0 ignores it beside $ref, so it has no rule",
    ] * 2  # of the request and of the response
    assert jsonschema_rs.is_valid(dict(old.contract.request), {"field": None})
    assert "body.field.minProperties" in new.rules
