"""The endpoint as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, TypeAlias

from emulator.endpoint import Endpoint
from emulator.fault import Fault
from emulator.messages import Reply, Request
from emulator.path_template import decoded
from emulator.variants import LARGEST_BODY, Variant
from openapi.contract import Contract

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Scope: TypeAlias = MutableMapping[str, Any]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_DEFAULT = Variant()


class App:
    """An ASGI 3 application around an endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] != "http":
            await _otherwise(scope, receive, send)
            return
        body = await read_body(receive)
        headers = dict(scope["headers"])
        path = decoded(scope["raw_path"].decode("latin-1")) if scope.get("raw_path") else scope["path"]
        reply = self.endpoint.handle(Request(scope["method"], path, scope["query_string"], headers, body))
        await respond(reply, scope["method"], send)


def create_app(
    contract: Contract, *, keys: frozenset[str] | Mapping[str, str], variant: Variant = _DEFAULT, faults: Sequence[Fault] = ()
) -> App:
    """Return a server for the operation of a contract; it admits `keys` and conforms, apart from `faults`.

    Keys by environment variable admit only where the scheme of this variable has its credential.
    """
    return App(Endpoint(contract, keys, variant, faults))


async def read_body(receive: Receive) -> bytes:
    """Return the body of a request; of one that is too large only a beginning, which is too large as well."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        # The rest of a too large body is read as well, or the client could not read the refusal.
        if size <= LARGEST_BODY:
            parts.append(part)
            size += len(part)
    return b"".join(parts)


async def respond(reply: Reply, method: str, send: Send, *, cut: bool = False) -> None:
    """Send a response; with `cut` the server announces a longer body than it sends, and closes the connection then."""
    # RFC 9110, 6.4.1 and 8.6: these have no body, and 204 no length.
    body = b"" if method == "HEAD" or reply.status in (204, 304) else reply.body
    length = [] if reply.status == 204 else [(b"content-length", b"%d" % (2 * len(body) + 1 if cut else len(body)))]
    await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, *length]})
    await send({"type": "http.response.body", "body": body, "more_body": cut})


async def _otherwise(scope: Scope, receive: Receive, send: Send) -> None:
    """Acknowledge the server's start and stop, and refuse WebSockets."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
