"""Schema fragments without one of their parts: an alternative, a required member, a listed value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openapi.json_types import Json, Path, pointer
from openapi.schema.nodes import Node

_LISTS = frozenset({"required", "anyOf", "oneOf", "allOf", "enum"})
_OBJECTS = frozenset({"properties", "dependentSchemas"})
_KEYWORDS = _LISTS | _OBJECTS | {"not", "if", "then", "else"}


@dataclass(frozen=True, slots=True)
class Weaker:
    """A fragment without the part at a JSON Pointer."""

    slug: str
    pointer: str
    fragment: Json

    @property
    def what(self) -> str:
        """Return the summary of the deviation."""
        return f"{self.pointer} is not looked at"


def weakened(fragment: Json) -> Iterator[Weaker]:
    """Yield the fragment without each of its parts."""
    for path in _parts(fragment, ()):
        where = pointer(*path)
        yield Weaker(f"without{where.replace('/', '-')}", where, _without(fragment, path))


def is_needed_anyway(node: Node | None, fragment: Json, path: str) -> str | None:
    """Return the reason why no request shows that a required member is not checked: the enclosing value requires it anyway."""
    *steps, keyword, index = [int(step) if step.isdecimal() else step for step in path.split("/")[1:]]
    if keyword != "required":
        return None
    for step in steps:
        fragment = fragment[step]
        if step in ("contains", "items"):
            node = node.each if node is not None else None
        elif isinstance(step, str) and step not in _KEYWORDS:
            node = node.properties.get(step) if node is not None else None
    name = fragment["required"][index]
    if node is None or name not in node.required:
        return None
    return f"{node.path} needs {name} in any case"


def _parts(value: Json, path: Path) -> Iterator[Path]:
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


def _without(value: Json, path: Path) -> Json:
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        if not rest:
            return [each for index, each in enumerate(value) if index != step]
        return [_without(each, rest) if index == step else each for index, each in enumerate(value)]
    if not rest:
        return {key: each for key, each in value.items() if key != step}
    return {key: _without(each, rest) if key == step else each for key, each in value.items()}
