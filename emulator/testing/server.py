"""The test server as an ASGI application: the emulator with a journal, a script and explained refusals."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

import orjson
from starlette.middleware.cors import CORSMiddleware

from emulator.app import App, Asgi, Receive, Scope, Send, read_body, respond
from emulator.messages import Reply, Request
from emulator.testing.control import PREFIX, Control
from emulator.testing.journal import Journal
from emulator.testing.script import Fixtures, ScriptedResponse
from emulator.testing.verdicts import Verdicts, Violation
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.rules import Basis

EXPLANATION = "conformance"  # the member of a refusal that holds the verdict
_NORMAL = 1000  # RFC 6455, 7.4.1
Observer: TypeAlias = Callable[[Request, Reply], None]


class RecordingServer:
    """An ASGI application that records each request, and responds as scripted or else as the emulator does.

    `log` receives a line per request, `observe` each request with its response before it is sent. URLs to join a created
    object lead to `joined_at`, by default to this server.
    """

    def __init__(
        self,
        app: App,
        catalogue: Catalogue,
        *,
        fixtures: Callable[[], Fixtures] = dict,
        log: Callable[[str], None] | None = None,
        observe: Observer = lambda _request, _reply: None,
        joined_at: str | None = None,
    ) -> None:
        self._app, self._log, self._observe, self._joined_at = app, log, observe, joined_at
        self._endpoint = app.endpoint
        self._verdicts = Verdicts(catalogue, app.endpoint.doorkeeper)
        self._journal, self._script = Journal(), deque[ScriptedResponse]()
        self._control = Control(self._journal, self._script, self._endpoint.store, fixtures)
        # A member that only the response has is the server's own: it is no echo, so its host may be replaced.
        self._own_members = frozenset(catalogue.response.properties) - frozenset(catalogue.body.properties)

    def expect(self, script: Iterable[ScriptedResponse]) -> None:
        """Respond to the next requests as scripted, and forget what was scripted before."""
        self._script.clear()
        self._script.extend(script)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request or WebSocket."""
        if scope["type"] == "websocket":
            await self._join(scope["path"], receive, send)
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            body = await read_body(receive)
            headers = dict(scope["headers"])
            request = Request(scope["method"], scope["path"], scope["query_string"], headers, body)
            if request.path.startswith(PREFIX):
                await respond(self._control.handle(request), request.method, send)
            else:
                await self._respond(request, scope.get("scheme", "http"), send)

    async def _respond(self, request: Request, scheme: str, send: Send) -> None:
        scripted = self._script.popleft() if self._script else ScriptedResponse()
        violations = self._verdicts.violations(request, self._endpoint.store)
        reply = scripted.reply()
        if reply is None:
            here = f"{'wss' if scheme == 'https' else 'ws'}://{request.headers.get(b'host', b'').decode('latin-1')}"
            reply = self._explained(self._joinable(self._endpoint.handle(request), self._joined_at or here), violations)
            reply = reply._replace(body=reply.body[: len(reply.body) // 2]) if scripted.cut else reply
        received = self._journal.add(request, reply.status, violations)
        if self._log is not None:
            self._log(received.line())
        self._observe(request, reply)
        await asyncio.sleep(scripted.delay)
        await respond(reply, request.method, send, cut=scripted.cut)

    def _explained(self, reply: Reply, violations: tuple[Violation, ...]) -> Reply:
        """Return a refusal with the verdict of the catalogue in its body, and any other response as it is."""
        body = _object(reply) if reply.status >= 400 else None
        if body is None:
            return reply
        # Without a violation the reason is the server's own: an unknown path, a variant or a planted fault.
        own = Violation(None, Basis.UNDOCUMENTED, str(body.get("detail", "")))
        explanation = [each.as_json() for each in violations or (own,)]
        return reply._replace(body=orjson.dumps({**body, EXPLANATION: {**explanation[0], "violations": explanation}}))

    def _joinable(self, reply: Reply, origin: str) -> Reply:
        """Return a response in which the server's own WebSocket URLs lead to this server."""
        body = _object(reply) if reply.status < 300 else None
        if body is None:
            return reply
        urls = {name: str(body[name]) for name in self._own_members if _is_websocket(body.get(name))}
        local = {name: f"{origin}/{url.split('/', 3)[3]}" for name, url in urls.items()}
        return reply._replace(body=orjson.dumps({**body, **local})) if local else reply

    async def _join(self, path: str, receive: Receive, send: Send) -> None:
        """Accept a WebSocket at the URL of a stored object and close it normally; refuse any other."""
        await receive()
        if self._endpoint.store.get(path.rpartition("/")[2].lower()) is None:
            await send({"type": "websocket.close"})  # before it is accepted, which is the status 403
            return
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": _NORMAL})


def recording_server(
    app: App, catalogue: Catalogue, *, fixtures: Callable[[], Fixtures] = dict, log: Callable[[str], None] | None = None
) -> Asgi:
    """Return the test server around an emulator, open to the scripts of any web page (CORS)."""
    server = RecordingServer(app, catalogue, fixtures=fixtures, log=log)
    exposed = ["retry-after", "location"]
    return CORSMiddleware(server, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=exposed)


def _object(reply: Reply) -> dict[str, Json] | None:
    try:
        body = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _is_websocket(value: Json) -> bool:
    return isinstance(value, str) and value.startswith(("ws://", "wss://")) and value.count("/") >= 3
