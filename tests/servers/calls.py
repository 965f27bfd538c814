"""The calls of a reference server in Python: created, read and deleted, whatever framework carries the requests."""

from __future__ import annotations

import hmac
import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.servers.new_calls import created, inherited
from tests.servers.sentences import Body, deviates, violation

SMALL, LATE = 16 * 1024, 0.02  # bytes, seconds


class Refused(Exception):
    """A request that the server refuses with a status code."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def admits(key: str | None) -> bool:
    """Return true if a request with this API key, or with none, may pass."""
    expected = os.environ["ULTRAVOX_API_KEY"]
    if key is None or deviates("any-key"):
        return deviates("no-key" if key is None else "any-key")
    return hmac.compare_digest(key.encode("latin-1", "replace"), expected.encode())


@dataclass
class Calls:
    """All calls of one server: `settings` are what derived calls inherit, `ready` is when a call can be read."""

    shown: dict[str, Body] = field(default_factory=dict)
    settings: dict[str, Body] = field(default_factory=dict)
    ready: dict[str, float] = field(default_factory=dict)

    def create(self, body: Body, query: Mapping[str, str]) -> Body:
        """Return the call that a body and a query create. Raises Refused."""
        if query.get("enableGreetingPrompt", "true").lower() not in ("true", "false"):
            raise Refused(400, "enableGreetingPrompt must be a boolean")
        if deviates("small-bodies") and len(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")) >= SMALL:
            raise Refused(413, "the body is too large")
        if deviates("no-stored-tools") and any({"toolId", "toolName"} & each.keys() for each in body.get("selectedTools", ())):
            raise Refused(400, "there is no such tool")
        parent = self._parent(query["priorCallId"]) if "priorCallId" in query else None
        if (violated := violation(body, parent)) is not None:
            raise Refused(400, f"violates {violated}")
        settings = inherited(body, parent)
        call = created(settings)
        self.shown[call["callId"]], self.settings[call["callId"]] = call, settings
        if deviates("late-reads"):
            self.ready[call["callId"]] = time.monotonic() + LATE
        return call

    def read(self, identifier: str) -> Body:
        """Return a call. Raises Refused."""
        known = self._known(identifier, 404)
        if time.monotonic() < self.ready.get(known, 0):
            raise Refused(404, "there is no such call so far")
        return self.shown[known]

    def delete(self, identifier: str) -> None:
        """Delete a call. Raises Refused."""
        known = self._known(identifier, 404)
        if not deviates("keeps-deleted"):
            del self.shown[known], self.settings[known]

    def _parent(self, identifier: str) -> Body | None:
        if deviates("unknown-parent"):
            return self.settings.get(identifier.lower(), {})
        return self.settings[self._known(identifier, 400)]

    def _known(self, identifier: str, status: int) -> str:
        """Return an identifier of a call in its canonical form. Raises Refused with the status if there is none."""
        if status == 404 and deviates("post-only"):
            raise Refused(405, "calls can only be created")
        try:
            canonical = str(uuid.UUID(identifier))
        except ValueError:
            canonical = ""
        if canonical not in self.shown:
            raise Refused(status, "there is no such call")
        return canonical
