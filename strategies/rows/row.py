"""A row, and what it aims at."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json, Path


@dataclass(frozen=True, slots=True)
class Aim:
    """What a body tries at a path: that the rule's accepting side holds for the value there."""

    rule: str
    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A value with what it tries."""

    value: Json
    aims: tuple[Aim, ...]

    def below(self, step: str | int) -> tuple[Aim, ...]:
        """The aims, seen from one level up."""
        return tuple(Aim(each.rule, (step, *each.path), each.label) for each in self.aims)
