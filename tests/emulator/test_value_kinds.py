"""Shapes: what kind of value a schema describes."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.value_kinds import Kind, Shape, shape_of
from tests.emulator.client import contract


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, Kind.STRING),
        ({"type": "string", "format": "uuid"}, Kind.STRING),
        ({"type": "string", "enum": ["A", "B"]}, Kind.ENUM),
        ({"enum": ["A", "B"]}, Kind.ENUM),
        ({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?s$"}, Kind.DURATION),
        ({"type": "string", "pattern": "^[a-z]+$"}, Kind.STRING),
        ({"type": "string", "pattern": r"\p{L}"}, Kind.STRING),
        ({"type": "integer"}, Kind.INTEGER),
        ({"type": "number"}, Kind.FLOAT),
        ({"type": "boolean"}, Kind.BOOLEAN),
        ({"type": "array", "items": {"type": "string"}}, Kind.LIST),
        ({"type": "array"}, Kind.LIST),
        ({"type": "object", "properties": {"a": {}}}, Kind.MESSAGE),
        ({"properties": {"a": {}}}, Kind.MESSAGE),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "string"}}, Kind.STRUCT),
        ({"properties": {"a": {}}, "patternProperties": {"^s_": {}}, "type": "object"}, Kind.STRUCT),
        ({"properties": {"a": {}}, "oneOf": [{"properties": {"b": {}}}]}, Kind.STRUCT),
        ({"properties": {"a": {}}, "oneOf": [{"required": ["a"]}, {"properties": {"a": {}}}]}, Kind.MESSAGE),
        ({"properties": {"a": {}}, "if": {"required": ["a"]}, "then": {"properties": {"b": {}}}}, Kind.STRUCT),
        ({"properties": {"a": {}}, "dependentSchemas": {"a": {"properties": {"b": {}}}}}, Kind.STRUCT),
        ({"type": "array", "prefixItems": [{"type": "string"}]}, Kind.ANY),
        ({"type": "object", "additionalProperties": False}, Kind.MESSAGE),
        ({"type": "object", "additionalProperties": {"type": "string"}}, Kind.MAP),
        ({"type": "object"}, Kind.STRUCT),
        ({"type": "object", "additionalProperties": {}}, Kind.STRUCT),
        ({"type": "object", "additionalProperties": True}, Kind.STRUCT),
        ({}, Kind.ANY),
        ({"type": ["string", "integer"]}, Kind.ANY),
        ({"type": ["string", "null"]}, Kind.STRING),
        ({"if": {"type": "null"}, "else": {"type": "integer"}}, Kind.INTEGER),
        ({"allOf": [{"type": "integer"}]}, Kind.INTEGER),
        ({"$ref": "#/$defs/Empty", "$defs": {"Empty": {"type": "object"}}}, Kind.MESSAGE),
    ],
)
def test_kinds(schema: dict[str, Any], kind: Kind) -> None:
    assert shape_of(schema).kind is kind


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"if": {"type": "null"}, "else": {"$ref": "#/$defs/A"}, "$defs": {"A": {"type": "object"}}},
        {},
    ],
)
def test_nullable(schema: dict[str, Any]) -> None:
    assert shape_of(schema).nullable


def test_parts_of_one_value_are_put_together() -> None:
    shape = shape_of(
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"properties": {"a": {"maxLength": 3}, "b": {"type": "integer"}}},
            ]
        }
    )
    assert shape.properties["a"].keywords["maxLength"] == 3
    assert shape.properties["b"].kind is Kind.INTEGER
    assert shape.required == {"a"}


def test_a_recursive_schema_has_a_recursive_shape() -> None:
    node = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
    }
    shape = shape_of({"$ref": "#/$defs/Node", "$defs": {"Node": node}})
    child = shape.properties["children"].each
    assert child.name == "Node"
    assert child.properties["children"].each is child


def test_our_own_request() -> None:
    request = shape_of(contract().request)
    kinds = {name: shape.kind for name, shape in request.properties.items()}
    assert kinds["joinTimeout"] is Kind.DURATION
    assert kinds["metadata"] is Kind.MAP
    assert kinds["initialState"] is Kind.STRUCT
    assert kinds["medium"] is Kind.MESSAGE
    assert request.properties["medium"].properties["twilio"].kind is Kind.MESSAGE
    assert _below(request, "selectedTools", "*", "parameterOverrides", "*").kind is Kind.ANY


def _below(shape: Shape, *steps: str) -> Shape:
    for step in steps:
        shape = shape.each if step == "*" else shape.properties[step]
    return shape
