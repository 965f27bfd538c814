"""Retries: what says nothing about the request is sent again, at growing and random distances, within a budget.

A reset, a timeout, a cut response, a 429 or a 503 comes from the way or the load. It says nothing of conformance. One of them
is chance; the request is repeated until it gets a response of the application, or until the retries are spent. Then it has no
verdict. With a chance rate of 20 % and 3 retries, 1 request in 600 stays without one.

The distances grow as 0.25, 0.5, 1 s (twice that at most, by chance). So many clients that failed at the same moment do not come
back at the same moment. The budget of a run keeps an outage from being hammered: 50 retries, and one for every two requests.
"""

from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass, field

from conformance.http.exchange import Exchange

_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is not waited for
_FIRST_WAIT = 0.25  # seconds
_TIMEOUTS = 1  # retries of a request that was waited for in vain, which takes the whole timeout each time
_FREE, _SHARE = 50, 0.5  # retries of a run, and more for each request


@dataclass
class Retries:
    """Decides on retries: `most` for each request, of the responses with these `statuses`. `seed` decides the jitter."""

    most: int
    statuses: frozenset[int]
    seed: int = 0
    spent: int = 0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - only spreads retries

    def wait(self, exchange: Exchange, attempts: int, sent: int) -> float | None:
        """Return the seconds to wait before a request is sent again; None to leave it at this exchange.

        `attempts` is how often it was sent again already, `sent` how many requests the run has sent.
        """
        if exchange.error is None and exchange.status not in self.statuses:
            return None
        if attempts >= self._most(exchange) or self.spent >= _FREE + _SHARE * sent:
            return None
        wait = retry_after(exchange.headers.get("retry-after"))
        if wait is None:
            wait = _FIRST_WAIT * 2**attempts * (1 + self._random.random())
        if wait > _LONGEST_WAIT:
            return None
        self.spent += 1
        return wait

    def _most(self, exchange: Exchange) -> int:
        is_timeout = exchange.error is not None and exchange.error.startswith("no whole response")
        return min(self.most, _TIMEOUTS) if is_timeout else self.most


def puts_off(exchange: Exchange) -> bool:
    """Return whether the server asks to be left alone for longer than it is waited for."""
    wait = retry_after(exchange.headers.get("retry-after"))
    return wait is not None and wait > _LONGEST_WAIT


def retry_after(text: str | None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, be it a number or an HTTP date; None if it is neither."""
    if not text:
        return None
    if text.isascii() and text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError, OSError):
        return None
