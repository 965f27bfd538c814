"""Durations as JSON strings, `1.5s`: read exactly, compared as numbers of seconds, written at and beside a bound.

A pattern is that of durations if it admits nothing else: protobuf reads such strings by rules of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

import jsonschema_rs

from openapi.json_types import Json

_DURATION = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s", re.ASCII)
NANOSECOND = Decimal("1e-9")
_MOST = Decimal(315_576_000_000)  # seconds of a google.protobuf.Duration, in either direction
_ALL = ("0s", "30s", "3600.5s", "-5s", "1.000000001s", "315576000000s")
_LIKELY = ("0s", "3s", "30s", "300s", "3600s", "3.5s", "30.5s", "3600.5s", "-5s")
_OTHERS = ("", "s", "x", "xs", "30", "30m", "30ms", "3 s", "PT30S", "00:00:30", "3d")


def seconds(text: Json) -> Decimal | None:
    """Return a duration in seconds; None for a value that is no duration in protobuf's JSON form."""
    return Decimal(text[:-1]) if isinstance(text, str) and _DURATION.fullmatch(text) else None


def written(number: Decimal) -> str:
    """Return a number of seconds as a duration, without an exponent and without surplus zeros."""
    text = f"{number:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}s"


def is_in_range(text: str) -> bool:
    """Return whether protobuf has such a duration: its seconds are bounded, and nothing is shorter than a nanosecond."""
    found = seconds(text)
    return found is not None and abs(found) <= _MOST


@lru_cache(maxsize=256)
def is_wide(pattern: str) -> bool:
    """Return whether a pattern is that of all durations of protobuf in JSON."""
    return _is_of_durations(pattern) and all(map(_matcher(pattern), _ALL))


@lru_cache(maxsize=256)
def is_narrow(pattern: str) -> bool:
    """Return whether a pattern admits some durations and nothing else, such as whole seconds alone."""
    return _is_of_durations(pattern) and not is_wide(pattern)


def _is_of_durations(pattern: str) -> bool:
    matches = _matcher(pattern)
    return any(map(matches, _LIKELY)) and not any(map(matches, _OTHERS))


def _matcher(pattern: str) -> Callable[[str], bool]:
    return jsonschema_rs.validator_for({"pattern": pattern}).is_valid


def respelled(text: str) -> Iterator[str]:
    """Yield the spellings in which protobuf writes a duration again: with 0, 3, 6 or 9 digits, or as few as there can be."""
    found = seconds(text)
    if found is not None:
        found = found + 0  # which has no sign if it is zero
        yield written(found)
        yield from (f"{found:.{digits}f}s" for digits in (0, 3, 6, 9) if round(found, digits) == found)
