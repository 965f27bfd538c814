"""In order: what is done while requests are under way is done in the order of the cases, as if they went one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

import httpx

from conformance.http.exchange import Exchange
from strategies.case import Case

_HANDFUL = 24  # exchanges
_SOON = 0.04  # seconds


@dataclass
class InOrder:
    """Exchanges that wait for their turn, from the number that is `upcoming` on.

    They are handed over from within a request, which must not fail for it: what `handle` raises is kept as `failure`, and
    `end` is called.
    """

    handle: Callable[[Exchange], None]
    upcoming: int
    end: Callable[[], None]
    failure: BaseException | None = None
    _ready: dict[int, Exchange] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None

    def add(self, exchange: Exchange) -> None:
        """Keeps an exchange until it is handed over."""
        self._ready[exchange.number] = exchange

    def hand_over(self) -> None:
        """Hands over all exchanges whose turn it is."""
        self.close()
        while self.failure is None and self.upcoming in self._ready:
            exchange = self._ready.pop(self.upcoming)
            self.upcoming += 1
            try:
                self.handle(exchange)
            except BaseException as error:
                self.failure = error
                self.end()

    def hand_over_soon(self) -> None:
        """Hands over a handful, or what there is in a moment: many judged in a row take less time than one now and then."""
        if len(self._ready) >= _HANDFUL:
            self.hand_over()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SOON, self.hand_over)

    def close(self) -> None:
        """Hands over nothing by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def hand_over_rest(self) -> None:
        """Hands over what is left at the end, though something before it was never answered, or could not be taken."""
        for number in sorted(self._ready):
            try:
                self.handle(self._ready.pop(number))
            except BaseException as error:
                self.failure = self.failure or error


@dataclass
class Ahead(Iterator[Case]):
    """Cases, of which one is made ahead while there is time for it. What making it raises is raised in its turn."""

    cases: Iterator[Case]
    _made: list[Case] = field(default_factory=list)
    _error: BaseException | None = None

    def __next__(self) -> Case:
        if self._error is not None:
            raise self._error
        return self._made.pop() if self._made else next(self.cases)

    def prepare(self) -> None:
        """Makes the next case, if it is not made yet."""
        if self._made or self._error is not None:
            return
        try:
            self._made.append(next(self.cases))
        except BaseException as error:
            self._error = error


class Body(httpx.AsyncByteStream):
    """The content of a request, which tells when it is sent."""

    def __init__(self, content: bytes, sent: Callable[[], None]) -> None:
        self._content, self._sent = content, sent

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        # Who sends it asks for more when it has written this.
        self._sent()
