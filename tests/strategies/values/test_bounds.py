"""Bounds are the outermost admitted numbers; neighbours differ from them in single precision."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.nodes import Node
from strategies.values.bounds import after, before, bounds
from tests.strategies.schemas import Object, oracle


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
