"""From bytes to JSON."""

from __future__ import annotations

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
