"""The calls that exist at the emulator, by what passes the proxy, and an account that limits them."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import unquote

from benchmarks.reliability.wire import Headers, Message, response

CREATE = "/api/calls"
IDENTIFIER = "callId"
_GONE = frozenset({200, 202, 204, 404, 410})


@dataclass
class Ledger:
    """Created and deleted calls, requests by status, and the largest number of calls that existed at once."""

    created: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    requests: int = 0
    peak: int = 0
    last: float = 0.0

    @property
    def left(self) -> frozenset[str]:
        """Return the ids of the calls that were created and not deleted."""
        return frozenset(self.created - self.deleted)

    def note(self, request: Message, response: Message) -> None:
        """Note what the emulator did, whether or not the suite gets to see it."""
        self.last = time.monotonic()
        identity = created_in(request, response)
        if identity is not None:
            self.created.add(identity)
            self.peak = max(self.peak, len(self.created) - len(self.deleted))
        if request.method == "DELETE" and request.path.startswith(CREATE + "/") and response.status in _GONE:
            self.deleted |= {unquote(request.path.removeprefix(CREATE + "/"))} & self.created


def created_in(request: Message, response: Message) -> str | None:
    """Return the id of the call that a request created, None if it created none."""
    if request.method != "POST" or not 200 <= response.status < 300:
        return None
    try:
        body = json.loads(response.framed)
    except ValueError:
        return None
    return body.get(IDENTIFIER) if isinstance(body, dict) else None


@dataclass(frozen=True)
class Limits:
    """The limits of an account. `scale` is how many times faster than the wall its clock goes.

    `live` is the number of calls that exist at once, `per_minute` the number of creations.
    """

    live: int | None = None
    per_minute: int | None = None
    scale: float = 1.0
    status: int = 429
    retry_after: bool = True


class Account:
    """An account with limits: which created calls it would have refused."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._created: deque[float] = deque()
        self.refused = 0

    def refusal(self, ledger: Ledger, now: float) -> Message | None:
        """Return the refusal of one more call, None if the account has room for it. `now` is in seconds of the wall."""
        limits, minute = self._limits, 60 / self._limits.scale
        while self._created and self._created[0] <= now - minute:
            self._created.popleft()
        if limits.live is not None and len(ledger.left) >= limits.live:
            return self._refuse("Too many concurrent calls", 1)
        if limits.per_minute is not None and len(self._created) >= limits.per_minute:
            return self._refuse("Too many calls created", max(1, round(self._created[0] + minute - now)))
        self._created.append(now)
        return None

    def _refuse(self, detail: str, seconds: int) -> Message:
        self.refused += 1
        headers: Headers = (("retry-after", str(seconds)),) if self._limits.retry_after else ()
        return response(self._limits.status, json.dumps({"detail": detail}).encode(), headers)
