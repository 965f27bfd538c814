"""Small values over the words of a schema: valid ones and others, whatever the keywords, few of them and no two equal."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values.small_scope import small_values
from tests.strategies.schemas import FIELDS, LEAVES, Object, fits, objects

NAME: Object = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


def both(schema: Object) -> tuple[list[Any], list[Any]]:
    """The valid and the invalid small values of a schema."""
    found = small_values(schema)
    return [value for value in found if fits(schema, value)], [value for value in found if not fits(schema, value)]


@given(FIELDS)
def test_of_any_field_there_are_valid_values_and_others(schema: Object) -> None:
    valid, invalid = both(schema)
    assert valid
    assert invalid


@given(FIELDS)
def test_they_are_few_and_no_two_are_equal(schema: Object) -> None:
    found = small_values(schema)
    assert len({repr(value) for value in found}) == len(found) <= 600
    assert all(value is not True for value in found if value == 1 and repr(value) == "1")
    assert json.loads(json.dumps(found)) == list(found)


@given(objects(LEAVES))
def test_of_an_object_each_member_is_left_out_and_each_pair_is_there(schema: Object) -> None:
    found = [set(value) for value in small_values(schema) if isinstance(value, dict)]
    names = schema["properties"].keys()
    for one, other in product(names, names):
        assert any({one, other} <= each for each in found)
        assert one == other or any(one in each and other not in each for each in found)
    assert set() in found
    for name in schema.get("required", ()):
        assert {*schema["required"]} - {name} in found


@pytest.mark.parametrize("keyword", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
@given(bound=st.integers(2, 30) | st.sampled_from([0.5, 2.5]))
def test_a_bound_of_a_number_is_met_and_passed_by_one_on_each_side(keyword: str, bound: float) -> None:
    assert {bound - 1, bound, bound + 1} <= {value for value in small_values({keyword: bound}) if type(value) in (int, float)}


@pytest.mark.parametrize("keyword", ["minLength", "maxLength"])
@given(bound=st.integers(1, 40))
def test_a_length_is_met_and_passed_by_one_on_each_side(keyword: str, bound: int) -> None:
    lengths = {len(value) for value in small_values({keyword: bound}) if isinstance(value, str)}
    assert {bound - 1, bound, bound + 1} <= lengths


@pytest.mark.parametrize("keyword", ["minItems", "maxItems", "minProperties", "maxProperties"])
@given(bound=st.integers(1, 12))
def test_a_count_is_met_and_passed_by_one_on_each_side(keyword: str, bound: int) -> None:
    kind = list if keyword.endswith("Items") else dict
    counts = {len(value) for value in small_values({keyword: bound}) if isinstance(value, kind)}
    assert {bound - 1, bound, bound + 1} <= counts


@pytest.mark.parametrize("least", [1, 2, 3])
def test_what_an_array_contains_is_counted(least: int) -> None:
    schema: Object = {"type": "array", "contains": {"const": "x"}, "minContains": least, "maxContains": least}
    counts = {value.count("x") for value in small_values(schema) if isinstance(value, list)}
    assert {least - 1, least, least + 1} <= counts


def test_the_first_items_are_of_their_own_kinds_and_each_varies() -> None:
    schema: Object = {"prefixItems": [{"enum": ["a", "b"]}, {"enum": [1, 2]}], "items": {"enum": [True, False]}}
    valid, invalid = both(schema)
    arrays = [value for value in valid if isinstance(value, list)]
    assert {("a", 1), ("b", 2)} <= {tuple(value) for value in arrays if len(value) == 2}
    assert {True, False} <= {value[2] for value in arrays if len(value) > 2}
    assert any(isinstance(value, list) and len(value) > 2 for value in invalid)


WAYS: list[Object] = [
    {"$ref": "#/$defs/name", "unevaluatedProperties": False, "$defs": {"name": NAME}},
    {"oneOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"required": ["c"]}]},
    {"allOf": [NAME, {"properties": {"size": {"maximum": 3}}, "required": ["size"]}]},
    {"dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 7}}}}, "required": ["a"]},
    {"patternProperties": {"^x-": {"type": "integer"}}, "minProperties": 1, "additionalProperties": False},
    {"propertyNames": {"pattern": "^[a-c]+$"}, "minProperties": 2},
    {"type": "array", "prefixItems": [{"const": "x"}], "unevaluatedItems": {"type": "integer"}, "minItems": 2},
    {"not": {"required": ["a"], "properties": {"a": {"const": "forbidden"}}}},
    {"anyOf": [{"const": "only"}, {"type": "number", "exclusiveMinimum": 10}]},
    {"dependentRequired": {"a": ["b"]}, "required": ["a"], "type": "object"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "pattern": "^[0-9]{3}-x$"},
    {"type": ["array"], "uniqueItems": True, "items": {"enum": ["a", "b"]}, "minItems": 2},
]


@pytest.mark.parametrize("schema", WAYS, ids=lambda schema: next(iter(schema)))
def test_of_keywords_that_nobody_constructs_values_for_there_are_valid_and_invalid_ones(schema: Object) -> None:
    valid, invalid = both(schema)
    assert [value for value in valid if not isinstance(value, (bool, type(None)))]
    assert invalid


def test_what_several_schemas_ask_of_one_object_is_joined() -> None:
    parts: Object = {
        "allOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"], "properties": {"c": {"const": 7}}}]
    }
    valid, _ = both(parts)
    assert any(isinstance(value, dict) and value.keys() >= {"a", "b", "c"} for value in valid)
    lists: Object = {
        "allOf": [{"prefixItems": [{"const": 1}]}, {"prefixItems": [{}, {"const": 2}]}],
        "minItems": 2,
        "type": "array",
    }
    assert [1, 2] in both(lists)[0]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_literals_of_each_alternative_are_among_them(keyword: str) -> None:
    found = small_values({keyword: [{"const": "one"}, {"enum": ["two", 3]}, {"minimum": 40}]})
    assert {"one", "two", 3, 40, 39, 41} <= {value for value in found if isinstance(value, (str, int))}


def test_a_schema_that_refers_to_itself_has_small_values_too() -> None:
    tree: Object = {
        "$ref": "#/$defs/tree",
        "$defs": {
            "tree": {"type": "object", "properties": {"in": {"$ref": "#/$defs/tree"}, "end": {"const": 1}}, "required": ["end"]}
        },
    }
    valid, invalid = both(tree)
    assert {"end": 1} in valid
    assert any("in" in value for value in valid)
    assert invalid


@pytest.mark.parametrize("schema", [{}, {"x-unknown": 1}, {"type": "string"}])
def test_where_a_schema_has_no_words_there_are_values_of_every_type(schema: Object) -> None:
    kinds = {type(value) for value in small_values(schema)}
    assert kinds == {str, int, float, bool, type(None), dict, list}
