"""A response is read as a lenient reader takes it."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from conformance.checks.as_read import Reading, shortest_single
from openapi.schema.nodes import tree
from tests.conformance.checks.small import checker


@example(number=999999986991104.0)  # 1e15, which `repr` writes with more zeros than this has digits
@given(number=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_single_is_read_as_the_shortest_decimal_that_stands_for_it(number: float) -> None:
    short = shortest_single(number)
    assert struct.pack("f", short) == struct.pack("f", number)
    assert _digits(short) <= _digits(number)


def _digits(number: float) -> int:
    """Return how many significant digits a number has."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_no_single_stays_as_it_is(number: float) -> None:
    try:
        is_single = struct.unpack("f", struct.pack("f", number))[0] == number
    except OverflowError:
        is_single = False
    assert is_single or shortest_single(number) == number


def test_a_single_of_seven_tenths_is_seven_tenths() -> None:
    assert shortest_single(0.699999988079071) == 0.7
    assert Reading(checker().catalogue.response).of({"rate": 0.699999988079071, "count": 1.5}) == {"rate": 0.7, "count": 1.5}


VALUES: Any = st.none() | st.integers() | st.text(max_size=3)


@given(
    st.dictionaries(st.sampled_from(["id", "inner", "tags"]), VALUES),
    st.dictionaries(st.sampled_from(["size", "text"]), VALUES),
)
def test_only_nested_members_that_are_null_are_left_out(top: Any, nested: Any) -> None:
    response = {**top, "inner": nested}
    read = Reading(checker().catalogue.response).of(response)
    assert read.keys() == response.keys()
    assert read["inner"] == {name: value for name, value in nested.items() if value is not None}
    assert json.loads(json.dumps(read)) == read


def test_members_of_the_branch_that_is_meant_are_read_too() -> None:
    def shape(kind: str, member: Any) -> Any:
        return {"properties": {"kind": {"const": kind}, "inner": member}, "required": ["kind"]}

    inner = {"type": "object", "properties": {"size": {"type": "integer"}}}
    root = tree({"type": "object", "oneOf": [shape("a", inner), shape("b", {"type": "object"})]})
    unset = {"inner": {"size": None}}
    assert Reading(root).of({"kind": "a", **unset}) == {"kind": "a", "inner": {}}
    assert Reading(root).of({"kind": "b", **unset}) == {"kind": "b", **unset}
