"""Values for members that a response must have and nothing determines: null where it is valid, else a plain value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil, floor
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


def unsent(shape: Shape, sent: Shape | None) -> Json:
    """Return a value of a response that was not sent: the defaults of the request, and plain values of all else."""
    if sent is not None and "default" in sent.keywords:
        return sent.keywords["default"]
    value = generic(shape)
    if sent is None or not isinstance(value, dict) or not shape.properties:
        return value
    return {name: unsent(shape.properties[name], sent.properties.get(name)) for name in value}


def _message(shape: Shape) -> Json:
    """Return an object with the required members, those of the first alternative, and as many as `minProperties`."""
    alternatives = shape.keywords.get("oneOf") or [{}]
    needed = shape.required.union(alternatives[0].get("required", ()))
    names = sorted(shape.properties, key=lambda name: name not in needed)
    count = max(len(needed & shape.properties.keys()), shape.keywords.get("minProperties", 0))
    return {name: generic(shape.properties[name]) for name in names[:count]}


def _enum(shape: Shape) -> Json:
    return next((member for member in shape.members if not is_unspecified(member)), shape.members[0])


def _array(shape: Shape) -> Json:
    """Return an array with as many items as it needs, different from each other where they are numbers."""
    count = shape.keywords.get("minItems", 0)
    items = [generic(shape.each) for _ in range(count)]
    if shape.keywords.get("uniqueItems") and shape.each.kind in (Kind.INTEGER, Kind.FLOAT):
        items = [item + index for index, item in enumerate(items)]
    return items


def _map(shape: Shape) -> Json:
    """Return an object with as many members as it needs."""
    return {f"key{index}": generic(shape.each) for index in range(shape.keywords.get("minProperties", 0))}


def _string(shape: Shape) -> Json:
    least = shape.keywords.get("minLength", 0)
    if "pattern" in shape.keywords and (found := matching(shape.keywords["pattern"], least)) is not None:
        return found
    text = _STRINGS[shape.format]() if shape.format in _STRINGS else ""
    front = _GROWING.get(shape.format, "")
    return "x" * (least - len(text)) + text if front == "before" else text.ljust(least, "x")


def _number(shape: Shape) -> Json:
    """Return a number between the bounds, as near to zero as they let it be."""
    low, high = (shape.keywords.get(each) for each in ("minimum", "maximum"))
    above, below = (shape.keywords.get(f"exclusive{each}") for each in ("Minimum", "Maximum"))
    step = shape.keywords.get("multipleOf")
    if shape.kind is Kind.INTEGER or step is not None:
        return _multiple(_highest(low, above), _lowest(high, below), above, below, step or 1)
    lowest, highest = _highest(low, above), _lowest(high, below)
    found = lowest if lowest is not None and lowest > 0 else min(0, 0 if highest is None else highest)
    if found not in (above, below):
        return found
    if lowest is None or highest is None:
        return found + 1 if found == above else found - 1
    return (lowest + highest) / 2


def _multiple(lowest: Json, highest: Json, above: Json, below: Json, step: Json) -> Json:
    """Return the multiple of a step that is nearest to zero between bounds."""
    count = 0
    if lowest is not None and lowest > 0:
        count = ceil(lowest / step)
    elif highest is not None and highest < 0:
        count = floor(highest / step)
    found = count * step
    if found in (above, below):
        found += step if found == above else -step
    return found


def _highest(*bounds: Json) -> Json:
    return max((each for each in bounds if each is not None), default=None)


def _lowest(*bounds: Json) -> Json:
    return min((each for each in bounds if each is not None), default=None)


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
    "idn-email": lambda: "nobody@emulator.example",
    "hostname": lambda: "emulator.example",
    "idn-hostname": lambda: "emulator.example",
    "time": lambda: now()[11:],
    "duration": lambda: "PT0S",
    "ipv4": lambda: "192.0.2.1",
    "ipv6": lambda: "2001:db8::1",
    "uri-reference": lambda: "/",
    "iri": lambda: "https://emulator.example/",
    "iri-reference": lambda: "/",
    "uri-template": lambda: "/{id}",
    "json-pointer": lambda: "/a",
    "relative-json-pointer": lambda: "0/a",
    "regex": lambda: "a",
}
_GROWING = {"email": "before", "idn-email": "before"}  # where what makes a longer string stands, if not behind it

_MAKERS: dict[Kind, Callable[[Shape], Json]] = {
    Kind.MESSAGE: _message,
    Kind.MAP: _map,
    Kind.STRUCT: _map,
    Kind.LIST: _array,
    Kind.STRING: _string,
    Kind.ENUM: _enum,
    Kind.DURATION: lambda _: "0s",
    Kind.INTEGER: _number,
    Kind.FLOAT: _number,
    Kind.BOOLEAN: lambda _: False,
    Kind.ANY: lambda _: None,
}
