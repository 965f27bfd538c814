"""A run as read back from its record. Every report is made from this value."""

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
    """All exchanges of a run, counted. `statuses` has the key `none` for requests without a response."""

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
    """A run. `exchanges` holds only those that verdicts refer to; `notes` describe oddities of the record.

    `rules` and `verdicts` have the same keys, in the order of the catalogue: a rule without a verdict in the
    record is skipped, with that reason. `footer` is None where the record was cut off. `other` is the same run under another
    description.
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
    other: Run | None = None

    @property
    def requests(self) -> int:
        """Return the number of requests."""
        return self.footer.requests if self.footer else self.traffic.exchanges

    @property
    def seconds(self) -> float:
        """Return the duration of the run in seconds."""
        return self.footer.seconds if self.footer else self.traffic.seconds

    def outcomes(self) -> Counter[Outcome]:
        """Return the number of rules by outcome."""
        return Counter(verdict.outcome for verdict in self.verdicts.values())

    def judged(self, outcome: Outcome) -> Iterator[tuple[RuleEntry, Verdict]]:
        """Yield the rules with this outcome, in the order of the catalogue."""
        for rule_id, verdict in self.verdicts.items():
            if verdict.outcome is outcome:
                yield self.rules[rule_id], verdict
