"""The triage budget: how many requests a run may spend on what it found, whatever that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.http.exchange import Exchange
from strategies.case import Case


class TriageBudgetSpent(Exception):
    """Nothing more may be triaged: what is left is reported as it was found."""


@dataclass
class TriageBudget:
    """Requests that confirm, shrink and bisect: `limit` in all, of which `spent` are sent."""

    limit: int
    spent: int = 0

    def claim(self, count: int = 1) -> int:
        """Return how many of so many requests may be sent; they count as spent. TriageBudgetSpent if none may."""
        granted = min(count, self.limit - self.spent)
        if count and granted <= 0:
            raise TriageBudgetSpent
        self.spent += granted
        return granted


@dataclass(frozen=True)
class Resender:
    """Sends more requests for triage, within its budget. It is called in the thread of triage.

    `pass_on` sends a case, `pass_on_all` several at the same time.
    """

    pass_on: Callable[..., Exchange]
    pass_on_all: Callable[..., list[Exchange]]
    budget: TriageBudget

    def send(self, case: Case) -> Exchange:
        """Return the exchange of a case. TriageBudgetSpent if it may not be sent."""
        self.budget.claim()
        return self.pass_on(case)

    def send_all(self, cases: Sequence[Case]) -> list[Exchange]:
        """Return the exchanges of cases, of the first ones if not all may be sent."""
        if not cases or self.budget.spent >= self.budget.limit:
            return []
        return self.pass_on_all(list(cases[: self.budget.claim(len(cases))]))

    def send_apart(self, cases: Sequence[Case]) -> list[Exchange]:
        """Return the exchanges of cases sent at the same time, each once and on a connection of its own.

        TriageBudgetSpent if not all may be sent.
        """
        if self.budget.limit - self.budget.spent < len(cases):
            raise TriageBudgetSpent
        self.budget.claim(len(cases))
        return self.pass_on_all(list(cases), retry=False, fresh=True)
