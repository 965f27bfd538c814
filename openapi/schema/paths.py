"""What stands at a path: looked up, set, left out; and two values made one."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, Path, down, everything


def at(value: Json, path: Path) -> Json:
    """The value at a path; None where there is none."""
    try:
        return down(value, path)
    except (LookupError, TypeError):
        return None


def with_value(body: Json, path: Path, value: Json) -> Json:
    """A copy of the body with `value` at `path`; objects on the way are made as needed."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(body, list) and isinstance(step, int):
        return [with_value(each, rest, value) if index == step else each for index, each in enumerate(body)]
    members = dict(body) if isinstance(body, dict) else {}
    members[str(step)] = with_value(members.get(str(step), {}), rest, value)
    return members


def without(body: Json, path: Path) -> Json:
    """A copy of the body without what is at `path`."""
    step, rest = path[0], path[1:]
    if rest:
        return with_value(body, (step,), without(body[step], rest))
    if isinstance(body, list):
        return [each for index, each in enumerate(body) if index != step]
    return {key: value for key, value in body.items() if key != step}


def paths_in(value: Json) -> Iterator[Path]:
    """The path of every value inside, that of the whole first."""
    return (path for path, _ in everything(value))


def merged(one: Json, other: Json) -> Json:
    """Two partial values as one: objects member by member, lists element by element; else `other` wins."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {key: merged(one[key], other[key]) for key in one if key in other}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        pairs = [merged(a, b) for a, b in zip(one, other, strict=False)]
        return [*pairs, *(one[len(pairs) :] or other[len(pairs) :])]
    return other
