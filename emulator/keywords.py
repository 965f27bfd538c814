"""The two `x-` keywords about bodies, as the emulator understands openapi/EXTENSIONS.md."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, Schema, resolve


class UniqueBy:
    """`x-unique-by: [pointer, ...]`: the first pointer that leads to a text names an element; names are unique."""

    def __init__(self, _parent: Schema, value: list[str], _path: list[str | int]) -> None:
        self.pointers = value

    def validate(self, instance: Json) -> None:
        """ValueError if two elements have one name."""
        names = list(self._names(instance)) if isinstance(instance, list) else []
        if len(names) != len(set(names)):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"names must be unique, {twice!r} is used more than once")

    def _names(self, elements: list[Json]) -> Iterator[str]:
        for element in elements:
            found = (_at(element, pointer) for pointer in self.pointers)
            name = next((each for each in found if isinstance(each, str)), None)
            if name is not None:
                yield name


class Covers:
    """`x-covers: {names: pointer, keys: pointer}`: each text at `names` is a key of the object at `keys`."""

    def __init__(self, _parent: Schema, value: dict[str, str], _path: list[str | int]) -> None:
        self.names, self.keys = value["names"], value["keys"]

    def validate(self, instance: Json) -> None:
        """ValueError if a name is no key."""
        names, keys = _at(instance, self.names), _at(instance, self.keys)
        covered = keys if isinstance(keys, dict) else {}
        missing = [name for name in names if name not in covered] if isinstance(names, list) else []
        if missing:
            raise ValueError(f"{missing[0]!r} must be overridden")


def _at(value: Json, pointer: str) -> Json:
    try:
        return resolve(value, pointer)
    except (LookupError, ValueError, TypeError):
        return None


KEYWORDS: dict[str, type] = {"x-unique-by": UniqueBy, "x-covers": Covers}
