"""Values at places of a body or a response: `items.*.name`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openapi.json_types import Json


def values(value: Json, place: str) -> list[Json]:
    """Return all values at a place."""
    return list(_walk(value, tuple(place.split("."))))


def value(of: Json, place: str) -> Json:
    """Return the first value at a place, None if there is none."""
    return next(_walk(of, tuple(place.split("."))), None)


def _walk(inside: Json, steps: tuple[str, ...]) -> Iterator[Json]:
    if not steps:
        yield inside
    elif steps[0] == "*" and isinstance(inside, list):
        for each in inside:
            yield from _walk(each, steps[1:])
    elif steps[0] == "*" and isinstance(inside, dict):
        for each in inside.values():
            yield from _walk(each, steps[1:])
    elif isinstance(inside, dict) and steps[0] in inside:
        yield from _walk(inside[steps[0]], steps[1:])


def rewritten(inside: Json, place: str, change: Callable[[Json], Json]) -> Json:
    """Return a copy with each value at a place changed."""
    return _rewrite(inside, tuple(place.split(".")), change)


def _rewrite(inside: Json, steps: tuple[str, ...], change: Callable[[Json], Json]) -> Json:
    if not steps:
        return change(inside)
    if steps[0] == "*" and isinstance(inside, list):
        return [_rewrite(each, steps[1:], change) for each in inside]
    if isinstance(inside, dict):
        wanted = inside.keys() if steps[0] == "*" else {steps[0]} & inside.keys()
        return {key: _rewrite(each, steps[1:], change) if key in wanted else each for key, each in inside.items()}
    return inside


def strings(inside: Json) -> Iterator[str]:
    """Return every string in a value, keys included."""
    if isinstance(inside, str):
        yield inside
    elif isinstance(inside, dict):
        yield from inside
        for each in inside.values():
            yield from strings(each)
    elif isinstance(inside, list):
        for each in inside:
            yield from strings(each)


def numbers(inside: Json) -> Iterator[float]:
    """Return every number in a value."""
    if isinstance(inside, dict | list):
        for each in inside.values() if isinstance(inside, dict) else inside:
            yield from numbers(each)
    elif isinstance(inside, int | float) and not isinstance(inside, bool):
        yield inside


def everywhere(inside: Json, change: Callable[[str], str]) -> Json:
    """Return a copy with every string changed that is not a key."""
    return leaves(inside, lambda each: change(each) if isinstance(each, str) else each)


def leaves(inside: Json, change: Callable[[Json], Json]) -> Json:
    """Return a copy with every scalar changed."""
    if isinstance(inside, dict):
        return {key: leaves(each, change) for key, each in inside.items()}
    if isinstance(inside, list):
        return [leaves(each, change) for each in inside]
    return change(inside)
