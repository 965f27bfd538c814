"""Accepted values are valid by another validator, reach both ends of each limit, and are each there once."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from openapi.schema.nodes import Node
from strategies.values.valid import Value, accepted
from tests.strategies.schemas import ENUMS, INTEGERS, LEAVES, NUMBERS, PATTERNS, STRINGS, Object, fits, oracle


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


def values(schema: Object) -> list[Value]:
    return list(accepted(node_of(schema)))


@given(LEAVES)
def test_every_value_is_valid_and_there_once(schema: Object) -> None:
    found = [each.value for each in values(schema)]
    assert found
    assert all(fits(schema, value) for value in found)
    assert len({repr(value) for value in found}) == len(found)


@given(INTEGERS)
def test_integers_reach_both_bounds_and_go_no_further(schema: Object) -> None:
    found = [each.value for each in values(schema)]
    low = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf) + 1)
    high = schema.get("maximum", schema.get("exclusiveMaximum", math.inf) - 1)
    assert all(low <= value <= high for value in found)
    assert low == -math.inf or low in found
    assert high == math.inf or high in found


@given(NUMBERS)
def test_numbers_reach_both_bounds_or_come_close(schema: Object) -> None:
    found = [each.value for each in values(schema)]
    for keyword in schema.keys() - {"type"}:
        distance = min(abs(value - schema[keyword]) for value in found)
        assert distance == 0 if not keyword.startswith("exclusive") else 0 < distance < 1e-5
    if len(schema) == 3:
        low, high = sorted(value for key, value in schema.items() if key != "type")
        assert any(low + (high - low) / 4 < value < high - (high - low) / 4 for value in found), "none in the middle"


@given(STRINGS)
def test_strings_reach_both_lengths(schema: Object) -> None:
    lengths = {len(each.value) for each in values(schema) if each.must}
    assert {schema[key] for key in ("minLength", "maxLength") if key in schema} <= lengths


@given(ENUMS | PATTERNS)
def test_every_member_of_an_enum_and_every_kind_of_a_pattern_is_there(schema: Object) -> None:
    found = [each.value for each in values(schema)]
    assert found == schema.get("enum", found)
    assert all(each.keyword == ("enum" if "enum" in schema else "pattern") for each in values(schema))


def test_what_the_description_leaves_open_need_not_be_accepted() -> None:
    schema: Object = {"type": "string", "enum": ["ON", "OFF", "UNSET"], "x-implementation-defined": {"const": "UNSET"}}
    assert {each.value: each.must for each in values(schema)} == {"ON": True, "OFF": True, "UNSET": False}


def test_an_empty_string_may_be_refused_where_one_is_required() -> None:
    body: Object = {
        "type": "object",
        "properties": {"field": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}},
    }
    node = oracle(body["properties"]["field"]).root.properties["field"].properties["a"]
    assert [each.must for each in accepted(node) if each.value == ""] == [False]
    assert [each.must for each in values({"type": "string"}) if each.value == ""] == [True]


@pytest.mark.parametrize("step", [1, 3, 0.5])
@pytest.mark.parametrize("limits", [{}, {"minimum": 2}, {"maximum": 20}, {"minimum": 2, "maximum": 20}])
def test_multiples_are_those_next_to_the_bounds(step: float, limits: Object) -> None:
    found = [each.value for each in values({"type": "number", "multipleOf": step, **limits})]
    assert found
    assert all(math.isclose(value / step, round(value / step)) for value in found)
    if "minimum" in limits:
        assert min(found) - limits["minimum"] < step
    if "maximum" in limits:
        assert limits["maximum"] - max(found) < step
