"""The schemas that apply at a place, and what each of their keywords says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openapi.json_types import Json, Schema, pointer


@dataclass(frozen=True, slots=True)
class Part:
    """A schema that applies at a place: `pointer` is where it stands in the normal form (`/$defs/X/properties/y`).

    `origin` is where that was in the description: its pointer there, or one in the normal form that is the same there.
    """

    schema: Schema
    pointer: str
    origin: str

    def below(self, schema: Json, *steps: str | int) -> Part:
        """A schema that stands inside this one."""
        down = pointer(*steps)
        if isinstance(schema, bool):
            schema = {} if schema else {"not": {}}
        return Part(schema, self.pointer + down, schema.get("x-origin", self.origin + down))

    def constraint(self, keyword: str, value: Json, *steps: str | int, about: Mapping[str, Json] | None = None) -> Constraint:
        """What the schema says by a keyword; `steps` lead to it where it is no member of its own."""
        stated = self.schema.get("x-rules", {}).get(keyword, {}) if about is None else about
        down = pointer(*(steps or (keyword,)))
        return Constraint(keyword, value, self.pointer + down, stated, self.origin + down)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One keyword at one place. `about` is its entry in `x-rules`: quote, basis, level, source."""

    keyword: str
    value: Json
    pointer: str
    about: Mapping[str, Json]
    origin: str = ""
