"""From bytes to JSON."""

from __future__ import annotations

import math
from typing import Any

import pytest

from emulator.parsing import Malformed, json_of
from emulator.parsing.text import DEEPEST, depth


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{} {}",
        b'{"a":1,}',
        b'{"a":01}',
        b"{'a':1}",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"1e400",
        b"\xff",
        b'"\xc3"',
        b'"\\ud800"',
        b'"\\x"',
        b'"a\nb"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    ],
)
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        json_of(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b" {} \n", {}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'"\\u0000"', "\0"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b"123456789012345678901234567890", 123456789012345678901234567890.0),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
        (b"[" + b"{}," * 500 + b"[]]", [*[{}] * 500, []]),
    ],
)
def test_json_is_read(raw: bytes, value: Any) -> None:
    read = json_of(raw)
    assert value is None or read == value


@pytest.mark.parametrize(("value", "levels"), [(1, 0), ({}, 1), ([], 1), ({"a": [1]}, 2), ([{}, [[]]], 3), ({"a": "{[{["}, 1)])
def test_depth(value: Any, levels: int) -> None:
    assert depth(value) == levels


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"-9223372036854775808", -(2**63)),
        (b"-9223372036854775809", math.nextafter(-(2.0**63), -math.inf)),
        (b"[-9223372036854775809, 18446744073709551615, 1]", [math.nextafter(-(2.0**63), -math.inf), 2**64 - 1, 1]),
        (b'{"a": "-9223372036854775809", "b": -1.5}', {"a": "-9223372036854775809", "b": -1.5}),
        (b"-1" + b"0" * 30, -1e30),
    ],
)
def test_an_integer_below_64_bits_is_not_rounded_into_them(text: bytes, value: Any) -> None:
    assert repr(json_of(text)) == repr(value)
