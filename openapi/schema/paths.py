"""Paths into a value: look up, set, remove, and merge two values."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, Path, down, everything


def at(value: Json, path: Path) -> Json:
    """Return the value at a path; None where there is none."""
    try:
        return down(value, path)
    except (LookupError, TypeError):
        return None


def with_value(body: Json, path: Path, value: Json) -> Json:
    """Return a copy of the body with `value` at `path`; objects on the way are created as needed."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(body, list) and isinstance(step, int):
        return [with_value(each, rest, value) if index == step else each for index, each in enumerate(body)]
    members = dict(body) if isinstance(body, dict) else {}
    members[str(step)] = with_value(members.get(str(step), {}), rest, value)
    return members


def without(body: Json, path: Path) -> Json:
    """Return a copy of the body without the value at `path`."""
    step, rest = path[0], path[1:]
    if rest:
        return with_value(body, (step,), without(body[step], rest))
    if isinstance(body, list):
        return [each for index, each in enumerate(body) if index != step]
    return {key: value for key, value in body.items() if key != step}


def paths_in(value: Json) -> Iterator[Path]:
    """Yield the path of every value inside, the whole first."""
    return (path for path, _ in everything(value))


def merged(one: Json, other: Json) -> Json:
    """Return two partial values as one: objects by member, arrays by item; else `other` wins."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {key: merged(one[key], other[key]) for key in one if key in other}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        pairs = [merged(a, b) for a, b in zip(one, other, strict=False)]
        return [*pairs, *(one[len(pairs) :] or other[len(pairs) :])]
    return other
