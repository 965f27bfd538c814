"""Checkpoints: verdicts that are recorded while a run goes on, so that a killed run shows what its record supports.

A later verdict on a rule replaces an earlier one. A rule with a finding that waits for triage has none yet: what it passed so
far is uncertain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from reports.record.entries import Outcome, Verdict

INTERVAL = 2.0  # seconds
EXCHANGES = 200  # of which a quick server has as many in less
SHARE = 0.02  # of the time of a run, that checkpoints may take: one takes some hundredths of a second


@dataclass
class Checkpoints:
    """Writes verdicts that have changed since they were written last."""

    write: Callable[[Verdict], None]
    _written: dict[str, Verdict] = field(default_factory=dict)
    _latest: float = field(default_factory=time.monotonic)
    _since: int = 0
    _cost: float = 0.0

    def is_due(self) -> bool:
        """Return whether it is time for another one, after one more exchange."""
        self._since += 1
        least = INTERVAL if self._since < EXCHANGES else 0.0
        return time.monotonic() - self._latest >= max(least, self._cost / SHARE)

    def note(self, judge: Callable[[], Iterable[Verdict]], uncertain: Collection[str]) -> None:
        """Write the verdicts that say something, but for those on rules in implementation-defined."""
        begun = time.monotonic()
        for verdict in judge():
            is_known = self._written.get(verdict.rule) == verdict
            if verdict.outcome is Outcome.SKIP or verdict.rule in uncertain or is_known:
                continue
            self._written[verdict.rule] = verdict
            self.write(verdict)
        self._latest, self._since = time.monotonic(), 0
        self._cost = self._latest - begun
