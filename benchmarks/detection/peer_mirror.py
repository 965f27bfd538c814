"""The module that Schemathesis loads to be run against many faulty emulators at once: hooks and a check.

A run against one of them takes a minute, nearly all of it to generate. Generated requests do not depend on the fault. So each
request goes to the conforming emulator and to every faulty one in this process; where one responds otherwise, all checks are
made on its response as well. `MIRROR` names a file: the faults as a list, in the end what was reported of each.
"""

from __future__ import annotations

import atexit
import copy
import io
import json
import os
import re
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import schemathesis
from requests import PreparedRequest
from requests import Response as HttpResponse
from requests.adapters import HTTPAdapter
from schemathesis import Case, CheckContext, Response
from schemathesis.checks import run_checks
from urllib3 import HTTPHeaderDict, HTTPResponse

from benchmarks.descriptions import catalogue
from benchmarks.detection import peer_hooks  # noqa: F401  (its hooks are wanted as well)
from conformance.embedded import EMULATOR_KEY
from conformance.selfcheck.trials import bench
from emulator.app import App, create_app
from emulator.faults import faults_of
from emulator.messages import Reply, Request

_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OWN = re.compile(_UUID + rb"|20\d\d-\d\d-\d\dT[0-9:.]+Z")  # what no two emulators give the same
_IDENTIFIER = re.compile(rb'"callId": ?"(' + _UUID + rb')"')
_LATEST = 8  # requests whose responses are remembered: that of a case, and those of its checks
_CRASHED = Reply(500, b"Internal Server Error", ((b"content-type", b"text/plain; charset=utf-8"),))


@dataclass
class _Server:
    """An emulator with one fault; `ids` are those of its calls, by those of the conforming one's."""

    app: App
    ids: dict[str, str] = field(default_factory=dict)
    enforced: set[str] = field(default_factory=set)
    responses: dict[str, Response] = field(default_factory=dict)
    failures: set[str] = field(default_factory=set)

    def handle(self, request: Request) -> Reply:
        """Return its response, as it is behind uvicorn."""
        try:
            reply = self.app.endpoint.handle(request)
        except Exception:
            reply = _CRASHED
        return reply._replace(body=b"") if request.method == "HEAD" or reply.status == 204 else reply

    def named(self, text: str) -> str:
        """Return a path or a query of the conforming emulator with the ids of this one's calls."""
        for theirs, own in self.ids.items() if "-" in text else ():
            text = text.replace(theirs, own)
        return text

    def answered(self, adapter: HTTPAdapter, request: PreparedRequest) -> HttpResponse:
        """Return its response to a request of Schemathesis."""
        return _response(adapter, request, self.handle(_received(request, self)))


