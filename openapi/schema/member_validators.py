"""The schema of an object split into validators per member and validators of members together.

The whole body need not be validated again when one member changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openapi.json_types import Json, Schema
from openapi.schema.definitions import needed
from openapi.schema.extensions import KEYWORDS
from openapi.schema.instances import APPLIED, mentioned

IsValid = Callable[[Json], bool]
_ABOUT_NAMES = frozenset({"properties", "required", "type"})
_SAY_NOTHING = frozenset("$defs title description default deprecated example examples readOnly writeOnly".split())
_DEFINED = "#/$defs/"


class MemberValidators:
    """An object is valid if each member is, by its name, and if its members of `names` go together."""

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
        """Return the validator of one member; None for a name that no keyword mentions."""
        if name not in self._members and name in self._stated:
            self._members[name] = self._is_valid(self._stated[name])
        return self._members.get(name)

    def go_together(self, value: Mapping[str, Json]) -> bool:
        """Return whether the members satisfy the keywords about several of them."""
        return self._together({name: value[name] for name in self.names if name in value})

    def _is_valid(self, schemas: list[Json]) -> IsValid:
        return self._compiled({"allOf": schemas or [{}], "$defs": needed(schemas, self._definitions)})


def apart(schema: Schema, compiled: Callable[[Schema], IsValid]) -> MemberValidators | None:
    """Return the split schema; None where it says something of members that their names do not decide.

    `compiled` turns the schema of a part into a validator.
    """
    definitions: Schema = schema.get("$defs", {})
    members: dict[str, list[Json]] = {}
    alongside: list[Schema] = []
    is_reported = _taken_apart(schema, definitions, members, alongside, 0)
    return MemberValidators(members, alongside, definitions, compiled) if is_reported else None


def _taken_apart(
    schema: Json, definitions: Schema, members: dict[str, list[Json]], alongside: list[Schema], depth: int
) -> bool:
    """Add the parts of the schema; return whether all of it could be split."""
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
    """Return whether all that a schema says of an object is about members that it names."""
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
