"""From bytes to JSON: UTF-8 without a byte order mark, no NaN, no deeper than a limit."""

from __future__ import annotations

import json
import math
import re

import orjson

from emulator.parsing.malformed import Malformed
from openapi.json_types import Json

# Protobuf's own parsers stop at 100 levels; the response adds a few, and its serializer stops at 254.
DEEPEST = 100
_LOWEST = -(2**63)
_LONGEST = 20  # characters of an integer that may have 64 bits
_MAY_BE_BELOW = re.compile(rb"-[0-9]{19}")


def json_of(raw: bytes) -> Json:
    """Return the JSON value of a body; Malformed if it is not JSON."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"JSON parse error - {error}") from error
    if _MAY_BE_BELOW.search(raw):
        value = json.loads(raw, parse_int=_integer)
    if is_deeper(value, raw, DEEPEST):
        raise Malformed("Message too deep. Max recursion depth is 100")
    return value


def _integer(digits: str) -> int | float:
    """Return the integer that a string of digits stands for; a float if it has more than 64 bits.

    orjson reads -9223372036854775809 as a float too, and rounds it to the lowest integer of 64 bits, which is valid.
    """
    if len(digits) > _LONGEST:
        return float(digits)
    number = int(digits)
    if _LOWEST <= number < 2**64:
        return number
    rounded = float(number)
    return math.nextafter(rounded, -math.inf) if rounded == _LOWEST else rounded


def is_deeper(value: Json, text: bytes, limit: int) -> bool:
    """Return whether a value, given with its serialized form, is nested deeper than a limit."""
    # Counting brackets is fast and enough for nearly every value; a short one has no room for so many.
    return len(text) > 2 * limit and text.count(b"{") + text.count(b"[") > limit and depth(value) > limit


def depth(value: Json) -> int:
    """Return how deep objects and arrays are nested in a value; 0 for a scalar."""
    level, deepest = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        deepest += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return deepest
