"""Ordinary values: valid, of no more members than they need, and different where they must be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.nodes import Node
from strategies.values.minimal import KEY, elements, filled, legal_keys, simplest
from tests.strategies.schemas import FIELDS, LEAVES, Object, arrays, fits, maps, objects, oracle


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


def size(value: Any) -> int:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(size, members))


@given(FIELDS)
def test_an_ordinary_value_is_valid(schema: Object) -> None:
    assert fits(schema, simplest(node_of(schema)))


@given(objects(FIELDS))
def test_an_ordinary_object_has_the_required_members_and_no_other(schema: Object) -> None:
    value = simplest(node_of(schema))
    assert value.keys() == set(schema.get("required", ()))
    members: dict[str, Object] = schema["properties"]
    assert all(fits(members[name], each) for name, each in value.items())


@given(arrays(LEAVES) | maps(LEAVES))
def test_an_ordinary_array_or_map_is_as_small_as_can_be(schema: Object) -> None:
    assert len(simplest(node_of(schema))) == schema.get("minItems", 0)


@given(LEAVES, st.integers(0, 6))
def test_items_are_as_many_as_asked_and_valid(item: Object, count: int) -> None:
    found = elements(node_of({"type": "array", "items": item}), count)
    assert len(found) == count
    assert all(fits(item, each) for each in found)


@given(LEAVES, st.integers(2, 6))
def test_items_differ_where_they_must(item: Object, count: int) -> None:
    found = elements(node_of({"type": "array", "items": item, "uniqueItems": True}), count)
    assert all(fits(item, each) for each in found)
    assert fits({"uniqueItems": True}, found)
    assert len(found) == count or {"enum", "pattern", "maximum", "exclusiveMaximum", "maxLength", "type"} & item.keys()


@pytest.mark.parametrize("item", [{"type": "string"}, {"type": "integer"}, {"type": "number"}])
def test_of_free_items_there_are_as_many_different_ones_as_asked(item: Object) -> None:
    assert len(elements(node_of({"type": "array", "items": item, "uniqueItems": True}), 50)) == 50


def test_objects_differ_in_a_member() -> None:
    item: Object = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "boolean"}}}
    found = elements(node_of({"type": "array", "items": item, "uniqueItems": True}), 5)
    assert len(found) == 5
    assert fits({"items": item, "uniqueItems": True}, found)


def test_an_array_that_must_contain_something_does() -> None:
    schema: Object = {"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "minItems": 2}
    assert fits(schema, simplest(node_of(schema)))


@given(maps(LEAVES), st.integers(0, 5), st.integers(0, 2))
def test_an_object_is_filled_up_to_its_size_and_keeps_what_it_has(schema: Object, least: int, members: int) -> None:
    sized: Object = {**schema, "minProperties": least}
    node = node_of(sized)
    had = dict.fromkeys(legal_keys(node)[:members], "kept")
    found = filled(node, had)
    assert found | had == found
    assert len(found) == max(least, len(had)) or len(legal_keys(node)) < least
    assert all(fits(schema["additionalProperties"], found[key]) for key in found.keys() - had.keys())


@given(maps(LEAVES))
def test_legal_keys_are_legal_and_different(schema: Object) -> None:
    keys = legal_keys(node_of(schema))
    assert keys
    assert len(set(keys)) == len(keys)
    assert all(fits({"propertyNames": schema.get("propertyNames", True)}, {key: 1}) for key in keys)


def test_legal_keys_are_plain_ones_first_and_never_those_of_a_property() -> None:
    schema: Object = {"type": "object", "properties": {KEY: {}, "other": {}}, "additionalProperties": {"type": "string"}}
    keys = legal_keys(node_of(schema))
    assert keys[0] == "key0000"
    assert not {KEY, "other"} & set(keys)
    assert legal_keys(node_of({"type": "object", "additionalProperties": {"type": "string"}}))[0] == KEY
    assert legal_keys(node_of({"type": "object", "propertyNames": {"enum": ["one", "two"]}})) == ("one", "two")
    assert legal_keys(node_of({"type": "object", "propertyNames": False})) == ()


def test_an_ordinary_member_of_an_enum_is_not_the_first_one_which_may_mean_unset() -> None:
    assert simplest(node_of({"type": "string", "enum": ["UNSPECIFIED", "ON", "OFF"]})) == "ON"
    assert simplest(node_of({"type": "string", "enum": ["ON"]})) == "ON"


def test_a_value_is_ordinary_rather_than_hostile() -> None:
    assert simplest(node_of({"type": "string"})).isalpha()
    assert simplest(node_of({"type": "number"})) == 0.5
    assert simplest(node_of({})) == "text"
    known: Object = {"type": "object", "properties": {"a": {"type": "string"}}, "x-known-values": [{"a": "known"}]}
    assert simplest(node_of(known)) == {"a": "known"}
