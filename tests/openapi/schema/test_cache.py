"""Tests of what is remembered is remembered of one value alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import Json
from openapi.schema.cache import Cache, serialized
from openapi.schema.oracle import Oracle

_SCALARS: list[Json] = [None, True, False, 0, 1, 0.0, -0.0, 1.0, "", "1", "null", "true", math.nan, math.inf, 2**64]


def _made_of(scalars: list[Json]) -> st.SearchStrategy[Json]:
    return st.recursive(
        st.sampled_from(scalars),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "null"]), inner, max_size=2),
        max_leaves=4,
    )


_VALUES = _made_of([*_SCALARS, "\ud800"])


@given(_VALUES, _VALUES)
def test_no_two_values_have_one_text(one: Json, other: Json) -> None:
    if serialized(one) is not None and serialized(one) == serialized(other):
        assert repr(one) == repr(other)


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": 2**64}, "\ud800"])
def test_what_json_cannot_say_has_no_text(value: Json) -> None:
    assert serialized(value) is None


def test_what_is_too_long_has_no_text() -> None:
    assert [serialized("abc", longest) for longest in (5, 4)] == [b'"abc"', None]


def test_it_makes_room_for_new_texts() -> None:
    known: Cache[int] = Cache(most=2, longest=3)
    for number, text in enumerate([b"a", b"b", b"long", b"c"]):
        known.keep(text, number)
    assert known == {b"c": 3}


@given(st.lists(_made_of(_SCALARS), max_size=6))
def test_the_oracle_says_the_same_again(values: list[Json]) -> None:
    kinds = [{"type": ["null", "boolean", "number"]}, {"required": ["a"]}]
    schema = {"anyOf": kinds, "maxItems": 1, "properties": {"a": False}}
    oracle = Oracle(schema, "x")
    for value in [*values, *values]:
        assert oracle.violated(value) == Oracle(schema, "x").violated(value)
