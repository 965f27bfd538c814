"""Patience: one shared rate limit, and how long a server is waited for that asks for it."""

from __future__ import annotations

import asyncio
import email.utils
import random
import time

from conformance.http.exchange import Exchange

RETRIED = frozenset({429, 503})
_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is not waited for


class RateLimit:
    """One shared rate limit: lets `rate` requests a second through, evenly."""

    def __init__(self, rate: float | None) -> None:
        self.gap = 1 / rate if rate else 0.0
        self.next = 0.0

    async def turn(self) -> None:
        """Waits until the next request may go."""
        if not self.gap:
            return
        now = time.monotonic()
        self.next = max(self.next + self.gap, now)
        if self.next > now:
            await asyncio.sleep(self.next - now)

    def hold(self, seconds: float) -> None:
        """Lets nothing through for a while: the server said so."""
        if self.gap:
            self.next = max(self.next, time.monotonic() + seconds)


def wait_before_retry(exchange: Exchange, attempts: int, most: int) -> float | None:
    """Seconds to wait before a request is sent again, `most` times at the most; None to leave it at that."""
    if attempts >= most:
        return None
    if exchange.status in RETRIED:
        wait = retry_after(exchange.headers.get("retry-after"))
        if wait is None:
            wait = 0.5 * 2**attempts * (1 + random.random())  # noqa: S311 - only spreads retries
        return wait if wait <= _LONGEST_WAIT else None
    # The request may have been carried out, so only one that never reached the server is sent again.
    return 0.2 * 2**attempts if exchange.error and exchange.error.startswith("ConnectError") and attempts < 1 else None


def puts_off(exchange: Exchange) -> bool:
    """Whether the server asks to be left alone for longer than it is waited for."""
    wait = retry_after(exchange.headers.get("retry-after")) if exchange.status in RETRIED else None
    return wait is not None and wait > _LONGEST_WAIT


def retry_after(text: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for, be it a number or an HTTP date; None if it is neither."""
    if not text:
        return None
    if text.isascii() and text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
