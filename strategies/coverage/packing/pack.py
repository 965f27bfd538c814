"""A row, and what it aims at."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json
from strategies.case import Aim


@dataclass(frozen=True, slots=True)
class Pack:
    """A value with what it tries."""

    value: Json
    aims: tuple[Aim, ...]

    def below(self, step: str | int) -> tuple[Aim, ...]:
        """The aims, seen from one level up."""
        return tuple(Aim(each.rule, (step, *each.path), each.label) for each in self.aims)
