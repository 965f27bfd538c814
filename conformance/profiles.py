"""The profiles: how much a run spends on each phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from strategies.case import Case, Side


@dataclass(frozen=True, slots=True)
class Profile:
    """How much is spent. `few` sends only the most telling violations of each rule; counts are numbers of bodies.

    `examining` is how many requests may confirm what was found, make it small and take it apart, in all.
    """

    name: str
    few: bool
    each_may: bool
    in_context: bool
    combinations: int
    drawn: int
    drawn_invalid: int
    mutated_fields: int
    repeats: int
    machine_steps: int
    second_generator: int
    triage: int


PROFILES = {
    each.name: each
    for each in (
        Profile("smoke", True, False, False, 2, 0, 0, 1, 3, 0, 0, 1_500),
        Profile("nightly", False, True, True, 60, 300, 200, 4, 40, 60, 60, 6_000),
        Profile("deep", False, True, True, 400, 3000, 2000, 1000, 200, 400, 400, 30_000),
    )
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules chosen by globs; without any, all are."""

    globs: Sequence[str] = ()

    def wants(self, rule: str) -> bool:
        """Whether a rule is selected."""
        return not self.globs or any(fnmatchcase(rule, glob) for glob in self.globs)

    def wants_any(self, case: Case) -> bool:
        """Whether a case bears on a selected rule; a valid body bears on echo, default and shape of all it holds."""
        if not self.globs or case.side in (Side.ACCEPTS, Side.MAY):
            return True
        return any(map(self.wants, case.rules()))
