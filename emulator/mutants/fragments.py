"""A schema fragment with one of its parts left out: each alternative, each needed member, each listed value."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, pointer

_LISTS = frozenset({"required", "anyOf", "oneOf", "allOf", "enum"})
_OBJECTS = frozenset({"properties", "dependentSchemas"})


def weakened(fragment: Json) -> Iterator[tuple[str, str, Json]]:
    """Slug, what is missing, and the fragment without it."""
    for path in _parts(fragment, ()):
        where = pointer(*path)
        yield f"without{where.replace('/', '-')}", f"{where} is not looked at", _without(fragment, path)


def _parts(value: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in _LISTS and isinstance(inner, list):
            for index, each in enumerate(inner):
                if len(inner) > 1 or key == "required":
                    yield (*path, key, index)
                yield from _parts(each, (*path, key, index))
        elif key in _OBJECTS and isinstance(inner, dict):
            for name, each in inner.items():
                yield (*path, key, name)
                yield from _parts(each, (*path, key, name))
        else:
            yield from _parts(inner, (*path, key))


def _without(value: Json, path: tuple[str | int, ...]) -> Json:
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        if not rest:
            return [each for index, each in enumerate(value) if index != step]
        return [_without(each, rest) if index == step else each for index, each in enumerate(value)]
    if not rest:
        return {key: each for key, each in value.items() if key != step}
    return {key: _without(each, rest) if key == step else each for key, each in value.items()}
