"""Hostile values: real servers stumbled over these; read from `hostile.yaml`, with sizes to try."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

# Sizes that a server must take in any place, and larger ones that it may refuse. Nothing documents a limit, and no common limit
# is as low as the first.
TEXT, TEXT_MAY = 10_500, 66_000
ITEMS, ITEMS_MAY = 130, 1_100
DEPTH, DEPTH_MAY = 30, 90
# Around each power of two up to 8 KiB, and at round numbers: where columns, buffers and limits end. The likeliest first.
LENGTHS = (
    *(size + step for size in (256, 1024, 4096, 64, 128, 512, 2048, 8192, 32, 16) for step in (0, -1, 1)),
    *(50, 100, 101, 200, 500, 1000, 1001, 2000, 5000, 10000),
)
# Lengths of strings whose characters are four bytes of UTF-8 and two units of UTF-16 each. Take any limit in bytes or units
# between the smallest and twice the largest length. One of these strings has more than that, but fewer characters.
WIDE_LENGTHS = (256, 1024, 64, 128, 512, 2048)


@cache
def trouble() -> dict[str, Any]:
    """Return the content of `hostile.yaml`."""
    data = yaml.load((Path(__file__).parent / "hostile.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise TypeError("hostile.yaml holds no object")
    return data


@cache
def long_string(length: int) -> str:
    """Return a string of `length` characters that differs at every place, so that a cut or a swap shows."""
    words: list[str] = []
    size = 0
    while size < length:
        words.append(f"{size:x} é ")
        size += len(words[-1])
    return "".join(words)[: length - 1] + "."


@cache
def wide_string(length: int) -> str:
    """Return a string of `length` different characters outside the basic multilingual plane."""
    return "".join(chr(0x20000 + index) for index in range(length))


def wide_label(length: int) -> str:
    """Return the label of a string of that many characters outside the basic multilingual plane."""
    return f"{length} characters of four bytes"


def deep(depth: int) -> dict[str, Any]:
    """Return `depth` objects inside each other, some of them in arrays."""
    value: Any = {"end": True}
    for level in range(depth - 1):
        value = {"in": value} if level % 3 else {"in": [value]}
    return dict(value)


def wide(count: int) -> dict[str, Any]:
    """Return an object with `count` members."""
    return {f"key{index:04d}": index for index in range(count)}
