"""A body that no parser reads to its end is kept apart from one that is no JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.json_bounds import MOST_DIGITS, MOST_LEVELS, TooDeep, TooManyDigits, check_bounds

DEEP = b"[" * (MOST_LEVELS + 30) + b"]" * (MOST_LEVELS + 30)


@pytest.mark.parametrize(
    "content", [DEEP, b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"x": "]", "a": %s}' % DEEP]
)
def test_what_is_too_deep_is_named(content: bytes) -> None:
    with pytest.raises(TooDeep):
        check_bounds(content)


@pytest.mark.parametrize("number", [b"9" * (MOST_DIGITS + 1), b"-" + b"1" * 100_000])
def test_a_number_that_is_too_long_is_named(number: bytes) -> None:
    with pytest.raises(TooManyDigits):
        check_bounds(b'{"a": "x", "b": %s}' % number)


@given(st.binary(max_size=60))
def test_anything_else_is_left_to_the_checks(noise: bytes) -> None:
    """Broken JSON, whatever its size: brackets and digits within strings count for nothing."""
    strings = json.dumps("[" * 3_000 + "9" * 5_000).encode()
    wide = b"[" + b"[{}]," * 2_000
    check_bounds(noise)
    check_bounds(noise.replace(b'"', b"") + strings + wide + b"9" * 400)
    check_bounds(json.dumps({"a": [[1]] * 3_000, "b": "9" * 9_000}).encode())
