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

FLAG: Object = {"type": "boolean"}


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


@pytest.mark.parametrize("keyword", ["minItems", "maxItems", "minProperties", "maxProperties"])
@pytest.mark.parametrize("bound", [1, 2, 4, 7])
def test_a_count_is_missed_by_one_and_the_label_says_how_many_there_are(keyword: str, bound: int) -> None:
    members: Object = {"type": "object", "properties": {"a": {"type": "boolean"}}, "additionalProperties": {"type": "string"}}
    schemas: list[Object] = [{"type": "array", "items": {"type": "string"}}, members, {**members, "properties": {}}]
    for schema in schemas:
        node = node_of({**schema, keyword: bound})
        if keyword.endswith("Items") is not node.is_array:
            continue
        constraint = next(each for each in node.constraints if each.keyword == keyword)
        found = list(INVALID[keyword](node, constraint))
        missed = bound - 1 if keyword.startswith("min") else bound + 1
        assert missed in {len(each.value) for each in found}
        for each in found:
            assert set(errors({**schema, keyword: bound}, each.value)) == {((), keyword)}
            assert each.label.startswith(f"{len(each.value)} ") or " and " in each.label or each.label == "all of them"


@pytest.mark.parametrize(("most", "sizes"), [(1, {2, 3, 4}), (2, {3, 4}), (3, {4}), (5, {6})])
def test_too_many_members_are_one_too_many_then_one_more_then_all(most: int, sizes: set[int]) -> None:
    schema: Object = {
        "type": "object",
        "properties": dict.fromkeys(NAMES, FLAG),
        "additionalProperties": {"type": "string"},
        "maxProperties": most,
    }
    found = invalid(schema, "maxProperties")
    assert {len(value) for value in found} == sizes
    assert len(found[0]) == most + 1
    assert all(set(errors(schema, value)) == {((), "maxProperties")} for value in found)


def test_members_that_must_not_be_sent_are_in_no_invalid_object() -> None:
    members: Object = {"costly": {"type": "string", "x-hazard": "it dials"}, **dict.fromkeys(NAMES, FLAG)}
    for bound in (1, 2, 3, 4):
        for keyword in ("minProperties", "maxProperties"):
            schema: Object = {"type": "object", "properties": members, keyword: bound}
            found = invalid(schema, keyword)
            assert found
            assert not any("costly" in value for value in found)


@pytest.mark.parametrize("steps", [1, 2])
def test_the_same_item_is_the_only_one_twice_whatever_the_size(steps: int) -> None:
    schema: Object = {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": steps * 3}
    (value,) = invalid(schema, "uniqueItems")
    assert len(value) == max(steps * 3, 2)
    assert len({*value}) == len(value) - 1


@pytest.mark.parametrize(
    ("names", "refused"),
    [
        ({"maxLength": 4}, {5}),
        ({"minLength": 3}, {2}),
        ({"minLength": 1}, {0}),
        ({"pattern": "^[a-z]+$"}, set()),
        ({"maxLength": 4, "minLength": 3}, {2, 5}),
    ],
)
def test_keys_miss_a_length_by_one(names: Object, refused: set[int]) -> None:
    schema: Object = {"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": names}
    keys = {key for value in invalid(schema, "propertyNames") for key in value if not fits(names, key)}
    assert refused <= {len(key) for key in keys}
    assert keys


def test_a_reserved_key_is_tried_bare_longer_and_with_an_end_that_a_check_may_not_reach() -> None:
    schema: Object = {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "propertyNames": {"not": {"pattern": "^sys\\."}},
    }
    found = invalid(schema, "propertyNames")
    keys = [key for value in found for key in value if key.startswith("sys.")]
    assert {"sys.", "sys.x", "sys..a b"} <= {*keys}
    assert max(map(len, keys)) > 64
    assert any("" in value.values() for value in found), "with an empty value as well"
    places = {list(value).index(key) for value in found for key in value if key.startswith("sys.") and len(value) == 4}
    assert len(places) > 1, "first, last, and among others"
