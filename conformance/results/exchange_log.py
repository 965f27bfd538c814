"""The log of exchanges: each is recorded in the order of its number, whenever its response came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.http.exchange import Exchange
from conformance.results.recording import exchange_entry
from openapi.contract import Contract
from reports.record.entries import Entry

Write = Callable[[Entry], None]


def unrecorded(_entry: Entry) -> None:
    """Record nothing. Where this is the writer, entries are not made: to redact them costs a quarter of a run in process."""


@dataclass
class ExchangeLog:
    """Writes exchanges by number and hands each to `see`. One whose turn has not come waits for those before it."""

    contract: Contract
    write: Write
    see: Callable[[Exchange], None]
    _next: int = 1
    _early: dict[int, Exchange] = field(default_factory=dict)

    def add(self, exchange: Exchange) -> None:
        """Record an exchange, and those that waited for it; one that is recorded already is not recorded again."""
        if exchange.number < self._next:
            return
        self._early[exchange.number] = exchange
        while (upcoming := self._early.pop(self._next, None)) is not None:
            self._next += 1
            self._record(upcoming)

    def close(self) -> None:
        """Record what waits for exchanges that never came: their requests were given up."""
        for number in sorted(self._early):
            self._record(self._early.pop(number))
            self._next = number + 1

    def go_on_from(self, number: int) -> None:
        """Go on behind an exchange that another log has recorded as the latest one."""
        self.close()
        self._next = number + 1

    def _record(self, exchange: Exchange) -> None:
        if self.write is not unrecorded:
            self.write(exchange_entry(exchange, self.contract))
        self.see(exchange)
