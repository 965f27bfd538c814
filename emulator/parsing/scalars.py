"""Scalars as a ProtoJSON parser reads them: leniently, but not every value."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from emulator.durations import NoDuration, canonical, is_in_range
from emulator.parsing.malformed import Malformed
from emulator.value_kinds import Kind, Shape
from openapi.json_types import Json

Read = Callable[[Json], Json]

LARGEST = {"float": 3.4028234663852886e38}  # of a 32-bit float
_OVERFLOW = {"float": 3.4028235677973366e38}  # from here on a number is rounded to infinity
_LONG = 2**63
_RANGES = {"int32": 2**31, "int64": _LONG}
_NOT_NUMBERS = {math.inf: "Infinity", -math.inf: "-Infinity"}


def string(_shape: Shape) -> Read:
    """Return a string unchanged; Malformed for any other value."""

    def read(value: Json) -> Json:
        if type(value) is str:
            return value
        raise Malformed(f"expected string or bytes-like object, got {_name(value)}")

    return read


def boolean(_shape: Shape) -> Read:
    """Return true or false unchanged; Malformed for any other value."""

    def read(value: Json) -> Json:
        if value is True or value is False:
            return value
        raise Malformed(f"Expected true or false without quotes, got {_shown(value)}")

    return read


def integer(shape: Shape) -> Read:
    """Return an integer, also of a string or of `16000.0`, within its format. Malformed for anything else.

    Strings are read as Python reads them: digits of any script, underscores, white space around, but no blank anywhere.
    """
    limit = _RANGES.get(shape.format, math.inf)

    def read(value: Json) -> Json:
        number = _whole(value)
        if number is None:
            raise Malformed(f"Couldn't parse integer: {_shown(value)}")
        if not -limit <= number < limit:
            raise Malformed(f"Value out of range: {_shown(value)}")
        return number

    return read


def _whole(value: Json) -> int | None:
    """Return the integer that a number or a string stands for; None if there is none."""
    if type(value) is int:
        return value
    if type(value) is str and " " not in value:
        try:
            return int(value)
        except ValueError:
            value = _number(value)
    return int(value) if type(value) is float and value.is_integer() else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def floating(shape: Shape) -> Read:
    """Return a number, also of a string; true counts as 1, as in protobuf for Python. Malformed for anything else.

    `"NaN"`, `"Infinity"` and strings beyond the range are read, and written as strings again, since JSON has no such numbers.
    """
    largest, overflow = LARGEST.get(shape.format, math.inf), _OVERFLOW.get(shape.format, math.inf)

    def read(value: Json) -> Json:
        number = _floating(value)
        if number is None:
            raise Malformed(f"Couldn't parse float: {_shown(value)}")
        if type(value) is float and (math.isnan(value) or math.isinf(value) or abs(value) > largest):
            raise Malformed(f"Float value out of range: {_shown(value)}")
        if math.isnan(number):
            return "NaN"
        rounded = math.copysign(math.inf, number) if abs(number) >= overflow else number
        return _NOT_NUMBERS.get(rounded) or (value if type(value) is int else number)

    return read


def _floating(value: Json) -> float | None:
    if type(value) is str:
        # Python reads `nan`; protobuf does not.
        return None if value == "nan" else _number(value)
    try:
        return float(value) if isinstance(value, bool | int | float) else None
    except OverflowError:
        return None


def enum(shape: Shape) -> Read:
    """Return a member by its name or number; an unknown number of 32 bits stays one. Malformed for anything else."""
    names = frozenset(member for member in shape.members if isinstance(member, str))
    members = shape.members

    def read(value: Json) -> Json:
        # Protobuf looks names up as C strings, which end at a NUL.
        if type(value) is str and value.partition("\0")[0] in names:
            return value.partition("\0")[0]
        number = _truncated(value)
        if number is None or not -_LONG <= number < _LONG:
            raise Malformed(f'Invalid enum value {_shown(value)} for enum type "{shape.name or "enum"}"')
        # Protobuf looks numbers up by their lower 32 bits.
        found = (number + 2**31) % 2**32 - 2**31
        if 0 <= found < len(members):
            return members[found]
        if found != number:
            raise Malformed(f"Value out of range: {_shown(value)}")
        return number

    return read


def _truncated(value: Json) -> int | None:
    """Return the integer that Python's `int` makes of a value: of a number what is before the point."""
    try:
        return int(value) if isinstance(value, bool | int | float | str) else None
    except (ValueError, OverflowError):
        return None


def duration(shape: Shape) -> Read:
    """Return a duration, rewritten where its pattern would not admit it. Malformed for anything else."""
    pattern = re.compile(shape.keywords["pattern"])

    def read(value: Json) -> Json:
        if type(value) is not str:
            raise Malformed(f"expected string or bytes-like object, got {_name(value)}")
        try:
            if is_in_range(value):
                return value if pattern.search(value) and not value.endswith("\n") else canonical(value)
        except NoDuration:
            pass
        raise Malformed(f"Couldn't parse duration: {_shown(value)}")

    return read


def anything(_shape: Shape) -> Read:
    """Return any value unchanged."""
    return lambda value: value


def _shown(value: Json) -> str:
    text = str(value)
    return text if len(text) < 80 else text[:80] + "..."


def _name(value: Json) -> str:
    return type(value).__name__


SCALARS: dict[Kind, Callable[[Shape], Read]] = {
    Kind.STRING: string,
    Kind.BOOLEAN: boolean,
    Kind.INTEGER: integer,
    Kind.FLOAT: floating,
    Kind.ENUM: enum,
    Kind.DURATION: duration,
    Kind.ANY: anything,
}
