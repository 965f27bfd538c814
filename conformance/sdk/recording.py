"""The requests of a client as they arrive at the emulator's test server, each with the response that it got."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

from emulator.app import App
from emulator.messages import Reply, Request
from emulator.testing import RecordingServer
from emulator.testing.script import ScriptedResponse
from openapi.catalogue import Catalogue
from openapi.json_types import Json

# What tries to join a call meets a closed port of this machine, at once: some clients create another call then.
_CLOSED = "wss://127.0.0.1:9"


@dataclass(frozen=True)
class Arrived:
    """A request as it arrived, with the response that it got; `at` is in seconds on a monotonic clock."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
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


class Recorder:
    """A test server whose requests are read and whose responses are scripted case by case, from another thread."""

    def __init__(self, app: App, catalogue: Catalogue) -> None:
        self.server = RecordingServer(app, catalogue, observe=self._observe, joined_at=_CLOSED)
        self._arrived: list[Arrived] = []
        self._lock = threading.Lock()

    def expect(self, script: Iterable[ScriptedResponse] = ()) -> None:
        """Forget what has arrived, and respond to the next requests as scripted."""
        with self._lock:
            self._arrived.clear()
            self.server.expect(script)

    def arrived(self) -> Sequence[Arrived]:
        """Return the requests that have arrived since the last `expect`, oldest first."""
        with self._lock:
            return tuple(self._arrived)

    def _observe(self, request: Request, reply: Reply) -> None:
        query = tuple(parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True))
        arrived = Arrived(request.method, request.path, query, request.body, time.monotonic(), reply.status, reply.body)
        with self._lock:
            self._arrived.append(arrived)
