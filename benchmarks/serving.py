"""The servers under measurement, each a process of its own: `python -m benchmarks.serving KIND SECONDS`."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.descriptions import ROOT, catalogue
from conformance.cli.process import search_seldom
from conformance.embedded import EMULATOR_KEY
from emulator.app import App, Receive, Scope, Send, create_app
from emulator.messages import Request
from emulator.serving import serve
from openapi.json_types import Json

_COUNT = "/benchmarks/requests"
_HEADERS = [(b"content-type", b"application/json")]


class Bare:
    """A bare ASGI endpoint: reads JSON and returns a fixed object, one as large as a response."""

    def __init__(self, response: bytes) -> None:
        self._response: Json = json.loads(response)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Responses one request."""
        json.loads(await _whole_body(receive))
        await _response(send, 201, json.dumps(self._response).encode())


class Least:
    """The least that an ASGI endpoint can do: orjson reads, and what it sends was made once."""

    def __init__(self, response: bytes) -> None:
        self._response = response

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Responses one request."""
        orjson.loads(await _whole_body(receive))
        await _response(send, 201, self._response)


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def in_starlette(response: bytes) -> App:
    """Return the same endpoint as people write it."""
    fixed = orjson.loads(response)

    async def create(request: StarletteRequest) -> JSONResponse:
        await request.json()
        return JSONResponse(fixed, 201)

    return cast(App, Starlette(routes=[Route(catalogue().contract.path, create, methods=["POST"])]))


class Delayed(App):
    """The emulator as seen from afar; it counts its responses and shows the count at a path of its own."""

    def __init__(self, app: App, latency: float) -> None:
        super().__init__(app.endpoint)
        self._latency = latency
        self._arrived: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responses one request, after a while."""
        if scope["path"] == _COUNT:
            arrived, self._arrived = self._arrived, []
            await _response(send, 200, orjson.dumps(arrived))
            return
        self._arrived.append(time.perf_counter())
        if self._latency:
            await asyncio.sleep(self._latency)
        await super().__call__(scope, receive, send)


async def _response(send: Send, status: int, body: bytes) -> None:
    headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def arrivals(url: str) -> list[float]:
    """When each request since the last call of this arrived at a delayed server, in seconds of its own clock."""
    response = httpx.get(url + _COUNT, trust_env=False)
    return [float(each) for each in response.json()]


@contextmanager
def server(kind: str, latency: float = 0.0) -> Iterator[str]:
    """Yield one of the servers in a process of its own; its URL."""
    command = [sys.executable, "-m", "benchmarks.serving", kind, str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            reported = process.stdout.readline()
            found = re.search(r"http://\S+", reported)
            if found is None:
                raise RuntimeError(f"the {kind} server did not start: {reported!r}")
            yield found.group()
        finally:
            process.terminate()


def _ordinary_response(emulator: App) -> bytes:
    """Return what the emulator responses to an empty body."""
    key, media_type = catalogue().contract.keys[0].name.lower().encode(), catalogue().contract.media_type.encode()
    headers = {key: EMULATOR_KEY.encode(), b"content-type": media_type}
    return emulator.endpoint.handle(Request("POST", catalogue().contract.path, b"", headers, b"{}")).body


def main(kind: str, latency: float) -> None:
    """Serve until it is ended."""
    emulator = create_app(catalogue().contract, keys=frozenset({EMULATOR_KEY}))
    made: dict[str, Callable[[], App]] = {
        "emulator": lambda: emulator,
        "delayed": lambda: Delayed(emulator, latency),
        # The server asks nothing of an application but to be called.
        "bare endpoint": lambda: cast(App, Bare(_ordinary_response(emulator))),
        "bare endpoint in Starlette": lambda: in_starlette(_ordinary_response(emulator)),
        "the least that there can be": lambda: cast(App, Least(_ordinary_response(emulator))),
    }
    search_seldom()  # as `emulate` does
    logging.disable()  # Schemathesis tries requests that are none, and the server says so each time
    serve(made[kind](), port=0)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
