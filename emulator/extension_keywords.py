"""Checks for the `x-` keywords about bodies (openapi/EXTENSIONS.md), which JSON Schema cannot express.

jsonschema-rs can call Python for a keyword, but copies the value each time. That took three times as long as all the rest of a
validation. So the checks are compiled once, and walk only to the places that have such keywords.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import jsonschema_rs

from emulator.durations import NoDuration, split
from emulator.identity import by_identity
from emulator.value_kinds import Shape, shape_of
from openapi.json_types import Json, Schema, tokens

Check: TypeAlias = Callable[[Json], str | None]  # returns the problem in words, or None


@by_identity(64)
def checks_of(schema: Schema) -> Check | None:
    """Return the check of every `x-` keyword in a schema, each at its place; None if there is none."""
    return _Compiler().check(shape_of(schema))


class _Compiler:
    """Compiles each shape once into a check, or None where there is nothing to check."""

    def __init__(self) -> None:
        self.known: dict[int, Check | None] = {}

    def check(self, shape: Shape) -> Check | None:
        if id(shape) not in self.known:
            self.known[id(shape)] = None  # a recursive shape is checked at its first occurrence
            own = [make(shape.keywords) for name, make in KEYWORDS.items() if name in shape.keywords]
            inner = {name: check for name, each in shape.properties.items() if (check := self.check(each))}
            each = self.check(shape.inside[0]) if shape.inside else None
            parts = [*own, *([_members(inner)] if inner else []), *([_elements(each)] if each else [])]
            self.known[id(shape)] = _all(parts) if len(parts) > 1 else parts[0] if parts else None
        return self.known[id(shape)]


def _all(parts: list[Check]) -> Check:
    def check(value: Json) -> str | None:
        for part in parts:
            if problem := part(value):
                return problem
        return None

    return check


def _members(inner: dict[str, Check]) -> Check:
    """Return a check of the members of an object, from the checks by name."""

    def check(value: Json) -> str | None:
        if isinstance(value, dict):
            for name, one in inner.items():
                if name in value and (problem := one(value[name])):
                    return f"{name}: {problem}"
        return None

    return check


def _elements(each: Check) -> Check:
    """Return a check of the items of an array, or of the values of a map."""

    def check(value: Json) -> str | None:
        for element in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            if problem := each(element):
                return problem
        return None

    return check


def unique_by(pointers: list[str], references: list[str] | None = None) -> Check:
    """Return the check of `x-unique-by: [pointer, ...]`: the first pointer to a string names an item; names are unique.

    `references` are those of `x-unique-reference`: no two items without a name refer to the same thing.
    """

    paths = [tokens(pointer) for pointer in pointers]
    others = [tokens(pointer) for pointer in references or ()]

    def check(value: Json) -> str | None:
        if not isinstance(value, list) or len(value) < 2:
            return None
        names = [name for element in value if (name := _name(element, paths)) is not None]
        unnamed = [element for element in value if _name(element, paths) is None] if others else []
        for path in others:
            names += [f"{'/'.join(path)} {found}" for each in unnamed if isinstance(found := _at(each, path), str)]
        if len(set(names)) == len(names):
            return None
        twice = next(name for name in names if names.count(name) > 1)
        return f"names must be unique, {twice!r} is used more than once"

    return check


def _name(element: Json, paths: list[tuple[str, ...]]) -> str | None:
    for path in paths:
        found = _at(element, path)
        if isinstance(found, str):
            return found
    return None


def covers(about: dict[str, str]) -> Check:
    """Return the check of `x-covers: {names: pointer, keys: pointer}`: strings at `names` are keys of the object at `keys`."""

    to_names, to_keys = tokens(about["names"]), tokens(about["keys"])

    def check(value: Json) -> str | None:
        names = _at(value, to_names)
        if not isinstance(names, list):
            return None
        keys = _at(value, to_keys)
        strings = [name for name in names if isinstance(name, str)]
        missing = [name for name in strings if not isinstance(keys, dict) or name not in keys]
        return f"{missing[0]!r} must be overridden" if missing else None

    return check


def refers(references: list[Json]) -> Check:
    """Return the check of `x-refers: [{names: [source, ...], to: [source, ...]}, ...]`: each of `names` is one of `to`.

    With `one: true`, those of one item of the last array on the way are.
    """

    known = [(_groups(each), _collectors(each["to"]), _counts(each.get("when", True))) for each in references]

    def check(value: Json) -> str | None:
        for groups, to, counts in known:
            targets = _collected(to, value)
            missing = min((set(names).difference(targets) for names in groups(value)), key=len, default=set())
            if missing and counts(value):
                return f"{min(missing)!r} refers to nothing"
        return None

    return check


def distinct(sources: list[Json]) -> Check:
    """Return the check of `x-distinct: [source, ...]`: no name occurs twice, at one source or at two."""

    collectors = _collectors(sources)

    def check(value: Json) -> str | None:
        names = _collected(collectors, value)
        return None if len(set(names)) == len(names) else "a name is used more than once"

    return check


def duration(bounds: dict[str, str]) -> Check:
    """Return the check of `x-duration: {minimum, maximum}`: a duration is within the bounds."""

    least, most = (_nanoseconds(bounds[name]) if name in bounds else None for name in ("minimum", "maximum"))

    def check(value: Json) -> str | None:
        found = _nanoseconds(value)
        if found is None or ((least is None or found >= least) and (most is None or found <= most)):
            return None
        return f"{value!r} is out of bounds"

    return check


def _nanoseconds(value: Json) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        sign, whole, nanos = split(value)
    except NoDuration:
        return None
    return int(f"{sign}{whole}{nanos}")


Collector: TypeAlias = Callable[[Json], list[str]]


def _collected(collectors: list[Collector], value: Json) -> list[str]:
    return [name for collector in collectors for name in collector(value)]


def _groups(reference: dict[str, Json]) -> Callable[[Json], list[list[str]]]:
    """Return a function that collects the names of which one group has to be known: all of them, or those of one item."""
    if not reference.get("one"):
        names = _collectors(reference["names"])
        return lambda value: [_collected(names, value)]
    parts = [pointer.rpartition("/*") for pointer in reference["names"]]
    found = [(tokens(f"{front}{star}"), _collector({"at": rest})) for front, star, rest in parts]
    return lambda value: [collect(item) for steps, collect in found for item in _all_at(value, steps)]


def _collectors(sources: list[Json]) -> list[Collector]:
    return [_collector({"at": each} if isinstance(each, str) else each) for each in sources]


def _counts(schema: Json) -> Callable[[Json], bool]:
    return jsonschema_rs.validator_for(schema).is_valid


def _collector(source: dict[str, Json]) -> Collector:
    """Return a function that collects names: strings, their parts between marks, items of arrays, or keys of objects."""
    steps, own = tokens(source["at"]), tokens(source.get("name", ""))
    counts = _counts(source.get("where", True))
    between = [re.escape(mark) for mark in source.get("between", ())]
    marked = re.compile(f"(?s){'(.*?)'.join(between)}").findall if between else None

    def names(value: Json) -> list[str]:
        held = [_at(holder, own) for holder in _all_at(value, steps) if counts(holder)]
        if marked is not None:
            return [name for each in held if isinstance(each, str) for name in marked(each)]
        listed = [[each] if isinstance(each, str) else each if isinstance(each, (list, dict)) else () for each in held]
        return [name for each in listed for name in each if isinstance(name, str)]

    return names


def _all_at(value: Json, path: tuple[str, ...]) -> list[Json]:
    """Return all values at a path, in which `*` stands for each item of an array."""
    if not path:
        return [value]
    if path[0] == "*":
        return [found for each in (value if isinstance(value, list) else ()) for found in _all_at(each, path[1:])]
    return _all_at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


KEYWORDS: dict[str, Callable[[dict[str, Json]], Check]] = {
    "x-unique-by": lambda keywords: unique_by(keywords["x-unique-by"], keywords.get("x-unique-reference")),
    "x-covers": lambda keywords: covers(keywords["x-covers"]),
    "x-refers": lambda keywords: refers(keywords["x-refers"]),
    "x-distinct": lambda keywords: distinct(keywords["x-distinct"]),
    "x-duration": lambda keywords: duration(keywords["x-duration"]),
}
