"""A server of a few lines in place of the emulator, so that the bed is tested in milliseconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeAlias

import pytest

from benchmarks.reliability.ledger import CREATE
from benchmarks.reliability.proxy import Plan, Proxy, quiet, running

BODY = b'{"temperature": 0.5}'
Opened: TypeAlias = Callable[[Proxy], "Opening"]


@dataclass
class Backend:
    """A server that creates and deletes calls; `requests` are the methods that arrived."""

    address: tuple[str, int] = ("", 0)
    requests: list[str] = field(default_factory=list)

    def proxy(self, plan: Plan = quiet, seed: int = 1) -> Proxy:
        """Return a proxy before this server."""
        return Proxy(self.address, plan=plan, seed=seed)


@dataclass
class Opening:
    """A connection to a running proxy."""

    connection: HTTPConnection

    def send(self, method: str = "POST", path: str = CREATE, body: bytes | None = BODY) -> tuple[int, dict[str, str], bytes]:
        """Send a request. Return status, headers and body of the response."""
        self.connection.request(method, path, body)
        response = self.connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()

    def create(self) -> str:
        """Create a call and return its id."""
        return str(json.loads(self.send()[2])["callId"])


@pytest.fixture
def backend() -> Iterator[Backend]:
    """Serve calls."""
    made = Backend()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one segment, or each exchange waits for a delayed acknowledgement
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            made.requests.append("POST")
            sent = self.rfile.read(int(self.headers["content-length"]))
            status = 201 if sent == BODY else 400
            reported = {"callId": f"call-{len(made.requests)}"} if status == 201 else {"detail": "no"}
            self._reply(status, json.dumps({**reported, "joinUrl": "wss://bed.example/1"}).encode())

        def do_DELETE(self) -> None:
            made.requests.append("DELETE")
            self._reply(204, b"")

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status != 204:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.address = ("127.0.0.1", server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def opened(proxy: Proxy) -> Iterator[Opening]:
    """Serve a proxy and connect to it."""
    with running(proxy):
        connection = HTTPConnection("127.0.0.1", proxy.port, timeout=10)
        try:
            yield Opening(connection)
        finally:
            connection.close()
