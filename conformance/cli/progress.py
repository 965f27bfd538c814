"""Progress of a run: phase, requests, their total, time left, failures and budget, in a line that is renewed.

The total is an estimate: that of the profile, or a budget that is smaller. A run that shrinks many failures takes more.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from conformance.http.exchange import Exchange
from conformance.profiles import Profile
from conformance.profiles.sharding import Shard
from reports.quantities import duration, plural

INTERVAL = 30.0  # seconds between two lines where there is no terminal


@dataclass
class Figures:
    """The figures of a run so far. `failing` returns how many rules fail; `total` is None if unknown."""

    total: int | None
    budget: int | None = None
    failing: Callable[[], int] = lambda: 0
    clock: Callable[[], float] = time.monotonic
    phase: str = "planning"
    requests: int = 0
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.clock()

    def line(self) -> str:
        """Return the figures in one line."""
        seconds = self.clock() - self.begun
        total = f" of about {self.total:,}" if self.total is not None and self.total > self.requests else ""
        parts = [f"{self.phase}: {self.requests:,}{total} requests in {duration(seconds)}"]
        if total and self.total is not None and self.requests:
            parts.append(f"about {duration(seconds * (self.total - self.requests) / self.requests)} left")
        if self.failing():
            parts.append(f"{plural(self.failing(), 'rule')} with failures")
        if self.budget is not None:
            parts.append(f"{max(0, self.budget - self.requests):,} requests of the budget left")
        return ", ".join(parts)


def figures_of(profile: Profile, *, selects: bool, budget: int | None, shard: Shard | None = None) -> Figures:
    """Return empty figures with the total that a profile, or a shard of it, takes; none for a selection, which takes less."""
    usual = None if selects else profile.requests if shard is None else shard.part_of(profile.requests)
    return Figures(min((each for each in (usual, budget) if each is not None), default=None), budget)


@contextlib.contextmanager
def shown(figures: Figures, console: Console) -> Iterator[tuple[Callable[[Exchange], None], Callable[[str], None]]]:
    """Show a figures while a run goes on; yields a function for each exchange, and one for the name of each phase."""
    in_terminal = console.is_terminal and not console.quiet
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not in_terminal) as progress:
        task = progress.add_task(figures.line(), total=None)
        latest = figures.begun
        if not in_terminal and not console.quiet:
            console.print("Testing …", highlight=False)

        def step(_exchange: Exchange) -> None:
            nonlocal latest
            figures.requests += 1
            if in_terminal:
                progress.update(task, description=figures.line())
            elif figures.clock() - latest >= INTERVAL:
                latest = figures.clock()
                console.print(figures.line(), highlight=False, markup=False)

        def phase(name: str) -> None:
            figures.phase = name
            progress.update(task, description=figures.line())

        yield step, phase
