"""The profiles: how much a run spends, and on what. Another profile is another value in the table below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from strategies.case import Case, Side
from strategies.plan.budget import EVERY, LIKELIEST, CaseBudget

# Phases in the order in which they are carried out. The later ones explore: what they send depends on the seed.
VERIFYING = ("bodies", "query", "auth", "state", "protocol", "probes", "late")
EXPLORING = ("drawn", "machine", "second generator", "third generator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much is spent. Counts are numbers of bodies, if nothing else is said.

    `summary` says what is sent, `requests` how many requests that takes, and `created` how many objects it creates. `cases`
    bounds the cases of each rule by its keyword. `in_context` sends violations within rich bodies. `mutated_fields` is how many
    fields the mutators change, and `repeats` how often the same request is sent. `machine_steps` is how many steps the state
    machine takes. `triage` is how many requests may confirm, shrink and bisect. `detects` is the share of planted faults that
    the self-check demands to be caught.
    """

    name: str
    summary: str
    requests: int
    created: int
    phases: Sequence[str] = VERIFYING
    cases: CaseBudget = EVERY
    in_context: bool = False
    combinations: int = 0
    drawn: int = 0
    drawn_invalid: int = 0
    mutated_fields: int = 0
    repeats: int = 0
    machine_steps: int = 0
    second_generator: int = 0
    third_generator: int = 0
    triage: int
    detects: float = 1.0

    @property
    def few(self) -> bool:
        """Return whether requests are scarce, so that positive cases are the likeliest ones alone."""
        return self.cases.few

    @property
    def cost(self) -> str:
        """Return what a run costs, in words."""
        return f"about {self.requests:,} requests"


_ALL = (
    Profile(
        name="smoke",
        summary="each rule from both sides with the most likely values, each pair of kinds of values",
        requests=2_000,
        created=220,
        cases=LIKELIEST,
        mutated_fields=1,
        repeats=3,
        triage=1_500,
        detects=0.95,
    ),
    Profile(
        name="nightly",
        summary=(
            "all boundary values, violations in context, combinations, drawn bodies, mutators, a state machine, two other "
            "generators"
        ),
        requests=5_000,
        created=940,
        phases=(*VERIFYING, *EXPLORING),
        in_context=True,
        combinations=40,
        drawn=200,
        drawn_invalid=200,
        mutated_fields=4,
        repeats=20,
        machine_steps=60,
        second_generator=60,
        third_generator=60,
        triage=6_000,
    ),
    Profile(
        name="deep",
        summary="the same as nightly with larger budgets",
        requests=13_000,
        created=5_400,
        phases=(*VERIFYING, *EXPLORING),
        in_context=True,
        combinations=400,
        drawn=3_000,
        drawn_invalid=2_000,
        mutated_fields=1_000,
        repeats=200,
        machine_steps=400,
        second_generator=400,
        third_generator=400,
        triage=30_000,
    ),
)
PROFILES = {each.name: each for each in _ALL}
DEFAULT = "smoke"
FIXTURES = "nightly"  # the default of `fixtures`: files cost no requests, so all boundary values are written
HELP = "; ".join(f"{each.name}: {each.summary}, {each.cost}" for each in _ALL)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules chosen by globs; without any, all are."""

    globs: Sequence[str] = ()

    def wants(self, rule: str) -> bool:
        """Return whether a rule is selected."""
        return not self.globs or any(fnmatchcase(rule, glob) for glob in self.globs)

    def wants_any(self, case: Case) -> bool:
        """Return whether a case bears on a selected rule; a valid body bears on echo, default and shape of all it holds."""
        if not self.globs or case.side in (Side.ACCEPTS, Side.MAY):
            return True
        return any(map(self.wants, case.rules()))
