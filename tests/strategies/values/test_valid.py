"""Accepted values are valid by another validator, reach both ends of each limit, and are each there once."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.nodes import Node
from strategies.values.valid import Value, accepted, admits, after, alone, before, bounds
from tests.strategies.schemas import ENUMS, INTEGERS, LEAVES, NUMBERS, PATTERNS, STRINGS, Object, fits, oracle, ours


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


@given(LEAVES, LEAVES)
def test_what_is_admitted_is_what_is_valid(schema: Object, other: Object) -> None:
    assert all(admits(node_of(other), each.value) == fits(other, each.value) for each in values(schema))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "minLength": 1}, ""),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, []),
        ({"type": "boolean"}, 0),
    ],
)
def test_what_is_not_admitted(schema: Object, value: Any) -> None:
    assert not admits(node_of(schema), value)


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


@given(st.floats(-1e30, 1e30) | st.integers(-(10**12), 10**12))
def test_what_is_next_to_a_number_differs_in_single_precision_and_by_little(number: float) -> None:
    def single(value: float) -> float:
        return float(struct.unpack("f", struct.pack("f", value))[0])

    assert before(number) < number < after(number)
    assert single(before(number)) < single(number) < single(after(number))
    assert after(number) - before(number) <= max(abs(number) * 2**-19, 2**-17)


def test_bounds_are_the_narrowest_of_keywords_and_format() -> None:
    assert bounds(node_of({"type": "integer"})) == (None, None)
    assert bounds(node_of({"type": "integer", "format": "int32"})) == (-(2**31), 2**31 - 1)
    assert bounds(node_of({"type": "integer", "format": "int32", "minimum": 3, "maximum": 2**40})) == (3, 2**31 - 1)
    assert bounds(node_of({"type": "number", "minimum": 3, "exclusiveMinimum": 4, "exclusiveMaximum": 9})) == (4, 9)


def test_the_schema_of_a_place_says_what_the_body_says_of_it() -> None:
    for node in list(ours().root.walk())[:120]:
        for each in accepted(node)[:4] if not node.is_object and node.each is None else ():
            assert fits(alone(node), each.value), (node.path, each.value)
