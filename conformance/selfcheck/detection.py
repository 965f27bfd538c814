"""The figures of a matrix: how many faults were caught and rightly named, by family, and which were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from conformance.profiles import PROFILES
from conformance.selfcheck.trials import Trial

_NAMED = 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of trials: `alone` are those in which no rule failed but those that name the fault."""

    all: int
    caught: int
    named: int
    alone: int
    requests: int

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> Figures:
        """Return the figures of some trials."""
        return cls(
            all=len(trials),
            caught=sum(each.caught for each in trials),
            named=sum(each.named for each in trials),
            alone=sum(each.named and not each.stray for each in trials),
            requests=sum(each.requests for each in trials),
        )

    def suffice(self, profile: str) -> bool:
        """Return whether enough was caught, and enough of that rightly named."""
        return self.caught >= self.all * PROFILES[profile].detects and self.named >= self.caught * _NAMED


def suffices(trials: Sequence[Trial], profile: str) -> bool:
    """Return whether enough was caught and rightly named, of all faults and of each family."""
    return Figures.of(trials).suffice(profile) and not missed_families(trials, profile)


def missed_families(trials: Sequence[Trial], profile: str) -> list[str]:
    """Return the families of which too few were caught, or too few of these rightly named: of a single fault, this one."""
    return [family for family, figures in by_family(trials).items() if not figures.suffice(profile)]


def by_family(trials: Sequence[Trial]) -> dict[str, Figures]:
    """Return the figures of each family, in the order in which the families appear."""
    families: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        families[trial.family].append(trial)
    return {family: Figures.of(each) for family, each in families.items()}


def show(trials: Sequence[Trial], console: Console, profile: str) -> None:
    """Print what survived, what was misnamed, the figures, and the families that the profile should have caught."""
    for trial in trials:
        if not trial.caught:
            reason = f" ({trial.outcome}: {trial.reason})" if trial.reason else ""
            console.print(f"SURVIVED {trial.name}: {trial.summary}{reason}", markup=False, highlight=False)
        elif not trial.named:
            _show_rules("MISNAMED", trial, trial.failed, console)
        elif trial.stray:
            _show_rules("BESIDE  ", trial, trial.stray, console)
    console.print(_table(trials))
    total = Figures.of(trials)
    console.print(f"caught {total.caught} / all {total.all}", highlight=False)
    console.print(f"correctly named {total.named} / caught {total.caught}", highlight=False)
    for family in missed_families(trials, profile):
        figures = by_family(trials)[family]
        counts = f"caught {figures.caught} / all {figures.all}, correctly named {figures.named}"
        console.print(f"TOO FEW of the family {family}: {counts}", markup=False, highlight=False)


def _show_rules(word: str, trial: Trial, rules: Sequence[str], console: Console) -> None:
    listed = ", ".join(rules[:4]) + (f" and {len(rules) - 4} more" if len(rules) > 4 else "")
    console.print(f"{word} {trial.name}: {listed}; expected {', '.join(trial.expects[:2])}", markup=False, highlight=False)


def _table(trials: Sequence[Trial]) -> Table:
    table = Table("family", box=None)
    for title in ("faults", "caught", "named", "alone", "requests a run"):
        table.add_column(title, justify="right")
    for family, figures in sorted(by_family(trials).items()):
        counts = (figures.all, figures.caught, figures.named, figures.alone, figures.requests // figures.all)
        table.add_row(family, *map(str, counts))
    return table
