"""Admission: whether the target still takes the key that it took at first."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.http.exchange import Exchange
from strategies.case import Case, Key

REFUSED = frozenset({401, 403})
_IN_A_ROW = 20  # requests


@dataclass
class Admission:
    """The outcome of the latest requests with the right key.

    `taken` is one that it was taken with, if any was. `refused` counts those since the latest that was let in, from `since` on.
    """

    taken: Case | None = None
    refused: int = 0
    since: int = 0

    def note(self, exchange: Exchange) -> None:
        """Note whether a request was let in."""
        if exchange.case.key is not Key.RIGHT:
            return
        if exchange.status not in REFUSED:
            self.refused = 0
            return
        self.refused += 1
        if self.refused == 1:
            self.since = exchange.number

    @property
    def is_uncertain(self) -> bool:
        """Return whether so many were refused in a row that what was taken at first is to be sent again."""
        return self.taken is not None and self.refused >= _IN_A_ROW
