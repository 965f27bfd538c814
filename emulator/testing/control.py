"""The control endpoints of the test server, under paths that start with `/__`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

import orjson

from emulator.messages import JSON_HEADERS, Reply, Request, refusal
from emulator.store import Store
from emulator.testing.journal import Journal
from emulator.testing.script import Fixtures, InvalidScript, ScriptedResponse, scripted
from openapi.json_types import Json

PREFIX = "/__"


class Control:
    """The operations for the tests that use a server: on its journal, its script and its state."""

    def __init__(
        self, journal: Journal, script: deque[ScriptedResponse], store: Store, fixtures: Callable[[], Fixtures]
    ) -> None:
        self._journal, self._script, self._store, self._fixtures = journal, script, store, fixtures
        self._operations: Mapping[tuple[str, str], Callable[[bytes], Json]] = {
            ("GET", "/__health"): lambda _: {"status": "ok"},
            ("GET", "/__requests"): lambda _: {"requests": [each.as_json() for each in journal]},
            ("GET", "/__fixtures"): lambda _: {"fixtures": sorted(fixtures())},
            ("POST", "/__respond"): self._respond,
            ("POST", "/__reset"): self._reset,
        }

    def handle(self, request: Request) -> Reply:
        """Return the response to a control request."""
        operation = self._operations.get((request.method, request.path))
        if operation is None:
            methods = [method for method, path in self._operations if path == request.path]
            if methods:
                return refusal(405, f"Use {methods[0]}.")
            return refusal(404, f"There is no {request.path}; the paths for tests are {', '.join(self._paths())}.")
        try:
            return Reply(200, orjson.dumps(operation(request.body)), JSON_HEADERS)
        except InvalidScript as error:
            return refusal(400, str(error))

    def _paths(self) -> list[str]:
        return [path for _, path in self._operations]

    def _respond(self, body: bytes) -> Json:
        """Add one scripted response, or an array of them, to the script; return the response."""
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise InvalidScript(f"the body is not JSON: {error}") from error
        described = data if isinstance(data, list) else [data]
        self._script.extend([each for one in described for each in scripted(one, self._fixtures)])
        return {"scripted": len(self._script)}

    def _reset(self, _body: bytes) -> Json:
        """Forget requests, scripted responses and created objects; return the response."""
        self._journal.clear()
        self._script.clear()
        self._store.clear()
        return {"status": "reset"}
