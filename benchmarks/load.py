"""The load generator: prepared requests over raw connections that are kept alive, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import httptools


@dataclass(frozen=True, slots=True)
class Load:
    """The outcome: seconds, and responses by status."""

    seconds: float
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Return responses a second."""
        return sum(self.statuses.values()) / self.seconds


def request_bytes(url: str, body: bytes, key: str) -> bytes:
    """Return a request to create a call, as it goes over the wire."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\nx-api-key: {key}\r\naccept: application/json\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_all(url: str, requests: Sequence[bytes], connections: int) -> Load:
    """Send each request once, one after the other on each connection."""
    parts = urlsplit(url)
    with asyncio.Runner(loop_factory=_loop()) as runner:
        return runner.run(_post_all(str(parts.hostname), int(parts.port or 80), requests, connections))


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop


async def _post_all(host: str, port: int, requests: Sequence[bytes], connections: int) -> Load:
    loop = asyncio.get_running_loop()
    statuses: Counter[int] = Counter()
    waiting = iter(requests)
    begun = time.perf_counter()
    made = [
        (await loop.create_connection(lambda: _Connection(waiting, statuses, loop.create_future()), host, port))[1]
        for _ in range(connections)
    ]
    awake = asyncio.ensure_future(_stay_awake())
    await asyncio.gather(*(each.done for each in made))
    awake.cancel()
    seconds = time.perf_counter() - begun
    return Load(seconds, dict(statuses))


async def _stay_awake() -> None:
    """Has the loop look for responses without a pause: waking a processor that sleeps would be the server's work."""
    while True:
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One connection: a request goes out when the response to the one before has come in."""

    def __init__(self, waiting: Iterator[bytes], statuses: Counter[int], done: asyncio.Future[None]) -> None:
        self.done = done
        self._waiting, self._statuses = waiting, statuses
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are one, but are no instances of it.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser at the end of a response."""
        self._statuses[self._parser.get_status_code()] += 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed a connection that was to be kept alive"))

    def _next(self) -> None:
        request = next(self._waiting, None)
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()