class _Mirror:
    """The faulty emulators whose fault has not been reported; `current` is the one that is looked at, if any."""

    def __init__(self, file: Path) -> None:
        contract, names = catalogue().contract, json.loads(file.read_text(encoding="utf-8"))
        # All mutants take long to make.
        planted = faults_of(contract)
        faults = planted if planted.keys() >= set(names) else bench(catalogue(), "smoke").faults
        self.live = {
            name: _Server(create_app(contract, keys=frozenset({EMULATOR_KEY}), faults=[faults[name]])) for name in names
        }
        self.servers = dict(self.live)
        self.current: _Server | None = None
        self.met: deque[tuple[PreparedRequest, dict[str, Reply]]] = deque(maxlen=_LATEST)
        atexit.register(self.keep, file)

    def keep(self, file: Path) -> None:
        """Write what was reported of each."""
        found = {name: sorted(server.failures) for name, server in self.servers.items()}
        file.write_text(json.dumps(found), encoding="utf-8")

    def meet(self, request: PreparedRequest, response: HttpResponse) -> None:
        """Send what the conforming emulator was sent to all others."""
        otherwise: dict[str, Reply] = {}
        known = (response.status_code, response.headers.get("content-type"), _OWN.sub(b"", response.content))
        made = _IDENTIFIER.search(response.content) if response.status_code == 201 else None
        plain = _received(request, None)
        for name, server in self.live.items():
            asked = _received(request, server) if any(map((request.url or "").__contains__, server.ids)) else plain
            reply = server.handle(asked)
            own = _IDENTIFIER.search(reply.body) if made else None
            if made and own:
                server.ids[made[1].decode()] = own[1].decode()
            if (reply.status, _media(reply), _OWN.sub(b"", reply.body)) != known:
                otherwise[name] = reply
        self.met.append((request, otherwise))

    def check(self, context: CheckContext, response: Response, case: Case[Any]) -> None:
        """Check the responses of those that responded otherwise. Where auth is to be looked at, check all of them."""
        otherwise = next((replies for request, replies in self.met if request is response.request), {})
        for name, server in list(self.live.items()):
            reply = otherwise.get(name)
            if reply is not None or (response.status_code < 300 and case.operation.label not in server.enforced):
                self.current = server
                try:
                    self._check(server, context, _like(response, reply) if reply else response, case)
                finally:
                    self.current = None
                if server.failures:
                    del self.live[name]

    def _check(self, server: _Server, context: CheckContext, response: Response, case: Case[Any]) -> None:
        own = copy.copy(context)
        own.auth_enforced_operations = server.enforced
        own.internals = replace(context.internals, recorder=_Recorder(context.internals.recorder, server))  # type: ignore[arg-type]
        server.responses[case.id] = response
        checks = [each for each in context.internals.checks if each is not mirrored]
        failed = run_checks(case=case, response=response, ctx=own, checks=checks, on_failure=lambda _, all_, one: all_.add(one))
        server.failures |= {type(each).__name__ for each in failed}


class _Recorder:
    """The requests of a run so far, as the checks see it: the responses are those of one server, and nothing is added."""

    def __init__(self, recorder: Any, server: _Server) -> None:
        self._recorder, self._server = recorder, server

    def find_response(self, *, case_id: str) -> Response | None:
        known: Response | None = self._recorder.find_response(case_id=case_id)
        return self._server.responses.get(case_id, known)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name) if name.startswith("find") else lambda **_: None


def _received(request: PreparedRequest, server: _Server | None) -> Request:
    """Return a request as the emulator gets it, with the ids of its own calls."""
    url = urlsplit(request.url or "")
    path, query = (server.named(url.path), server.named(url.query)) if server else (url.path, url.query)
    headers = {_bytes(name).lower(): _bytes(value) for name, value in request.headers.items()}
    return Request(request.method or "", unquote(path), query.encode(), headers, _bytes(request.body or b""))


def _bytes(text: Any) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")


def _response(adapter: HTTPAdapter, request: PreparedRequest, reply: Reply) -> HttpResponse:
    headers = HTTPHeaderDict([(name.decode(), value.decode("latin-1")) for name, value in reply.headers])
    body = HTTPResponse(io.BytesIO(reply.body), headers, reply.status, version=11, preload_content=False)
    return adapter.build_response(request, body)


def _like(response: Response, reply: Reply) -> Response:
    """Return a reply as Schemathesis would have got it in place of a response."""
    return Response.from_requests(_response(HTTPAdapter(), response.request, reply), verify=response.verify)


def _media(reply: Reply) -> str | None:
    return next((value.decode("latin-1") for name, value in reply.headers if name.lower() == b"content-type"), None)


_MIRROR = _Mirror(Path(os.environ["MIRROR"]))


def _sent(original: Any, adapter: HTTPAdapter, request: PreparedRequest, **options: Any) -> HttpResponse:
    if _MIRROR.current is not None:
        return _MIRROR.current.answered(adapter, request)
    response: HttpResponse = original(adapter, request, **options)
    _MIRROR.meet(request, response)
    return response


_ORIGINAL = HTTPAdapter.send
HTTPAdapter.send = lambda adapter, request, **options: _sent(_ORIGINAL, adapter, request, **options)  # type: ignore[method-assign]


@schemathesis.check
def mirrored(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Make all other checks on what the faulty emulators responded to the same request."""
    _MIRROR.check(ctx, response, case)
    return None
