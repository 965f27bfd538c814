"""The schema of an object in parts: what it says of each member for itself, and what of some of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openapi.json_types import Json, Schema
from openapi.reading.references import needed
from openapi.schema.extensions import KEYWORDS
from openapi.schema.instances import APPLIED, mentioned

IsValid = Callable[[Json], bool]
_ABOUT_NAMES = frozenset({"properties", "required", "type"})
_SAY_NOTHING = frozenset("$defs title description default deprecated example examples readOnly writeOnly".split())
_DEFINED = "#/$defs/"


class MemberValidators:
    """An object obeys if each of its members does, by its name, and if those of the `names` that it has go together."""

    def __init__(
        self,
        members: Mapping[str, list[Json]],
        alongside: list[Schema],
        definitions: Schema,
        compiled: Callable[[Schema], IsValid],
    ) -> None:
        self.names = mentioned(alongside)
        self._stated, self._definitions, self._compiled = members, definitions, compiled
        self._members: dict[str, IsValid] = {}
        self._together = self._is_valid(alongside)

    def member(self, name: str) -> IsValid | None:
        """What a member must obey for itself; None for a name of which nothing is said."""
        if name not in self._members and name in self._stated:
            self._members[name] = self._is_valid(self._stated[name])
        return self._members.get(name)

    def go_together(self, value: Mapping[str, Json]) -> bool:
        """Whether the members obey what is said of some of them together."""
        return self._together({name: value[name] for name in self.names if name in value})

    def _is_valid(self, schemas: list[Json]) -> IsValid:
        return self._compiled({"allOf": schemas or [{}], "$defs": needed(schemas, self._definitions)})


def apart(schema: Schema, compiled: Callable[[Schema], IsValid]) -> MemberValidators | None:
    """The parts of an object's schema; None where it says anything of members that their names do not tell.

    `compiled` makes of the schema of a part what judges by it.
    """
    definitions: Schema = schema.get("$defs", {})
    members: dict[str, list[Json]] = {}
    alongside: list[Schema] = []
    is_reported = _taken_apart(schema, definitions, members, alongside, 0)
    return MemberValidators(members, alongside, definitions, compiled) if is_reported else None


def _taken_apart(
    schema: Json, definitions: Schema, members: dict[str, list[Json]], alongside: list[Schema], depth: int
) -> bool:
    """Adds what the schema says; whether all of it could be."""
    if not isinstance(schema, dict) or depth > len(definitions) + 1:  # it is made of itself
        return False
    rest: dict[str, Json] = {}
    parts: list[Json] = []
    for keyword, value in schema.items():
        if keyword == "properties":
            for name, each in value.items():
                members.setdefault(name, []).append(each)
        elif keyword == "$ref":
            parts.append(definitions.get(value.removeprefix(_DEFINED)))
        elif keyword == "allOf":
            parts += value
        elif not _says_nothing(keyword):
            rest[keyword] = value
    alongside += [rest] if rest else []
    return _is_about_names(rest) and all(_taken_apart(each, definitions, members, alongside, depth + 1) for each in parts)


def _is_about_names(schema: Json) -> bool:
    """Whether what a schema says of an object is about members that it names."""
    if not isinstance(schema, dict):
        return isinstance(schema, bool)
    return all(
        keyword in _ABOUT_NAMES
        or _says_nothing(keyword)
        or (keyword in APPLIED and all(map(_is_about_names, value if isinstance(value, list) else [value])))
        for keyword, value in schema.items()
    )


def _says_nothing(keyword: str) -> bool:
    return keyword in _SAY_NOTHING or (keyword.startswith("x-") and keyword not in KEYWORDS)
