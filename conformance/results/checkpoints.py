"""Checkpoints: verdicts that are recorded while a run goes on, so that a killed run shows what its record supports.

A later verdict on a rule replaces an earlier one. A rule with a finding that waits for triage has none yet: what it passed so
far is uncertain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from reports.record.entries import Outcome, Verdict

INTERVAL = 2.0  # seconds; a checkpoint takes some hundredths
EXCHANGES = 200  # of which a quick server has as many in less


@dataclass
class Checkpoints:
    """Writes verdicts that have changed since they were written last."""

    write: Callable[[Verdict], None]
    _written: dict[str, Verdict] = field(default_factory=dict)
    _latest: float = field(default_factory=time.monotonic)
    _since: int = 0

    def is_due(self) -> bool:
        """Return whether it is time for another one, after one more exchange."""
        self._since += 1
        return self._since >= EXCHANGES or time.monotonic() - self._latest >= INTERVAL

    def note(self, verdicts: Iterable[Verdict], uncertain: Collection[str]) -> None:
        """Write the verdicts that say something, but for those on rules in implementation-defined."""
        for verdict in verdicts:
            is_known = self._written.get(verdict.rule) == verdict
            if verdict.outcome is Outcome.SKIP or verdict.rule in uncertain or is_known:
                continue
            self._written[verdict.rule] = verdict
            self.write(verdict)
        self._latest, self._since = time.monotonic(), 0
