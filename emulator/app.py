"""The endpoint as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, TypeAlias

from starlette.responses import Response

from emulator.endpoint import Endpoint
from emulator.fault import Fault
from emulator.messages import Request
from emulator.variants import LARGEST_BODY, Variant
from openapi.contract import Contract

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Scope: TypeAlias = MutableMapping[str, Any]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_DEFAULT = Variant()


class App:
    """An ASGI 3 application around an endpoint.

    Requests are routed and read by hand and not by Starlette's router, which costs as much as all the rest;
    its Response writes what is not an ordinary answer.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await _otherwise(scope, receive, send)
            return
        message = await receive()
        body = await _rest(message, receive) if message.get("more_body") else message.get("body", b"")
        headers = dict(scope["headers"])
        reply = self.endpoint.handle(Request(scope["method"], scope["path"], scope["query_string"], headers, body))
        if scope["method"] == "HEAD" or reply.status == 204:
            response = Response(None, reply.status, {k.decode(): v.decode("latin-1") for k, v in reply.headers})
            await response(scope, receive, send)
            return
        sent = [*reply.headers, (b"content-length", b"%d" % len(reply.body))]
        await send({"type": "http.response.start", "status": reply.status, "headers": sent})
        await send({"type": "http.response.body", "body": reply.body})


def create_app(contract: Contract, *, keys: frozenset[str], variant: Variant = _DEFAULT, faults: Sequence[Fault] = ()) -> App:
    """A server for the operation of a contract, which admits `keys` and is sound but for `faults`."""
    return App(Endpoint(contract, keys, variant, faults))


async def _rest(message: Message, receive: Receive) -> bytes:
    """A body of several messages; of one that is too large, the beginning, which is too large as well."""
    parts, size = [message.get("body", b"")], len(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        # The rest of a body that is too large is read all the same, or the client could not read the refusal.
        if size <= LARGEST_BODY:
            parts.append(part)
            size += len(part)
    return b"".join(parts)


async def _otherwise(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes part in the server's start and stop, and closes websockets."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
