"""Bounds are the outermost admitted numbers; neighbours differ from them in single precision."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.nodes import Node
from strategies.values.bounds import after, before, between, bound_keyword, bounds, inside, whole_number
from tests.strategies.schemas import Object, fits, oracle


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


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


@given(
    st.integers(-50, 50) | st.sampled_from([-2.5, -0.5, 0.5, 2.5, 7.25]), st.sampled_from(["minimum", "maximum"]), st.booleans()
)
def test_the_integer_next_to_a_bound_is_inside_and_the_one_beyond_it_is_not(bound: float, label: str, exclusive: bool) -> None:
    keyword = f"exclusive{label.title()}" if exclusive else label
    schema: Object = {"type": "integer", keyword: bound}
    found = whole_number(bound, node_of(schema), label)
    assert isinstance(found, int)
    assert fits(schema, found)
    assert not fits(schema, found + (-1 if label == "minimum" else 1))


@given(st.integers(-50, 50), st.sampled_from([("exclusiveMinimum", 1), ("exclusiveMaximum", -1)]))
def test_a_bound_that_is_excluded_gives_way_to_the_next_number(bound: int, side: tuple[str, int]) -> None:
    keyword, direction = side
    excluded, usual = node_of({"type": "number", keyword: bound}), node_of({"type": "number", keyword: bound + 1})
    found = inside(bound, excluded, keyword, direction)
    assert 0 < (found - bound) * direction < 1e-3
    assert inside(bound, usual, keyword, direction) == bound


def test_a_bound_is_known_by_its_keyword_or_by_the_format() -> None:
    for keyword in ("minimum", "exclusiveMinimum"):
        assert bound_keyword(node_of({"type": "integer", keyword: 1, "maximum": 9}), "inimum") == keyword
    assert bound_keyword(node_of({"type": "integer", "format": "int32", "minimum": 1}), "aximum") == "format"


@pytest.mark.parametrize("number", [10**39, -(10**39), 10**400, 3.4e38, 1e308])
def test_beyond_single_precision_there_is_a_next_number_all_the_same(number: float) -> None:
    assert before(number) < number < after(number)


@given(st.sampled_from([(0, 1), (0.0, 0.5), (-3, 8), (1, 1000), (10, 10.5)]))
def test_between_two_bounds_lie_the_middle_and_the_neighbours_of_both(ends: tuple[float, float]) -> None:
    low, high = ends
    found = [*between(low, high)]
    assert all(low < value < high for value in found)
    assert {after(low), before(high), round((low + high) / 2, 6)} <= {*found}
    assert [*between(None, high)] == [*between(low, None)] == []
