"""A scenario: a fault, what is expected of the suite, and how a trial of it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.scope import BATCH, Scope
from benchmarks.reliability.seen import Bounds, Seen

SEEDS = (1, 2, 3, 4, 5)  # of most scenarios
MOST_SEEDS = tuple(range(1, 11))
CONCURRENCIES = (1, 8)

Go: TypeAlias = Callable[[Bed, int, int], Seen]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A row of the table. `go` carries out a trial for a seed and a concurrency; `tiny` says that a short run has it.

    `scope` says which rules its trials test.
    """

    name: str
    group: str
    bounds: Bounds
    go: Go
    seeds: tuple[int, ...] = SEEDS
    concurrencies: tuple[int, ...] = CONCURRENCIES
    tiny: bool = False
    scope: Scope = BATCH


@dataclass(frozen=True)
class Result:
    """The outcome of one trial of a scenario."""

    scenario: Scenario
    seed: int
    concurrency: int
    seen: Seen

    @property
    def missed(self) -> list[str]:
        """Return the bounds that were not kept."""
        return self.scenario.bounds.missed(self.seen)
