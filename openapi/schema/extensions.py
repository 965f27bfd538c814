"""The `x-` keywords about bodies that JSON Schema cannot say (see EXTENSIONS.md), as keywords of the validator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openapi.json_types import Json, Schema, looked_up
from openapi.schema.durations import seconds
from openapi.schema.name_references import is_distinct, reference_of, source_of

_MISSING = object()
REFERENCES = "x-unique-reference"


def at(value: Json, where: str) -> Json:
    """Return the value at a JSON Pointer, or a value equal to nothing where there is none."""
    return looked_up(value, where, _MISSING)


def name_of(element: Json, pointers: list[str]) -> str | None:
    """Return the name of an array's item under `x-unique-by`: the string at the first pointer that leads to one."""
    for where in pointers:
        found = at(element, where)
        if isinstance(found, str):
            return found
    return None


def naming_pointers(schema: Callable[..., Json]) -> list[str]:
    """Return the pointers by which elements of an array are reported apart; `schema` gives the value of a keyword.

    A reference is reported apart from names here too: bodies that must be accepted need no two that may be the same.
    """
    return [*schema("x-unique-by", ()), *schema(REFERENCES, ())]


class UniqueBy:
    """`x-unique-by: [pointer, …]` on an array, with `x-unique-reference` beside it."""

    def __init__(self, parent: Schema, value: list[str], _path: list[str | int]) -> None:
        self.pointers = value
        self.references: list[str] = list(parent.get(REFERENCES, ()))

    def validate(self, instance: Json) -> None:
        """Raise ValueError where names of items are repeated."""
        if not isinstance(instance, list):
            return
        names = [name for element in instance if (name := name_of(element, self.pointers)) is not None]
        unnamed = [element for element in instance if name_of(element, self.pointers) is None]
        for where in self.references:
            names += [f"{where}={found}" for element in unnamed if isinstance(found := at(element, where), str)]
        if len(set(names)) < len(names):
            raise ValueError("names are not unique")


class Covers:
    """`x-covers: {names: pointer, keys: pointer}` on an object."""

    def __init__(self, _parent: Schema, value: Mapping[str, str], _path: list[str | int]) -> None:
        self.names, self.keys = value["names"], value["keys"]

    def validate(self, instance: Json) -> None:
        """Raise ValueError where a name is not covered."""
        names, keys = at(instance, self.names), at(instance, self.keys)
        if isinstance(names, list) and any(isinstance(name, str) and not _has(keys, name) for name in names):
            raise ValueError("a name is not covered")


def _has(keys: Json, name: str) -> bool:
    return isinstance(keys, dict) and name in keys


class Refers:
    """`x-refers: [{names: [source, …], to: [source, …]}, …]` on an object."""

    def __init__(self, _parent: Schema, value: list[Json], _path: list[str | int]) -> None:
        self.references = [reference_of(each) for each in value]

    def validate(self, instance: Json) -> None:
        """Raise ValueError where a name refers to nothing."""
        if any(each.unmet(instance) for each in self.references):
            raise ValueError("a name refers to nothing")


class Distinct:
    """`x-distinct: [source, …]` on an object."""

    def __init__(self, _parent: Schema, value: list[Json], _path: list[str | int]) -> None:
        self.sources = [source_of(each) for each in value]

    def validate(self, instance: Json) -> None:
        """Raise ValueError where names clash."""
        if not is_distinct(self.sources, instance):
            raise ValueError("names are not distinct")


class Duration:
    """`x-duration: {minimum: duration, maximum: duration}` on a string; what is no duration is for the pattern to refuse."""

    def __init__(self, _parent: Schema, value: Mapping[str, str], _path: list[str | int]) -> None:
        self.least, self.most = seconds(value.get("minimum")), seconds(value.get("maximum"))

    def validate(self, instance: Json) -> None:
        """Raise ValueError where the duration is out of bounds."""
        found = seconds(instance)
        if found is None:
            return
        if (self.least is not None and found < self.least) or (self.most is not None and found > self.most):
            raise ValueError("the duration is out of bounds")


KEYWORDS: dict[str, type] = {
    "x-unique-by": UniqueBy,
    "x-covers": Covers,
    "x-refers": Refers,
    "x-distinct": Distinct,
    "x-duration": Duration,
}
