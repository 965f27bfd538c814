"""The rate limit: one for all requests of a run."""

from __future__ import annotations

import asyncio
import time


class RateLimit:
    """Lets `rate` requests a second through, evenly; without a rate all of them."""

    def __init__(self, rate: float | None) -> None:
        self.gap = 1 / rate if rate else 0.0
        self.next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may go."""
        if not self.gap:
            return
        now = time.monotonic()
        self.next = max(self.next + self.gap, now)
        if self.next > now:
            await asyncio.sleep(self.next - now)

    async def hold(self, seconds: float) -> None:
        """Let nothing through for a while: the server has asked for it. Without a rate, only who was refused waits."""
        if self.gap:
            self.next = max(self.next, time.monotonic() + seconds)

    async def aclose(self) -> None:
        """Close nothing."""
