"""A pack: one value with the aims that it carries."""

from __future__ import annotations

from dataclasses import dataclass

from openapi.json_types import Json
from strategies.case import Aim

LARGE = 30_000  # characters of a value that no more is packed into; Express refuses bodies beyond 100 KB, for one


@dataclass(frozen=True, slots=True)
class Pack:
    """A value with its aims."""

    value: Json
    aims: tuple[Aim, ...]

    def below(self, step: str | int) -> tuple[Aim, ...]:
        """Return the aims seen from one level up."""
        return tuple(Aim(each.rule, (step, *each.path), each.label) for each in self.aims)
