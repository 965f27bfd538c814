"""Values for members that a response must have and nothing determines: null where it is valid, else a plain value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from time import time_ns
from uuid import UUID

from emulator.pattern_values import matching
from emulator.value_kinds import Kind, Shape, is_unspecified
from openapi.json_types import Json

# A generator of our own: Hypothesis seeds the shared one, which would repeat ids.
_IDS = Random()  # noqa: S311 - ids are no secrets


def generic(shape: Shape) -> Json:
    """Return a value of a shape."""
    if "default" in shape.keywords:
        return shape.keywords["default"]
    if "const" in shape.keywords:
        return shape.keywords["const"]
    return None if shape.nullable else _MAKERS[shape.kind](shape)


def _message(shape: Shape) -> Json:
    """Return an object with the required members, those of the first alternative, and as many as `minProperties`."""
    alternatives = shape.keywords.get("oneOf") or [{}]
    needed = shape.required.union(alternatives[0].get("required", ()))
    names = sorted(shape.properties, key=lambda name: name not in needed)
    count = max(len(needed & shape.properties.keys()), shape.keywords.get("minProperties", 0))
    return {name: generic(shape.properties[name]) for name in names[:count]}


def _enum(shape: Shape) -> Json:
    return next((member for member in shape.members if not is_unspecified(member)), shape.members[0])


def _string(shape: Shape) -> Json:
    least = shape.keywords.get("minLength", 0)
    if "pattern" in shape.keywords and (found := matching(shape.keywords["pattern"], least)) is not None:
        return found
    text = _STRINGS[shape.format]() if shape.format in _STRINGS else ""
    return text.ljust(least, "x")


def _number(shape: Shape) -> Json:
    lowest, highest = shape.keywords.get("minimum", 0), shape.keywords.get("maximum", 0)
    return lowest if lowest > 0 else min(0, highest)


def now() -> str:
    """Return the present time in the endpoint's format: `2025-04-01T12:00:00.000000Z`."""
    microseconds = time_ns() // 1000
    seconds = microseconds // 1_000_000
    return "%s.%06dZ" % (_whole(seconds), microseconds - seconds * 1_000_000)  # noqa: UP031  (takes half the time)


@lru_cache(maxsize=2)
def _whole(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def new_id() -> str:
    """Return a random UUID; it is not a secret, so the fast generator will do."""
    return str(UUID(int=_IDS.getrandbits(128), version=4))


_STRINGS: dict[str, Callable[[], str]] = {
    "uuid": new_id,
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
