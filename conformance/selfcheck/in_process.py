"""A transport to an ASGI application in this process; a run sends thousands of requests, and this costs next to nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Message = dict[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
_PLAIN = {"content-type": "text/plain; charset=utf-8"}


class InProcess(httpx.AsyncBaseTransport):
    """Hands requests to an application, whole. An exception of the application ends as it does behind uvicorn.

    httpx's own ASGITransport looks for an installed trio at each request, which takes longer than the answer.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer; 500 if it raises before it answers, no whole answer if it raises amid one."""
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
                raise httpx.RemoteProtocolError(f"the application broke off its answer: {error!r}") from error
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return httpx.Response(sent[0]["status"], headers=sent[0].get("headers", []), content=body, request=request)


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
