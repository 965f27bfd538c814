"""A schema as a tree: one node a place, all that is said there together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import escape, pointer, resolve, tokens, unescape
from openapi.schema.nodes import Node, tree, type_of
from tests.openapi.synthetic import Object, description, loaded


def node_of(schema: Any, **schemas: Any) -> Node:
    return tree(loaded(description(schema, components={"schemas": schemas})).request)


def ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def test_references_and_conjunctions_are_one_node() -> None:
    node = node_of(
        {"allOf": [ref("A"), {"maxProperties": 2}]}, A={"type": "object", "properties": {"x": {}}, "required": ["x"]}
    )
    assert {each.keyword for each in node.constraints} == {"type", "maxProperties"}
    assert list(node.properties) == ["x"]
    assert node.properties["x"].place == ("x",)
    assert node.properties["x"].demanded
    assert node.is_object


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"type": "string"}, {"string"}),
        ({"type": ["string", "null"]}, {"string"}),
        ({"type": ["number", "integer"]}, {"number"}),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, {"integer"}),
        ({"allOf": [{"type": ["string", "number"]}, {"type": ["number", "object"]}]}, {"number"}),
        ({"allOf": [{"type": "string"}, {"type": "object"}]}, set()),
        ({"enum": ["a", 1, None]}, {"string", "integer"}),
        ({"const": 1.5}, {"number"}),
        ({"const": 2.0}, {"integer"}),
        ({"properties": {}}, {"object"}),
        ({}, {"string", "number", "integer", "boolean", "object", "array"}),
    ],
)
def test_the_types_are_those_that_all_parts_admit(schema: Object, types: set[str]) -> None:
    assert node_of(schema).types == types


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ({"type": "object", "properties": {"a": {}}}, "message"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map"),
        ({"type": "object", "additionalProperties": {}}, "map"),
        ({"type": "array", "items": {}}, "array"),
        ({"type": "object"}, ""),
        ({"type": ["object", "array"]}, ""),
    ],
)
def test_the_shape_of_a_node(schema: Object, shape: str) -> None:
    node = node_of(schema)
    shapes = {"message": node.is_object, "map": node.is_map, "array": node.is_array}
    assert [name for name, holds in shapes.items() if holds] == ([shape] if shape else [])


def test_where_nothing_but_properties_speaks_of_members() -> None:
    named: Object = {"type": "object", "properties": {"x": {}}}
    schema = {
        "properties": {
            "properties": named,
            "empty": ref("Empty"),
            "free": {"type": "object"},
            "more": {**named, "additionalProperties": {"type": "string"}},
            "branches": {**named, "oneOf": [{"properties": {"y": {}}}]},
            "one of": {**named, "oneOf": [{"required": ["x"]}, {"required": ["y"]}]},
            "values": {**ref("Empty"), "enum": [{"y": 1}]},
        }
    }
    node = node_of(schema, Empty={"type": "object"})
    assert [name for name, child in node.properties.items() if child.names_every_member] == ["properties", "empty", "one of"]


def test_a_named_type_without_members_is_empty() -> None:
    schema = {"properties": {"a": ref("Empty"), "b": {"type": "object"}, "c": ref("Free")}}
    node = node_of(schema, Empty={"type": "object"}, Free={"type": "object", "additionalProperties": True})
    assert [name for name, child in node.properties.items() if child.is_empty_object] == ["a"]


@pytest.mark.parametrize(
    ("schema", "free"),
    [
        *(({}, True), (True, True), ({"description": "x", "default": 1, "x-mine": 2}, True)),
        *(({"minLength": 1}, False), ({"multipleOf": 2}, False), ({"contains": {}}, False), (False, False)),
        *(({"dependentRequired": {"a": ["b"]}}, False), ({"exclusiveMinimum": 0}, False)),
    ],
)
def test_a_node_without_any_constraint_is_free(schema: Any, free: bool) -> None:
    assert node_of({"properties": {"a": schema}}).properties["a"].is_free is free


@pytest.mark.parametrize(
    ("schema", "null"),
    [
        *(({}, True), ({"type": "string"}, False), ({"type": ["string", "null"]}, True)),
        *(({"oneOf": [{"type": "string"}, {"type": "null"}]}, True), ({"enum": ["a"]}, False)),
    ],
)
def test_a_node_that_admits_null(schema: Object, null: bool) -> None:
    assert node_of({"properties": {"a": schema}}).properties["a"].admits_null is null


def test_a_place_is_found_from_a_concrete_path() -> None:
    schema = {"properties": {"m": {"additionalProperties": {"items": {"properties": {"x": {"title": "X"}}}}}, "n": {}}}
    node = node_of(schema)
    found = node.at(("m", "any key", 3, "x"))
    assert found is not None
    assert (found.path, found.get("title")) == ("m.*.*.x", "X")
    assert node.at(("m", "any key", 3, "y")) is None
    assert node.at(("n", "deeper", 0)) is None
    assert node.at(()) is node


def test_named_rules_are_reported_apart_from_the_rest() -> None:
    members = [{"x-rule": "a", "not": {"required": ["x"]}}, {"minProperties": 1}, {"x-rule": "b", "maxProperties": 3}]
    node = node_of({"allOf": members})
    assert [each.keyword for each in node.named] == ["a", "b"]
    assert [each.keyword for each in node.constraints] == ["minProperties"]


def test_a_recursive_schema_is_entered_again_once() -> None:
    node = node_of(ref("T"), T={"type": "object", "properties": {"left": ref("T"), "right": ref("T"), "value": {}}})
    assert [each.path for each in node.walk()] == [
        *("", "left", "left.value", "right", "right.value", "value"),
    ]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        *((True, "boolean"), (1, "integer"), (1.0, "integer"), (1.5, "number"), ("", "string")),
        *(({}, "object"), ([], "array"), (None, "null")),
    ],
)
def test_the_type_of_a_value(value: Any, name: str) -> None:
    assert type_of(value) == name


@given(st.lists(st.text() | st.integers(0, 9)))
def test_a_pointer_leads_back_to_its_steps(steps: list[str | int]) -> None:
    assert tokens(pointer(*steps)) == tuple(map(str, steps))
    value: Any = "here"
    for step in reversed(steps):
        value = {str(step): value}
    assert resolve(value, pointer(*steps)) == "here"


@given(st.text())
def test_a_token_survives_escaping(token: str) -> None:
    assert unescape(escape(token)) == token
    assert "/" not in escape(token)


@pytest.mark.parametrize("where", ["/b", "/a/x", "/a/2", "/a/-1", "/a/0/b", "a", "#/a"])
def test_a_pointer_to_nothing_is_a_lookup_error(where: str) -> None:
    with pytest.raises(LookupError):
        resolve({"a": [1, "text"]}, where)
