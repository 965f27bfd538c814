"""Hostile strings and sizes: each there once, and each as large as it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values.hostile import (
    DEPTH,
    DEPTH_MAY,
    ITEMS,
    ITEMS_MAY,
    LENGTHS,
    TEXT,
    TEXT_MAY,
    WIDE_LENGTHS,
    deep,
    long_string,
    trouble,
    wide,
    wide_string,
)
from strategies.values.strings import fits, matching


def levels(value: Any) -> int:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((1 + levels(each) for each in members), default=0)


@pytest.mark.parametrize("kind", ["texts", "doubtful_texts", "values", "free"])
def test_no_two_values_are_equal_and_all_are_json(kind: str) -> None:
    found = [json.dumps(value) for value in trouble()[kind].values()]
    assert len(set(found)) == len(found) > 0


def test_no_two_keys_are_equal() -> None:
    keys = trouble()["keys"]
    assert len(set(keys)) == len(keys) > 0
    assert all(isinstance(key, str) for key in keys)


def test_what_must_be_accepted_is_not_among_what_may_be_refused() -> None:
    assert not {*trouble()["texts"].values()} & {*trouble()["doubtful_texts"].values()}
    assert (TEXT < TEXT_MAY, ITEMS < ITEMS_MAY, DEPTH < DEPTH_MAY) == (True, True, True)


@given(st.integers(4, 12_000))
def test_a_long_string_has_its_length_and_no_part_twice(length: int) -> None:
    text = long_string(length)
    assert len(text) == length
    assert text.endswith(".")
    words = text[:-1].split(" é ")
    assert len(set(words[:-1])) == len(words[:-1])


def test_strings_of_other_lengths_differ_at_their_end_alone() -> None:
    assert all(long_string(size)[: size - 1] == long_string(size + 1)[: size - 1] for size in (255, 256, 1024))


def test_lengths_lie_around_each_power_of_two_and_the_likeliest_come_first() -> None:
    assert len(set(LENGTHS)) == len(LENGTHS)
    assert LENGTHS[:3] == (256, 255, 257)
    assert {size + step for size in (16, 64, 4096, 8192) for step in (-1, 0, 1)} <= {*LENGTHS}


@given(st.integers(1, 60))
def test_a_deep_object_has_as_many_objects_inside_each_other(depth: int) -> None:
    found = deep(depth)
    assert isinstance(found, dict)
    assert json.dumps(found).count("{") == depth
    assert levels(found) >= depth


@given(st.integers(0, 50))
def test_a_wide_object_has_as_many_members(count: int) -> None:
    assert len(wide(count)) == count


def test_the_strings_behind_a_pattern_match_it() -> None:
    for each in trouble()["pattern_types"]:
        assert each["values"]
        assert not set(each["matches"]) & set(each["misses"])
    assert all(fits("^[a-z]{3}$").is_valid(text) for text in matching("^[a-z]{3}$"))


@pytest.mark.parametrize(("encoding", "unit"), [("utf-8", 1), ("utf-16-le", 2)])
@given(limit=st.integers(min(WIDE_LENGTHS), 2 * max(WIDE_LENGTHS) - 1))
def test_a_limit_on_bytes_or_units_refuses_a_string_that_it_admits_by_its_characters(
    encoding: str, unit: int, limit: int
) -> None:
    texts = map(wide_string, WIDE_LENGTHS)
    assert any(len(text) <= limit < len(text.encode(encoding)) // unit for text in texts)
