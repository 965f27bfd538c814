"""Values for what an answer must have and nothing determines: null where it may be, else something plain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from emulator.shapes import Kind, Shape, is_unspecified
from openapi.json_types import Json


def generic(shape: Shape) -> Json:
    """A value of a shape."""
    if "default" in shape.keywords:
        return shape.keywords["default"]
    if "const" in shape.keywords:
        return shape.keywords["const"]
    return None if shape.nullable else _MAKERS[shape.kind](shape)


def _message(shape: Shape) -> Json:
    return {name: generic(member) for name, member in shape.properties.items() if name in shape.required}


def _enum(shape: Shape) -> Json:
    return next((member for member in shape.members if not is_unspecified(member)), shape.members[0])


def _string(shape: Shape) -> Json:
    text = _TEXTS[shape.format]() if shape.format in _TEXTS else ""
    return text.ljust(shape.keywords.get("minLength", 0), "x")


def _number(shape: Shape) -> Json:
    lowest, highest = shape.keywords.get("minimum", 0), shape.keywords.get("maximum", 0)
    return lowest if lowest > 0 else min(0, highest)


def now() -> str:
    """The present as the endpoint writes times: `2025-04-01T12:00:00.000000Z`."""
    return datetime.now(UTC).isoformat(timespec="microseconds")[:26] + "Z"


_TEXTS: dict[str, Callable[[], str]] = {
    "uuid": lambda: str(uuid4()),
    "date-time": now,
    "date": lambda: now()[:10],
    "uri": lambda: "https://emulator.example/",
    "email": lambda: "nobody@emulator.example",
}

_MAKERS: dict[Kind, Callable[[Shape], Json]] = {
    Kind.MESSAGE: _message,
    Kind.MAP: lambda _: {},
    Kind.STRUCT: lambda _: {},
    Kind.LIST: lambda _: [],
    Kind.STRING: _string,
    Kind.ENUM: _enum,
    Kind.DURATION: lambda _: "0s",
    Kind.INTEGER: _number,
    Kind.FLOAT: _number,
    Kind.BOOLEAN: lambda _: False,
    Kind.ANY: lambda _: None,
}
