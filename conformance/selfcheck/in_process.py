"""A transport to an ASGI application in this process; a run sends thousands of requests, and this costs next to nothing.

The client for trials takes plain requests to create a call to the endpoint itself: by way of httpx they cost twice as much,
and a matrix sends millions of them. All others take that way.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import httpx

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.target import Target
from emulator import app as emulator
from emulator.messages import Headers, Reply, Request
from openapi.contract import Contract
from strategies.case import Case, Key

Message = dict[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
_PLAIN = {"content-type": "text/plain; charset=utf-8"}


class InProcess(httpx.AsyncBaseTransport):
    """Hands requests to an application, whole. An exception of the application ends as it does behind uvicorn.

    httpx's own ASGITransport looks for an installed trio at each request, which takes longer than the response.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the application's response.

        500 if it raises before it responds, a cut response if it raises in the middle of one.
        """
        content = await request.aread()
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await self._app(_scope(request), receive, send)
        except Exception as error:
            if not sent:
                return httpx.Response(500, headers=_PLAIN, content=b"Internal Server Error", request=request)
            if sent[-1]["type"] != "http.response.body" or sent[-1].get("more_body"):
                raise httpx.RemoteProtocolError(f"the application broke off its response: {error!r}") from error
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return httpx.Response(sent[0]["status"], headers=sent[0].get("headers", []), content=body, request=request)


class TrialClient(Client):
    """Sends cases to an emulator in this process."""

    def __init__(self, target: Target, contract: Contract, app: emulator.App) -> None:
        super().__init__(target, contract, InProcess(app))
        self._app = app
        self._query = urlencode(contract.query).encode()
        self._plain: dict[bytes, bytes] = {}

    async def attempt(self, case: Case, number: int, *, fresh: bool = False) -> Exchange:
        """See :meth:`Client.attempt`."""
        if not _is_plain(case):
            return await super().attempt(case, number, fresh=fresh)
        begun = time.monotonic()
        if not self._plain:
            self._plain = {name.lower(): value for name, value in self.request(case).headers.raw}
        content = case.content or b""
        headers = {**self._plain, b"content-length": b"%d" % len(content)}
        try:
            reply = self._app.endpoint.handle(Request(self.contract.method, self.contract.path, self._query, headers, content))
        except Exception:
            reply = _CRASHED
        reported = _in_words(reply.headers)
        if reply.status != _EMPTY:
            reported = {**reported, "content-length": str(len(reply.body))}
        return Exchange(
            case=case,
            number=number,
            status=reply.status,
            headers=reported,
            content=_decoded(reply),
            seconds=time.monotonic() - begun,
            at=begun - self.started,
        )


_EMPTY = 204
_CRASHED = Reply(500, b"Internal Server Error", ((b"content-type", b"text/plain; charset=utf-8"),))


def _is_plain(case: Case) -> bool:
    special = case.path is not None or case.method or case.headers or case.query or case.query_text
    return not special and case.key is Key.RIGHT and case.content is not None


def _decoded(reply: Reply) -> bytes:
    """Return the body as the client gives it: none where it is not encoded as it says."""
    if reply.status == _EMPTY:
        return b""
    if not any(name.lower() == b"content-encoding" for name, _ in reply.headers):
        return reply.body
    try:
        return httpx.Response(reply.status, headers=list(reply.headers), content=reply.body).content
    except httpx.DecodingError:
        return b""


@lru_cache(maxsize=256)
def _in_words(headers: Headers) -> dict[str, str]:
    return dict(httpx.Headers(list(headers)))


def _scope(request: httpx.Request) -> dict[str, Any]:
    target: bytes = request.extensions.get("target", request.url.raw_path)
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
