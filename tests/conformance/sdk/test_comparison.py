"""Comparison of values: equal by meaning, and each difference at its deepest place."""

from __future__ import annotations

import pytest

from conformance.sdk.comparison import ABSENT, Change, Difference, differences, equal, same_moment
from openapi.json_types import Json


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((1, 1.0), ([1], [1.0]), ({"a": [0]}, {"a": [0.0]})),
        *(("1.5s", "1.500s"), ("-0.5s", "-0.500s"), ("a", "a"), (None, None)),
        (-4.508321793305226e16, -45083217933052260),  # as JavaScript writes it
    ],
)
def test_values_that_mean_the_same_are_equal(one: Json, other: Json) -> None:
    assert equal(one, other)
    assert equal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (0, False), (0, ""), (None, False), ("1", 1), ("1.5s", "1.5"), ("1s", "1.000000001s"), ([], {}), ([1], [1, 2])],
)
def test_values_that_mean_something_else_are_not(one: Json, other: Json) -> None:
    assert not equal(one, other)
    assert not equal(other, one)


def test_each_difference_is_reported_at_its_deepest_place() -> None:
    expected = {"a": {"b": [1, 2], "c": 0}, "d": "x"}
    actual = {"a": {"b": [1, "2"]}, "d": "x", "e": None}
    assert list(differences(expected, actual)) == [
        Difference(Change.MANGLED, ("a", "b", 1), 2, "2"),
        Difference(Change.DROPPED, ("a", "c"), 0, ABSENT),
        Difference(Change.INVENTED, ("e",), ABSENT, None),
    ]


def test_an_array_of_another_length_is_mangled_as_a_whole() -> None:
    assert [each.path for each in differences({"a": [1, 2]}, {"a": [1]})] == [("a",)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2025-04-01T12:00:00Z", "2025-04-01T12:00:00+00:00", True),
        ("2025-04-01T12:00:00.5+05:30", "2025-04-01T06:30:00.500Z", True),
        ("2025-04-01T12:00:00.123456789Z", "2025-04-01T12:00:00.123456Z", False),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", False),
        ("2016-12-31T23:59:60Z", "2016-12-31T18:59:60-05:00", True),
        ("2025-04-01T12:00:00", "2025-04-01T12:00:00", False),
        ("2025-13-01T12:00:00Z", "2025-13-01T12:00:00Z", False),
    ],
)
def test_timestamps_are_compared_as_moments(one: str, other: str, *, same: bool) -> None:
    assert same_moment(one, other) is same
