"""The proxy between suite and emulator: passes exchanges on, and injects a fault where its plan says so.

A plan sees each request with its number, in the order of arrival, and names a fault or none. The choice depends on seed and
number alone. So the same seed injects the same faults at the same numbers, whatever the timing is.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TypeAlias

from benchmarks.reliability.ledger import CREATE, Account, Ledger, Limits, created_in
from benchmarks.reliability.wire import LIMIT, Message, read_message

_IDLE = 3.0  # seconds after which the emulator may close a connection that nobody uses
_ABRUPT = struct.pack("ii", 1, 0)  # linger for no time: closing sends a reset


@dataclass
class Hop:
    """One request at the proxy, on its way. A fault writes to the suite through it."""

    number: int
    request: Message
    is_reused: bool
    draw: Random
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader
    forward: Callable[[], Awaitable[Message]]

    async def send(self, data: bytes) -> None:
        """Write bytes to the suite."""
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, response: Message) -> bool:
        """Send a whole response. Return whether the connection stays open."""
        await self.send(response.head + (b"" if self.request.method == "HEAD" else response.framed))
        return (response.header("connection") or "").lower() != "close" and (self.request.header("connection") or "") != "close"

    def reset(self) -> bool:
        """Reset the connection."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
        self.writer.transport.abort()
        return False


Fault: TypeAlias = Callable[[Hop], Awaitable[bool]]
Plan: TypeAlias = Callable[[Hop], tuple[str, Fault] | None]
Change: TypeAlias = Callable[[Message, Message], Message]


def quiet(_hop: Hop) -> tuple[str, Fault] | None:
    """Inject nothing."""
    return None


def unchanged(_request: Message, response: Message) -> Message:
    """Change no response."""
    return response


@dataclass
class Proxy:
    """A running proxy and its books. `idle` is how many seconds it keeps a connection that nobody uses."""

    upstream: tuple[str, int]
    plan: Plan = quiet
    change: Change = unchanged
    limits: Limits | None = None
    idle: float | None = None
    seed: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    injected: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @cached_property
    def account(self) -> Account | None:
        """Return the account that limits creations, None if nothing does."""
        return None if self.limits is None else Account(self.limits)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of the suite."""
        backend = _Backend(self.upstream)
        # Whoever is killed, or given a fault, leaves in the middle of a message; the end of the proxy cancels.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, asyncio.CancelledError):
            await self._exchanges(reader, writer, backend)
        backend.close()
        if not writer.is_closing():
            writer.close()

    async def _exchanges(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, backend: _Backend) -> None:
        is_reused, is_open = False, True
        while is_open:
            try:
                async with asyncio.timeout(self.idle if is_reused else None):
                    request = await read_message(reader)
            except TimeoutError:
                return
            if request is None:
                return
            self.ledger.requests += 1
            number = self.ledger.requests
            is_open = await self._exchange(number, request, is_reused, reader, writer, backend)
            is_reused = True

    async def _exchange(
        self,
        number: int,
        request: Message,
        is_reused: bool,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        backend: _Backend,
    ) -> bool:
        async def forward() -> Message:
            return await self._forward(request, backend)

        hop = Hop(number, request, is_reused, Random(f"{self.seed}:{number}"), writer, reader, forward)
        chosen = self.plan(hop)
        if chosen is None:
            return await hop.reply(await forward())
        name, fault = chosen
        self.injected[name] += 1
        return await fault(hop)

    async def _forward(self, request: Message, backend: _Backend) -> Message:
        response = await backend.exchange(request)
        identity = created_in(request, response)
        if self.account is not None and identity is not None:
            refusal = self.account.refusal(self.ledger, time.monotonic())
            if refusal is not None:  # an account refuses valid bodies only, so the emulator is asked first
                await backend.exchange(_deletion(request, identity))
                self.ledger.last = time.monotonic()
                return refusal
        self.ledger.note(request, response)
        return self.change(request, response)


def _deletion(request: Message, identity: str) -> Message:
    key = request.header("x-api-key") or ""
    return Message(f"DELETE {CREATE}/{identity} HTTP/1.1\r\nhost: emulator\r\nx-api-key: {key}\r\n\r\n".encode("latin-1"))


class _Backend:
    """The connection to the emulator that belongs to one connection of the suite."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def exchange(self, request: Message) -> Message:
        """Send a request to the emulator and return its response."""
        if self._streams is None or time.monotonic() - self._used > _IDLE:
            self.close()
            self._streams = await asyncio.open_connection(*self._address, limit=LIMIT)
        reader, writer = self._streams
        writer.write(request.head + request.framed)
        response = await read_message(reader, request)
        self._used = time.monotonic()
        if response is None:
            raise ConnectionResetError("the emulator closed the connection")
        if (response.header("connection") or "").lower() == "close":
            self.close()
        return response

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@contextmanager
def running(proxy: Proxy, host: str = "127.0.0.1") -> Iterator[Proxy]:
    """Serve a proxy on a free port in a thread of its own."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def start() -> asyncio.Server:
        server = await asyncio.start_server(proxy.serve, host, 0, limit=LIMIT, backlog=512)
        proxy.port = server.sockets[0].getsockname()[1]
        ready.set()
        return server

    server = loop.create_task(start())
    thread = threading.Thread(target=loop.run_forever, name="proxy", daemon=True)
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the proxy did not start within 10 seconds")
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_end(server.result()), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
