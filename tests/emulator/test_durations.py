"""Durations: reading them generously, and ways of writing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.durations import NoDuration, canonical, nanos, split, styled, trimmed


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0s", ("0s", "0s", "0.000000000s")),
        ("30s", ("30s", "30s", "30.000000000s")),
        ("0.5s", ("0.500s", "0.5s", "0.500000000s")),
        ("1.00s", ("1s", "1s", "1.000000000s")),
        ("-1.5s", ("-1.500s", "-1.5s", "-1.500000000s")),
        ("-0s", ("0s", "0s", "0.000000000s")),
        ("1.0001s", ("1.000100s", "1.0001s", "1.000100000s")),
        ("1.123456789s", ("1.123456789s", "1.123456789s", "1.123456789s")),
        ("+007.s", ("7s", "7s", "7.000000000s")),
    ],
)
def test_ways_of_writing(text: str, written: tuple[str, str, str]) -> None:
    assert (canonical(text), trimmed(text), nanos(text)) == written


@pytest.mark.parametrize("text", ["", "s", "30", "30m", "1h", ".5s", "1e3s", "1s\n", "1S", "--1s", "0.9999999999s", "1.2.3s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(NoDuration):
        split(text)


@given(
    st.from_regex(r"\A-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s\Z"),
    st.sampled_from([canonical, trimmed, nanos]),
)
def test_the_value_is_kept(text: str, write: object) -> None:
    assert callable(write)
    sign, seconds, fraction = split(text)
    written = split(write(text))
    assert written[1:] == (seconds, fraction)
    assert written[0] == sign or (int(seconds), int(fraction)) == (0, 0)


def test_what_a_fault_lets_in_is_left_alone() -> None:
    assert styled("canonical")("soon") == "soon"
    assert styled("nanos")(None) is None  # type: ignore[arg-type]
