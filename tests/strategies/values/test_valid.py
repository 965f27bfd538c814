"""Accepted values are valid by another validator, reach both ends of each limit, and are each there once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.nodes import Node
from strategies.values.hostile import ITEMS, ITEMS_MAY
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


@pytest.mark.parametrize("keyword", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_value_at_a_bound_is_known_by_its_keyword(keyword: str, kind: str) -> None:
    found = [each for each in values({"type": kind, keyword: 3}) if each.keyword == keyword]
    assert len(found) == 1
    assert abs(found[0].value - 3) <= 1
    assert found[0].must


def test_a_format_bounds_numbers_and_what_only_it_admits_may_be_refused() -> None:
    found = {each.value: each.must for each in values({"type": "integer", "format": "int32"}) if each.keyword == "format"}
    assert found == {2**31 - 1: True, -(2**31): False}


@given(st.integers(0, 40), st.integers(0, 40))
def test_between_the_bounds_of_a_number_something_must_be_accepted(low: int, size: int) -> None:
    found = values({"type": "number", "minimum": low, "maximum": low + size})
    assert {low, low + size} <= {each.value for each in found if each.must}
    assert size == 0 or any(low < each.value < low + size for each in found if each.must)


@pytest.mark.parametrize("limits", [{}, {"minimum": -9}, {"maximum": 9}])
def test_numbers_beyond_what_is_usual_may_be_refused_unless_both_bounds_admit_them(limits: Object) -> None:
    odd = [each for each in values({"type": "number", **limits}) if each.value in (-1.5, 1e6, 3e38, 1e-7, 1e-35)]
    assert odd
    assert not any(each.must for each in odd)
    assert all(each.must for each in values({"type": "number", "minimum": -9, "maximum": 9}) if each.value == -1.5)


@pytest.mark.parametrize(("low", "high"), [(0, 3), (0, 4), (1, 1), (4, 4), (4, 60), (200, 300)])
def test_lengths_at_both_ends_are_named_and_counted_in_characters(low: int, high: int) -> None:
    found = values({"type": "string", "minLength": low, "maxLength": high})
    at_most = [each for each in found if each.keyword == "maxLength"]
    assert {len(each.value) for each in at_most} == {high}
    assert any(len(each.value.encode("utf-16-le")) == 4 * high for each in at_most)
    assert {len(each.value) for each in found if each.keyword == "minLength"} <= {low}
    assert low == 0 or low in {len(each.value) for each in found}


@pytest.mark.parametrize("high", [100_000, 100_001])
def test_a_length_that_is_not_worth_sending_is_not_reached(high: int) -> None:
    reached = any(len(each.value) == high for each in values({"type": "string", "maxLength": high}))
    assert reached is (high <= 100_000)


def test_strings_of_a_pattern_reach_its_lengths_in_its_alphabet() -> None:
    found = values({"type": "string", "pattern": "^[a-c]*$", "maxLength": 5})
    assert {len(each.value) for each in found if each.keyword == "maxLength"} <= {5}
    assert all(set(each.value) <= set("abc") for each in found)


@pytest.mark.parametrize(
    ("schema", "some"),
    [
        ({"type": "object"}, [{}]),
        ({"type": "array"}, [[], [1, "two", None]]),
        ({"type": "array", "minItems": 2, "maxItems": 3}, [["n0", "n1"], ["n0", "n1", "n2"]]),
        ({"type": "boolean"}, [True, False]),
        ({"const": 7}, [7]),
        ({"type": ["string", "boolean"]}, [True, False, ""]),
        ({"type": "string", "x-known-values": ["one"]}, ["one"]),
        ({"type": "string", "examples": ["an example"]}, ["an example"]),
    ],
)
def test_each_kind_of_field_has_its_values(schema: Object, some: list[Any]) -> None:
    found = [each.value for each in values(schema)]
    assert all(value in found for value in some)
    assert all(fits({key: each for key, each in schema.items() if not key.startswith("x-")}, value) for value in found)


def test_a_free_object_has_content_of_every_size_and_depth() -> None:
    sure = [each.value for each in values({"type": "object"}) if each.must]
    unsure = [each.value for each in values({"type": "object"}) if not each.must]
    assert max(map(len, sure)) == ITEMS
    assert max(map(len, unsure)) == ITEMS_MAY
    assert any("\u0000" in str(value) or "\x00" in str(value) or len(value) == 1 for value in unsure)
    assert values({"type": "object", "maxProperties": 0})[0].value == {}


@pytest.mark.parametrize(("step", "value", "sure"), [(0.1, 0.7, False), (0.5, 1.5, True), (2, 4, True), (0.0001, 0.7, False)])
def test_a_multiple_on_which_two_arithmetics_disagree_may_be_refused(step: float, value: float, sure: bool) -> None:
    found = {each.value: each.must for each in values({"type": "number", "multipleOf": step, "examples": [value]})}
    assert found.get(value, False) is sure


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"minimum": "5s", "maximum": "60s"}, {"5s", "6s", "59s", "60s"}),
        ({"maximum": "3600s"}, {"3599s", "3600s"}),
        ({"minimum": "5s", "maximum": "5s"}, {"5s"}),
        ({"maximum": "1s"}, {"1s"}),
        ({"minimum": "5s"}, {"5s", "6s"}),
        ({"minimum": "5s", "maximum": "6s"}, {"5s", "6s"}),
    ],
)
def test_the_durations_at_both_bounds_and_within_them_are_there(limits: Object, expected: set[str]) -> None:
    schema: Object = {"type": "string", "pattern": "^[0-9]+s$", "x-duration": limits}
    found = {each.value for each in values(schema) if each.keyword == "x-duration"}
    assert found == expected


@given(st.floats(-50, 50), st.floats(0.1, 9))
def test_a_whole_number_stands_between_the_bounds_wherever_there_is_one(low: float, width: float) -> None:
    high = low + width
    schema: Object = {"type": "number", "minimum": low, "maximum": high}
    inside = [each.value for each in values(schema) if low < each.value < high]
    expected = any(low < whole < high for whole in range(-52, 62))
    assert any(isinstance(each, int) for each in inside) is expected


def test_free_content_is_as_large_as_its_label_says() -> None:
    def depth(value: Any) -> int:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inside is None else isinstance(value, dict) + max(map(depth, inside), default=0)

    sizes: dict[str, Callable[[Any], int]] = {
        "levels": depth,
        "members": len,
        "list": lambda value: len(value["list"]),
        "characters": lambda value: len(value["text"]),
    }
    met = set[str]()
    for each in values({"type": "object"}):
        named = re.fullmatch(r"(?:a (?:text|list) of )?(\d+)(?: (levels|members|characters))?", each.label)
        if named is not None:
            kind = named[2] or "list"
            assert sizes[kind](each.value) == int(named[1]), each.label
            met.add(kind)
    assert met == sizes.keys()


@pytest.mark.parametrize(("bound", "must"), [(-5, False), (-1, False), (0, True), (1, True), (7, True)])
def test_a_bound_below_zero_may_be_refused_by_who_counts_something(bound: int, must: bool) -> None:
    for keyword in ("minimum", "maximum"):
        assert [each.must for each in values({"type": "integer", keyword: bound}) if each.keyword == keyword] == [must]


def test_integers_include_the_usual_rates_of_samples_and_the_limits_of_bytes() -> None:
    found = {each.value for each in values({"type": "integer"}) if each.must}
    assert {8_000, 16_000, 24_000, 44_100, 48_000} | {2**8 - 1, 2**16} | {0, 1} == found


def test_the_label_of_a_number_is_the_number() -> None:
    for kind in ("number", "integer"):
        for each in values({"type": kind}):
            assert float(each.label.rpartition(" ")[2]) == each.value


def test_numbers_have_few_and_many_digits_and_are_small_and_large() -> None:
    found = {each.value for each in values({"type": "number"})}
    assert {0, 1, 0.5} <= found
    assert any(len(repr(value)) == 8 and 0.1 < value < 0.2 for value in found), "six digits"
    assert any(len(repr(value)) > 12 and 0.1 < value < 0.2 for value in found), "more than single precision has"
    assert any(0 < value < 2**-100 for value in found)
    assert any(2**127 < value < 2**128 for value in found), "the largest of single precision"
    assert [each.must for each in values({"type": "number"}) if each.value > 2**128] == [False]


def test_what_an_array_holds_whose_items_nobody_describes_is_of_several_types() -> None:
    (mixed,) = [each.value for each in values({"type": "array"}) if each.label == "any elements"]
    assert {type(each) for each in mixed} == {int, str, type(None)}
