"""Answers in order: each exchange is handed over once those before it are, and while the next request is under way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx

from conformance.exchange import Exchange


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

    def add(self, exchange: Exchange) -> None:
        """Keeps an exchange until it is handed over."""
        self._ready[exchange.number] = exchange

    def hand_over(self) -> None:
        """Hands over all exchanges whose turn it is."""
        while self.failure is None and self.upcoming in self._ready:
            exchange = self._ready.pop(self.upcoming)
            self.upcoming += 1
            try:
                self.handle(exchange)
            except BaseException as error:
                self.failure = error
                self.end()

    def hand_over_rest(self) -> None:
        """Hands over what is left at the end, though something before it was never answered."""
        for number in sorted(self._ready):
            self.upcoming = number
            self.hand_over()


class Body(httpx.AsyncByteStream):
    """The content of a request, which tells when it is sent."""

    def __init__(self, content: bytes, sent: Callable[[], None]) -> None:
        self._content, self._sent = content, sent

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        # Who sends it asks for more when it has written this.
        self._sent()
