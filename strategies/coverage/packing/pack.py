"""A pack: one value with the aims that it carries."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json
from strategies.case import Aim


@dataclass(frozen=True, slots=True)
class Pack:
    """A value with its aims."""

    value: Json
    aims: tuple[Aim, ...]

    def below(self, step: str | int) -> tuple[Aim, ...]:
        """Return the aims seen from one level up."""
        return tuple(Aim(each.rule, (step, *each.path), each.label) for each in self.aims)
