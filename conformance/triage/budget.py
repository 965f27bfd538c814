"""The allowance: how many requests a run may spend on looking into what it found, whatever that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.http.exchange import Exchange
from strategies.case import Case


class TriageBudgetSpent(Exception):
    """Nothing more may be looked into: what is left is told as it was found."""


@dataclass
class TriageBudget:
    """Requests that confirm, reduce and isolate: `limit` in all, of which `spent` are sent."""

    pass_on: Callable[[Case], Exchange]
    pass_on_all: Callable[[Sequence[Case]], list[Exchange]]
    limit: int
    spent: int = 0

    def send(self, case: Case) -> Exchange:
        """Sends a case and gives its exchange. AllowanceSpent if it may not."""
        if self.spent >= self.limit:
            raise TriageBudgetSpent
        self.spent += 1
        return self.pass_on(case)

    def send_all(self, cases: Sequence[Case]) -> list[Exchange]:
        """Sends cases many at a time, the first ones if it may not send all; gives their exchanges in the same order."""
        found = self.pass_on_all(cases[: max(self.limit - self.spent, 0)])
        self.spent += len(found)
        return found
