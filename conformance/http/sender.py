"""The sender: the one way to the target, within the rate, the budgets and the number of requests in flight.

    case -> room for what it creates -> turn -> number -> attempts -> exchange

Requests wait in the order in which they are asked for, and get their number when they go. Who asks gets the exchange back;
`receive` is handed each exchange as well, whatever it was meant for, so that it is recorded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import InitVar, dataclass, field, replace
from functools import partial

from conformance.http.client import Client
from conformance.http.endings import BudgetSpent, CannotJudge, Ended
from conformance.http.exchange import Exchange
from conformance.http.finding_left import Finder
from conformance.http.json_body import json_of
from conformance.http.key_watch import REFUSED, Admission
from conformance.http.live_objects import LiveObjects
from conformance.http.rate_limit import RateLimit
from conformance.http.retry import Retries, puts_off
from conformance.http.shared_exchanges import GONE, Shared
from conformance.http.shared_rate import RateLost, SharedRate
from conformance.http.target import Target
from strategies.case import Case, Side

_GIVE_UP = 6  # requests in a row without a response, all their retries spent
GRACE = 2.0  # seconds for what is in flight when a run is interrupted: what it creates is to be known, and deleted
_DELETIONS = 4  # attempts to delete an object before the target counts as one that refuses to
_FIRST_WAIT = 0.1  # seconds between the first two of them; each further wait is twice as long


@dataclass
class Sender:
    """Sends cases and hands each exchange to `receive`. `cut_short` says that a budget kept some cases back.

    `enough` says which other budget is spent, in words, which `spent` keeps. `retried` are the statuses of responses that say
    nothing about the request; `shared` holds what other senders have sent. CannotJudge where the target stops responding, or
    refuses the key from some request on, which `locked_out` says from then on.
    """

    client: Client
    objects: LiveObjects
    receive: Callable[[Exchange], None]
    retried: InitVar[frozenset[int]] = frozenset()
    max_requests: int | None = None
    seed: InitVar[int] = 0
    enough: Callable[[], str | None] = lambda: None
    shared: Shared | None = None
    sent: int = 0
    requests: int = 0
    cut_short: bool = False
    spent: str | None = None
    silent: int = 0
    locked_out: str | None = None
    admission: Admission = field(default_factory=Admission)
    retries: Retries = field(init=False)
    _hopeless: CannotJudge | None = None
    _is_ending: bool = False

    def __post_init__(self, retried: frozenset[int], seed: int) -> None:
        self.retries = Retries(self.target.retries, retried, seed)
        rate, shared = self.target.rate, self.target.rate_limit
        self._rate = RateLimit(rate) if rate is None or shared is None else SharedRate(shared, self.target.url, rate)
        self._gate = asyncio.Semaphore(self.target.concurrency)

    @property
    def target(self) -> Target:
        """Return where requests go."""
        return self.client.target

    async def send(self, case: Case, *, retry: bool = True, fresh: bool = False, keep: bool = False) -> Exchange:
        """Return the exchange of a case. BudgetSpent, CannotJudge, Ended or NoRoom if it may not be sent.

        Without `retry` it is sent once, whatever comes of it; `fresh` sends it on a new connection. What it creates is deleted
        at once, if anything is, unless `keep` says that later requests are about it.
        """
        # What others have sent costs no budget.
        known = self.shared.take(case, keep=keep) if self.shared is not None and retry and not fresh else None
        if known is not None and not self._is_ending:
            self.receive(known)
            return known
        self._check()
        creates = self.objects.may_create(case)
        if creates:
            await self._reserve(case)
        exchange: Exchange | None = None
        try:
            async with self._gate:
                self._check()
                self.sent += 1
                self.requests += 1
                exchange = await self._sent(case, retry=retry, fresh=fresh)
                # While this request still has its place in flight: what is deleted goes before what is created next.
                identity = self.objects.note(exchange) if creates else None
                if identity is not None and not keep and self.objects.is_passing(identity):
                    await self.delete(identity)
        finally:
            if creates:
                await self.objects.release()
        self._note(exchange)
        if self.silent >= _GIVE_UP:
            await self._make_sure_of_responses(exchange)
        if self.admission.is_uncertain:
            await self.make_sure()
        return exchange

    async def _sent(self, case: Case, *, retry: bool, fresh: bool) -> Exchange:
        """Return the exchange of a case; it is held back where others have deleted what it is about."""
        if self.shared is None:
            return await self._attempts(case, self.sent, retry=retry, fresh=fresh)
        if self.shared.is_gone(case):
            return self.client.held_back(case, self.sent, GONE)
        exchange = await self._attempts(case, self.sent, retry=retry, fresh=fresh)
        self.shared.offer(exchange)
        return exchange

    def go_on_from(self, other: Sender) -> None:
        """Go on with the numbers, the budget and the rate of another sender, which has stopped sending for now."""
        self.sent, self.requests, self._rate = other.sent, other.requests, other._rate

    async def _reserve(self, case: Case) -> None:
        try:
            await self.objects.reserve(case)
        except BudgetSpent:
            self.cut_short = True
            raise

    async def _attempts(self, case: Case, number: int, *, retry: bool = True, fresh: bool = False) -> Exchange:
        attempts: list[int] = []
        while True:
            await self._in_pace(number, self._rate.turn)
            if self._is_ending and number:
                raise Ended
            exchange = await self.client.attempt(case, number, fresh=fresh)
            may_retry = retry and not self._is_spent() and not exchange.is_held_back
            wait = self.retries.wait(exchange, len(attempts), self.requests) if may_retry else None
            if wait is None:
                return replace(exchange, attempts=(*attempts, *exchange.attempts)) if attempts else exchange
            attempts.append(exchange.status)
            self.requests += bool(number)
            if exchange.error is None:
                await self._in_pace(number, partial(self._rate.hold, wait))
            await asyncio.sleep(wait)

    async def _in_pace(self, number: int, wait: Callable[[], Awaitable[None]]) -> None:
        """Wait as the rate limit says. CannotJudge where a shared one is lost; deletions, without a number, go on alone."""
        try:
            await wait()
        except RateLost as lost:
            if number:
                self._give_up(str(lost))
            await wait()

    def _is_spent(self) -> bool:
        return self.max_requests is not None and self.requests >= self.max_requests

    def _check(self) -> None:
        """Raise the reason why nothing more may be sent, if there is one."""
        if self._is_ending:
            raise Ended
        if self._hopeless is not None:
            raise self._hopeless
        self.spent = self.spent or self.enough()
        if self._is_spent() or self.spent is not None:
            self.cut_short = True
            raise BudgetSpent

    def _note(self, exchange: Exchange) -> None:
        if exchange.case.method == "DELETE" and exchange.is_success:
            self.objects.forget(exchange.case.path)
        self.receive(exchange)
        if exchange.is_held_back:
            return
        self.admission.note(exchange)
        self.silent = self.silent + 1 if self._is_silent(exchange) else 0

    def _is_silent(self, exchange: Exchange) -> bool:
        return exchange.error is not None or (exchange.status in self.retries.statuses and puts_off(exchange))

    async def _make_sure_of_responses(self, latest: Exchange) -> None:
        """Send what was taken at first once more: the latest bodies may be to blame. CannotJudge if it gets no response."""
        case, self.silent = self.admission.taken, 0
        asked = None if case is None or self._is_spent() else await self.send(case)
        if asked is None or self._is_silent(asked):
            shown = f"status {latest.status}, Retry-After: {latest.headers.get('retry-after', '')[:40]}"
            self._give_up(f"{self.target.url} has stopped responding: {latest.error or shown}")

    def _give_up(self, why: str) -> None:
        self._hopeless = CannotJudge(why)
        raise self._hopeless

    async def make_sure(self) -> None:
        """Send what was taken at first once more, if the latest requests were refused. CannotJudge if it is refused by now."""
        case, refused, since = self.admission.taken, self.admission.refused, self.admission.since
        self.admission.refused = 0
        if case is None or not refused or self._is_spent() or self._hopeless is not None:
            return
        exchange = await self.send(case)
        if exchange.status in REFUSED:
            self.locked_out = (
                f"{self.target.url} refuses the API key ({exchange.status}) since request {since}; before that it took it"
            )
            self._give_up(self.locked_out)

    # --- deleting

    async def delete(self, identity: str) -> None:
        """Delete an object that was created, in several attempts at growing distances."""
        case = self.objects.deletion(identity)
        if case is None:
            return
        exchange = await self._attempts(case, 0)
        for attempt in range(_DELETIONS - 1):
            if self.objects.is_gone(exchange) or self.objects.refusal is not None:
                break
            await asyncio.sleep(_FIRST_WAIT * 2**attempt)
            exchange = await self._attempts(case, 0)
        await self.objects.note_deletion(identity, exchange, self.retries.statuses)

    async def tidy(self) -> int:
        """Delete all that the run created and that still stands; return the number of objects that could not be deleted."""
        if not self.objects.clean_up:
            return 0
        await self.delete_all(list(self.objects.live))
        await self._find_lost()
        await self.delete_all(list(self.objects.live))
        if not self.objects.live:
            self.objects.journal.complete()
        return len(self.objects.live)

    async def _find_lost(self) -> None:
        """Note the objects with the run tag that no response has shown, as far as the target lists them."""
        finder = Finder.of(self.client.contract, self.client.tag, self.objects.identifier)
        pages = None if finder is None else finder.pages()
        if finder is None or pages is None or self.objects.refusal is not None:
            return
        query = next(pages)
        while True:
            case = Case(side=Side.STATE, label="find what is left", method="GET", path=finder.path, query=query)
            exchange = await self._attempts(case, 0)
            try:
                query = pages.send(json_of(exchange.content) if exchange.is_success else None)
            except StopIteration as end:
                self.objects.found(end.value)
                return

    async def delete_all(self, identities: Iterable[str]) -> None:
        """Delete objects, many at a time, those first that would not end by themselves soon."""
        order = sorted(identities, key=lambda each: each not in self.objects.lasting)
        await asyncio.gather(*map(self._delete_in_turn, order))

    async def _delete_in_turn(self, identity: str) -> None:
        async with self._gate:
            await self.delete(identity)

    # --- the end

    def end(self) -> None:
        """Send nothing more but deletions; requests that are in flight are let come to their end."""
        self._is_ending = True

    async def aclose(self) -> None:
        """Close all connections."""
        with suppress(OSError):
            await self._rate.aclose()
        with suppress(OSError):
            await self.client.aclose()
