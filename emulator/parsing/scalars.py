"""How the ProtoJSON mapping reads scalars: generously, but not everything."""

from __future__ import annotations

import re
from collections.abc import Callable

from emulator.durations import NoDuration, canonical
from emulator.parsing.malformed import Malformed
from emulator.value_kinds import Kind, Shape
from openapi.json_types import Json

Read = Callable[[Json], Json]

_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
LARGEST = {"float": 3.4028234663852886e38}  # of a 32-bit float
_RANGES = {"int32": 2**31}


def string(_shape: Shape) -> Read:
    """A text, and nothing else."""

    def read(value: Json) -> Json:
        if type(value) is str:
            return value
        raise Malformed(f"expected string or bytes-like object, got {_name(value)}")

    return read


def boolean(_shape: Shape) -> Read:
    """true or false, and nothing else."""

    def read(value: Json) -> Json:
        if value is True or value is False:
            return value
        raise Malformed(f"Expected true or false without quotes, got {_shown(value)}")

    return read


def integer(shape: Shape) -> Read:
    """An integer, also as text or as `16000.0`; no further than its format reaches."""
    limit = _RANGES.get(shape.format, 2**63)

    def read(value: Json) -> Json:
        if type(value) is int:
            number = value
        elif type(value) is float and value.is_integer():
            number = int(value)
        elif type(value) is str and _INTEGER.fullmatch(value):
            number = _int(value)
        else:
            raise Malformed(f"Couldn't parse integer: {_shown(value)}")
        if not -limit <= number < limit:
            raise Malformed(f"Value out of range: {_shown(value)}")
        return number

    return read


def _int(text: str) -> int:
    # Python refuses to convert texts of thousands of digits; no such number is in range.
    return int(text) if len(text) < 40 else 2**63


def floating(shape: Shape) -> Read:
    """A number, also as text; true counts as 1, as it does in protobuf for Python."""
    largest = LARGEST.get(shape.format, 1.7976931348623157e308)

    def read(value: Json) -> Json:
        number = value
        if type(value) is bool or (type(value) is str and _FLOAT.fullmatch(value)):
            number = float(value)
        elif type(value) is not float and type(value) is not int:
            raise Malformed(f"Couldn't parse float: {_shown(value)}")
        if not -largest <= number <= largest:
            raise Malformed(f"Float value out of range: {_shown(value)}")
        return number

    return read


def enum(shape: Shape) -> Read:
    """A member by its name, or by its number: its place in the list."""
    names = frozenset(member for member in shape.members if isinstance(member, str))
    members = shape.members

    def read(value: Json) -> Json:
        if type(value) is str and value in names:
            return value
        if type(value) is int and 0 <= value < len(members):
            return members[value]
        raise Malformed(f'Invalid enum value {_shown(value)} for enum type "{shape.name or "enum"}"')

    return read


def duration(shape: Shape) -> Read:
    """A duration; one that its pattern would not admit is rewritten so that it does."""
    pattern = re.compile(shape.keywords["pattern"])

    def read(value: Json) -> Json:
        if type(value) is not str:
            raise Malformed(f"expected string or bytes-like object, got {_name(value)}")
        if pattern.search(value) and not value.endswith("\n"):
            return value
        try:
            return canonical(value)
        except NoDuration:
            raise Malformed(f"Couldn't parse duration: {_shown(value)}") from None

    return read


def anything(_shape: Shape) -> Read:
    """Whatever it is."""
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
