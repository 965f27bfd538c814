"""Invalid arrays and objects have one item or member too many, too few, or twice, and are otherwise as they should be."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from openapi.schema.nodes import Constraint, Node
from strategies.negative.by_keyword import INVALID, missing
from strategies.negative.containers import MEMBERS
from tests.strategies.schemas import LEAVES, NAMES, Object, arrays, errors, fits, maps, objects, oracle


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


def invalid(schema: Object, keyword: str) -> list[Any]:
    node = node_of(schema)
    constraint = next(each for each in node.constraints if each.keyword == keyword)
    return [each.value for each in INVALID[keyword](node, constraint)]


@given(arrays(LEAVES))
def test_an_array_has_one_item_too_many_or_too_few_and_each_is_valid(schema: Object) -> None:
    for keyword, step in (("maxItems", 1), ("minItems", -1)):
        for value in invalid(schema, keyword) if keyword in schema else ():
            assert len(value) == schema[keyword] + step
            assert set(errors(schema, value)) == {((), keyword)}


@given(LEAVES)
def test_an_array_of_different_items_has_one_of_them_twice(item: Object) -> None:
    schema: Object = {"type": "array", "items": item, "uniqueItems": True}
    for value in invalid(schema, "uniqueItems"):
        assert set(errors(schema, value)) == {((), "uniqueItems")}
        assert value[0] == value[-1]


@given(maps(LEAVES))
def test_a_map_has_a_key_that_its_names_exclude_alone_and_among_others(schema: Object) -> None:
    found = invalid(schema, "propertyNames") if "propertyNames" in schema else []
    refused = [value for value in found if not fits({"propertyNames": schema["propertyNames"]}, value)]
    assert bool(refused) is bool(found)
    assert not found or {len(value) for value in refused} >= {1, 4}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_each_member_stands_with_each_neighbour_where_there_are_too_many(most: int) -> None:
    schema: Object = {"type": "object", "properties": {name: {"type": "boolean"} for name in NAMES}, "maxProperties": most}
    found = invalid(schema, "maxProperties")
    assert all(set(errors(schema, value)) == {((), "maxProperties")} for value in found)
    assert {len(value) for value in found} >= {most + 1, len(NAMES)}
    for pair in pairwise((*NAMES, NAMES[0])):
        assert any(set(pair) <= value.keys() for value in found)


@given(objects())
def test_without_a_required_member_all_other_required_ones_are_there(schema: Object) -> None:
    for name in schema.get("required", ()):
        (found,) = (each.value for each in missing(node_of(schema), Constraint("required", name, "", {})))
        assert found.keys() == set(schema["required"]) - {name}


@given(objects())
def test_another_member_is_added_to_a_valid_object(schema: Object) -> None:
    closed: Object = {"type": "object", "properties": schema["properties"], "additionalProperties": False}
    (found,) = invalid(closed, "additionalProperties")
    assert {keyword for _, keyword in errors(closed, found)} == {"additionalProperties"}


def test_items_have_one_name_by_each_way_of_naming() -> None:
    item: Object = {"type": "object", "properties": {"id": {"type": "string"}, "alias": {"type": "string"}}}
    schema: Object = {"type": "array", "items": item, "x-unique-by": ["/id", "/alias"]}
    found = invalid(schema, "x-unique-by")
    ways = [tuple(next(iter(each)) for each in value) for value in found]
    assert {("id", "id"), ("id", "alias"), ("alias", "id"), ("alias", "alias")} <= set(ways)
    assert all(len({name for each in value for name in each.values()}) < len(value) for value in found)
    assert any(len(value) == 4 for value in found), "two that are apart"


def test_names_are_uncovered_wholly_in_part_and_by_case() -> None:
    listed: Object = {"type": "array", "items": {"type": "string"}}
    given: Object = {"type": "object", "additionalProperties": {"type": "string"}}
    other: Object = {"type": "object", "additionalProperties": {"type": "string"}}
    schema: Object = {
        "type": "object",
        "properties": {"names": listed, "given": given, "other": other},
        "x-covers": {"names": "/names", "keys": "/given"},
    }
    found = invalid(schema, "x-covers")
    assert all(set(value["names"]) - value.get("given", {}).keys() for value in found)
    assert any(value.get("given") for value in found)
    assert any("p" in value.get("other", {}) for value in found)


def test_every_keyword_about_members_has_invalid_values() -> None:
    assert MEMBERS.keys() <= INVALID.keys()
