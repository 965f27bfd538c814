"""A run as read back from its record: everything that is told about it comes from this value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.record.entries import (
    Exchange,
    FieldEntry,
    Footer,
    Header,
    Outcome,
    RequirementEntry,
    RuleEntry,
    Verdict,
)
from reports.record.exercised_values import Exercised, Place
from reports.record.latency import Bin, Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All exchanges of a run, counted. `statuses` has the key `none` for requests that got no answer."""

    exchanges: int
    seconds: float
    statuses: dict[str, int]
    phases: dict[str, int]
    sides: dict[str, int]
    latency: Latency
    by_status: dict[str, Latency]
    timeline: list[Bin]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run. `exchanges` holds only those that verdicts refer to; `notes` what is unusual about the record.

    `rules` and `verdicts` have the same keys, in the order of the catalogue: a rule whose verdict the record
    does not hold is skipped, and says why. `footer` is None where the record was cut off.
    """

    header: Header
    rules: Mapping[str, RuleEntry]
    fields: list[FieldEntry]
    requirements: list[RequirementEntry]
    verdicts: Mapping[str, Verdict]
    footer: Footer | None
    exchanges: Mapping[int, Exchange]
    traffic: Traffic
    exercised: Mapping[Place, Exercised]
    notes: list[str]

    @property
    def requests(self) -> int:
        return self.footer.requests if self.footer else self.traffic.exchanges

    @property
    def seconds(self) -> float:
        return self.footer.seconds if self.footer else self.traffic.seconds

    def outcomes(self) -> Counter[Outcome]:
        return Counter(verdict.outcome for verdict in self.verdicts.values())

    def judged(self, outcome: Outcome) -> Iterator[tuple[RuleEntry, Verdict]]:
        """The rules with this outcome, in the order of the catalogue."""
        for rule_id, verdict in self.verdicts.items():
            if verdict.outcome is outcome:
                yield self.rules[rule_id], verdict
