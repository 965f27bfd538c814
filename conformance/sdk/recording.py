"""The recording server: the emulator behind a log of all that arrives, with scripted responses in front of it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl

import orjson

from emulator.app import App, Message, Receive, Scope, Send
from emulator.testing.script import retry_after
from openapi.json_types import Json

# A call of the emulator can be joined nowhere. What tries to join meets a closed port of this machine, at once.
_CLOSED = rb'"\1://127.0.0.1:9'
_JOINED = re.compile(rb'"(wss?)://[^/"]+')


@dataclass(frozen=True)
class Scripted:
    """A response that takes the place of the emulator's.

    `delay` and `retry_after` are in seconds; `retry_after_form` is `seconds` or `date`. With `cut`, the connection ends in
    the middle of the body.
    """

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)
    delay: float = 0
    cut: bool = False
    retry_after: float | None = None
    retry_after_form: str = "seconds"


def json_response(status: int, body: Json, *, retry_after: float | None = None, form: str = "seconds") -> Scripted:
    """Return a response with a JSON body; `retry_after` is in seconds."""
    return Scripted(status, json.dumps(body).encode(), retry_after=retry_after, retry_after_form=form)


@dataclass(frozen=True)
class Arrived:
    """A request as it arrived, with the response that it got; `at` is in seconds on a monotonic clock."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    status: int = 0
    response: bytes = b""

    @property
    def json(self) -> Json:
        """Return the body as a JSON value, `{}` for no body; ValueError if it is none."""
        return orjson.loads(self.body) if self.body else {}

    @property
    def response_json(self) -> Json:
        """Return the response body as a JSON value; ValueError if it is none."""
        return orjson.loads(self.response)


@dataclass
class Recorder:
    """An ASGI application that records each request and responds as scripted, or else as the emulator does."""

    app: App
    _script: deque[Scripted] = field(default_factory=deque)
    _arrived: list[Arrived] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, script: Iterable[Scripted] = ()) -> None:
        """Forget what has arrived, and respond to the next requests as scripted."""
        with self._lock:
            self._arrived.clear()
            self._script = deque(script)

    def arrived(self) -> Sequence[Arrived]:
        """Return the requests that have arrived since the last `expect`, oldest first."""
        with self._lock:
            return tuple(self._arrived)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Record one request and respond to it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        at, body = time.monotonic(), await _body(receive)
        with self._lock:
            scripted = self._script.popleft() if self._script else None
        scripted = scripted or await self._emulated(scope, body)
        request = Arrived(
            method=scope["method"],
            path=scope["path"],
            query=tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
            body=body,
            at=at,
            status=scripted.status,
            response=scripted.body,
        )
        with self._lock:
            self._arrived.append(request)
        await _respond(scripted, send)

    async def _emulated(self, scope: Scope, body: bytes) -> Scripted:
        """Return the response of the emulator, with no URL that leads to another machine."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"] if name != b"content-length"
        )
        content = b"".join(cast(bytes, message.get("body", b"")) for message in sent[1:])
        return Scripted(sent[0]["status"], _JOINED.sub(_CLOSED, content), headers)


async def _body(receive: Receive) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = bool(message.get("more_body"))
    return b"".join(parts)


async def _respond(scripted: Scripted, send: Send) -> None:
    if scripted.delay:
        await asyncio.sleep(scripted.delay)
    length = len(scripted.body) * 2 if scripted.cut else len(scripted.body)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in scripted.headers]
    if scripted.retry_after is not None:
        headers.append((b"retry-after", retry_after(scripted.retry_after, scripted.retry_after_form).encode()))
    headers += [] if scripted.status == 204 else [(b"content-length", b"%d" % length)]
    await send({"type": "http.response.start", "status": scripted.status, "headers": headers})
    await send({"type": "http.response.body", "body": scripted.body})
