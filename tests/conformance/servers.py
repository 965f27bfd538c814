"""Servers of a few lines that misbehave on purpose, and the conforming emulator behind the same door."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from emulator import Variant, create_app
from emulator.endpoint import Endpoint
from emulator.fault import Fault
from emulator.messages import Request
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from tests.plans import our_catalogue

KEY = "Wx8Yz9Qr.Kj4Hg3Fd2Sa1Po0Iu9Yt8Re7Wq6Lk5Jh"


@dataclass(frozen=True)
class Received:
    """A request; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An response; a `length` other than the body's own lets the server promise what it does not send."""

    status: int
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


Response = Callable[[Received], Reply | None]
"""What a server does with a request; None drops the connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    response: Response

    def _handle(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = type(self).response(Received(self.command, path, query, headers, body))
        self.close_connection = reply is None or reply.length is not None
        if reply is None:
            return
        named = {"Content-Type": "application/json", "Content-Length": str(reply.length or len(reply.body))}
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in {**named, **reply.headers}.items()]
        # In one piece, or the second waits for the client to acknowledge the first.
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + reply.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _handle  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing; the tests look at what the client says."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that give up are what some tests are about."""


@contextmanager
def serving(response: Response) -> Iterator[str]:
    """Serves in the background; gives the URL."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"response": staticmethod(response)}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def catalogue() -> Catalogue:
    """Return the catalogue of our own description."""
    return our_catalogue()


def conforming(
    parsing: Literal["protojson", "strict"] = "protojson", faults: Sequence[Fault] = (), contract: Contract | None = None
) -> Response:
    """A new emulator that admits KEY; without faults, unless some are planted; of our own contract, unless another is given."""
    variant, contract = Variant(parsing=parsing), contract or catalogue().contract
    endpoint: Endpoint = create_app(contract, keys=frozenset({KEY}), variant=variant, faults=faults).endpoint
    lock = threading.Lock()

    def response(received: Received) -> Reply:
        headers = {name.encode(): value.encode("latin-1") for name, value in received.headers.items()}
        with lock:
            reply = endpoint.handle(Request(received.method, received.path, received.query.encode(), headers, received.body))
        return Reply(reply.status, reply.body, {name.decode().title(): value.decode() for name, value in reply.headers})

    return response


def always(status: int, body: object = b"{}", **headers: str) -> Response:
    """The same response to everything; a body that is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(status, content, {name.replace("_", "-"): value for name, value in headers.items()})
    return lambda _received: reply
