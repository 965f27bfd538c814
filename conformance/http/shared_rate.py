"""A rate that several runs keep together: the turn of the next request stands in Redis, as a run alone keeps it in memory.

Redis carries out the script as a whole and has one clock. So runs on several machines get one turn after the other:

    run A  asks at 0.0   waits 0.0      the next turn is at 0.2
    run B  asks at 0.1   waits 0.1      the next turn is at 0.4
    run A  asks at 0.1   waits 0.3      and so on, at 5 requests a second

Libraries of rate limits count requests within a window, so as many as a second may have come at once. They know nothing of a
server that wants a pause (`Retry-After`). The script is six lines.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.http.rate_limit import RateLimit

if TYPE_CHECKING:
    from redis.asyncio import Redis

_SECONDS = 5.0  # within which Redis has to respond
_MICROSECONDS = 1_000_000
# KEYS: the next turn. ARGV: the gap between turns, and a pause that begins now, in microseconds. Returns how long to wait.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
local turn = math.max(known + ARGV[1], now + ARGV[2])
redis.call('SET', KEYS[1], string.format('%.0f', turn), 'PX', math.ceil((turn - now) / 1000) + 60000)
return turn - now
"""


class RateLost(Exception):
    """Redis cannot be reached; the message says where, without credentials, and why."""


def shown(url: str) -> str:
    """Return the URL of a Redis without credentials. ValueError where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError("it is no URL of a Redis, such as redis://redis.example:6379/0")
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def key_of(target: str) -> str:
    """Return the name under which Redis keeps the turn of a target."""
    return f"ultravox-conformance:turn:{hashlib.sha256(target.encode()).hexdigest()[:16]}"


@dataclass
class SharedRate:
    """Lets `rate` requests a second through, of all runs that name the same Redis and target; of this run once it is lost.

    `url` may hold credentials, which nothing shows.
    """

    url: str = field(repr=False)
    target: str
    rate: float
    _client: Redis | None = None
    _script: Any = None
    _alone: RateLimit | None = None

    async def turn(self) -> None:
        """Wait until the next request may go. RateLost where Redis does not say when; from then on this run waits by itself."""
        if self._alone is not None:
            await self._alone.turn()
            return
        seconds = await self._asked(_MICROSECONDS / self.rate, 0)
        if seconds > 0:
            await asyncio.sleep(seconds)

    async def hold(self, seconds: float) -> None:
        """Let nothing through for a while, in none of the runs: the server has asked for it. RateLost as in `turn`."""
        if self._alone is not None:
            await self._alone.hold(seconds)
        else:
            await self._asked(0, seconds * _MICROSECONDS)

    async def aclose(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.aclose()

    async def _asked(self, gap: float, pause: float) -> float:
        """Return the seconds until the turn that Redis gives."""
        from redis.exceptions import RedisError

        try:
            if self._client is None:
                self._client = _client_of(self.url)
                self._script = self._client.register_script(_SCRIPT)
            return int(await self._script(keys=[key_of(self.target)], args=[round(gap), round(pause)])) / _MICROSECONDS
        except (RedisError, OSError) as error:
            self._alone = RateLimit(self.rate)
            raise RateLost(f"the rate limit at {shown(self.url)} is lost: {type(error).__name__}") from None


def _client_of(url: str) -> Redis:
    from redis.asyncio import Redis

    client: Redis = Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
    return client


async def check(url: str) -> None:
    """Return if Redis responds. RateLost where it does not."""
    from redis.exceptions import RedisError

    client = _client_of(url)
    try:
        await client.eval("return 1", 0)
    except (RedisError, OSError) as error:
        raise RateLost(f"{shown(url)}: {type(error).__name__}") from None
    finally:
        await client.aclose()
