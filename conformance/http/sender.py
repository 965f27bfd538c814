"""Sending within the budget of a run: every exchange is recorded, whatever it was meant for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.interleaving import Work, asking, carry_on
from conformance.http.key_watch import REFUSED, Admission
from conformance.http.rate_limit import puts_off
from conformance.results.recording import exchange_entry
from openapi.contract import Contract
from reports.record.entries import Entry
from strategies.case import Case

Write = Callable[[Entry], None]
Handle = Callable[[Exchange], None]
_GIVE_UP = 6  # requests in a row without an answer, or with one that asks for more patience than there is


class CannotJudge(Exception):
    """Nothing (more) can be said about the target: it does not answer, or is not this API, or does not let us in."""


class BudgetSpent(Exception):
    """The run has sent as many requests as it may."""


@dataclass
class Sending:
    """Sends cases and records the exchanges. `note` is told of each; `cut_short` says that the budget kept some back.

    CannotJudge where the target stops answering, or refuses the key from some request on, which `locked_out` says from then on.
    """

    client: Client
    contract: Contract
    write: Write
    note: Handle
    max_requests: int | None = None
    cut_short: bool = False
    silent: int = 0
    locked_out: str | None = None
    admission: Admission = field(default_factory=Admission)

    def one(self, case: Case) -> Exchange:
        """Sends one case. BudgetSpent if it may not; a work that is carried on abreast is ended then."""
        ask = asking()
        if ask is not None:
            return ask([case])[0]
        if self._is_spent():
            raise BudgetSpent
        exchange = self.client.send(case)
        self._record(exchange)
        if self.admission.is_uncertain:
            self.make_sure()
        return exchange

    def many(self, cases: Iterable[Case], handle: Handle) -> None:
        """Sends cases, many at a time, as many as the budget lets, and hands over each exchange as it comes."""
        ask = asking()
        if ask is not None:
            waiting = list(cases)
            while waiting:
                responses = ask(waiting)
                for exchange in responses:
                    handle(exchange)
                waiting = waiting[len(responses) :]
            return

        def recorded(exchange: Exchange) -> None:
            self._record(exchange)
            handle(exchange)

        left = iter(cases)
        while True:
            self.client.send_all(self._affordable(left), recorded)
            if not self.admission.is_uncertain:
                return
            self.make_sure()

    def abreast(self, works: Iterable[Work]) -> None:
        """Carries on works that send one case after the other, as many at a time as requests may be in flight."""
        if not carry_on(works, self.client.target.concurrency, self.many):
            raise BudgetSpent

    def _affordable(self, cases: Iterable[Case]) -> Iterable[Case]:
        for case in cases:
            if self._is_spent():
                return  # what was answered is judged before the run ends
            yield case
            if self.admission.is_uncertain:
                return

    def make_sure(self) -> None:
        """Sends what was taken at first once more, if the latest requests were refused. CannotJudge if it is refused by now."""
        case, refused, since = self.admission.taken, self.admission.refused, self.admission.since
        self.admission.refused = 0
        if case is None or not refused or self._is_spent():
            return
        exchange = self.client.send(case)
        self._record(exchange)
        if exchange.status in REFUSED:
            url = self.client.target.url
            self.locked_out = f"{url} refuses the API key ({exchange.status}) since request {since}; before that it took it"
            raise CannotJudge(self.locked_out)

    def _is_spent(self) -> bool:
        """Whether nothing more may be sent; what was about to be is noted as cut short."""
        spent = self.max_requests is not None and self.client.sent >= self.max_requests
        self.cut_short = self.cut_short or spent
        return spent

    def _record(self, exchange: Exchange) -> None:
        self.write(exchange_entry(exchange, self.contract, self.client.target.key))
        self.silent = self.silent + 1 if exchange.error is not None or puts_off(exchange) else 0
        if self.silent >= _GIVE_UP:
            asked = f"status {exchange.status}, Retry-After: {exchange.headers.get('retry-after', '')[:40]}"
            raise CannotJudge(f"{self.client.target.url} has stopped answering: {exchange.error or asked}")
        self.admission.note(exchange)
        self.note(exchange)
