"""Differences between two JSON values: what is dropped, what is mangled and what is invented on the way.

Numbers are equal by value and durations by their seconds, as ProtoJSON defines them; all else is equal to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from openapi.json_types import Json, Path, same_number
from openapi.schema.nodes import type_of


class Change(StrEnum):
    """The fate of a value on its way."""

    DROPPED = "dropped"
    MANGLED = "mangled"
    INVENTED = "invented"


@dataclass(frozen=True)
class Difference:
    """One place at which two values differ; `expected` or `actual` is ABSENT if there is no such member."""

    change: Change
    path: Path
    expected: Json
    actual: Json


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT: Json = _Absent()
Same: TypeAlias = Callable[[Path, Json, Json], bool]
_DURATION = re.compile(r"(-?\d{1,12}(?:\.\d{1,9})?)s", re.ASCII)


def _equal_anywhere(_path: Path, one: Json, other: Json) -> bool:
    return equal(one, other)


def differences(expected: Json, actual: Json, path: Path = (), same: Same = _equal_anywhere) -> Iterator[Difference]:
    """Yield each difference at its deepest place, in document order; `same` compares two scalars at a path."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _of_objects(expected, actual, path, same)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, pair in enumerate(zip(expected, actual, strict=True)):
            yield from differences(*pair, (*path, index), same)
    elif not same(path, expected, actual):
        yield Difference(Change.MANGLED, path, expected, actual)


def _of_objects(expected: dict[str, Json], actual: dict[str, Json], path: Path, same: Same) -> Iterator[Difference]:
    for name, value in expected.items():
        if name in actual:
            yield from differences(value, actual[name], (*path, name), same)
        else:
            yield Difference(Change.DROPPED, (*path, name), value, ABSENT)
    for name in sorted(actual.keys() - expected.keys()):
        yield Difference(Change.INVENTED, (*path, name), ABSENT, actual[name])


def equal(one: Json, other: Json) -> bool:
    """Return whether two values mean the same: `1` and `1.0` do, `"1.5s"` and `"1.500s"` do, `true` and `1` do not."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _same_duration(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if one is ABSENT or other is ABSENT:
        return one is other
    kinds = {type_of(one), type_of(other)}
    return same_number(one, other) if kinds <= {"integer", "number"} else bool(one == other) and len(kinds) == 1


def _same_duration(one: str, other: str) -> bool:
    found = _DURATION.fullmatch(one), _DURATION.fullmatch(other)
    return found[0] is not None and found[1] is not None and Decimal(found[0][1]) == Decimal(found[1][1])


_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def same_moment(one: Json, other: Json) -> bool:
    """Return whether two timestamps name the same moment to the last digit; a leap second is not the second after it."""
    moments = _moment(one), _moment(other)
    return moments[0] is not None and moments[0] == moments[1]


def _moment(text: Json) -> tuple[float, Decimal] | None:
    """Return the minute as a POSIX time and the second in it; None if the text is no RFC 3339 timestamp."""
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        minute = datetime.fromisoformat(f"{found[1]}T{found[2]}:00{found[4].upper().replace('Z', '+00:00')}")
        return minute.timestamp(), Decimal(found[3])
    except (ValueError, OverflowError):
        return None
