"""The journal: the last requests that arrived, with their verdicts and statuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from emulator.messages import Request
from emulator.testing.verdicts import Violation
from openapi.json_types import Json
from openapi.rules import Basis

_MOST = 1000  # requests that are kept
_LARGEST = 65_536  # bytes of a body that is kept


@dataclass(frozen=True)
class Received:
    """A request as it arrived and the status of the response. Headers are not kept: they hold the key."""

    number: int
    request: Request
    status: int
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Return whether the request violates no documented rule."""
        return not any(each.basis == Basis.DOCUMENTED for each in self.violations)

    def verdict(self) -> dict[str, Json]:
        """Return the verdict as a JSON object."""
        return {"conforms": self.conforms, "violations": [each.as_json() for each in self.violations]}

    def as_json(self) -> dict[str, Json]:
        """Return the request as a JSON object; `json` is null where the body is not JSON or is large."""
        return {
            "number": self.number,
            "method": self.request.method,
            "path": self.request.path,
            "query": self.request.query_string.decode("latin-1"),
            "json": _json(self.request.body),
            "status": self.status,
            "verdict": self.verdict(),
        }

    def line(self) -> str:
        """Return the request as a line of a log, with its first violation and the documentation's sentence."""
        line = f"{self.request.method} {self.request.path} {self.status} {' · '.join(self._reasons())}"
        # What a client sends must not forge a line of its own, or speak to the terminal.
        return "".join(each if each.isprintable() else "?" for each in line)

    def _reasons(self) -> Iterator[str]:
        if not self.violations:
            yield "conforms"
            return
        first, *others = self.violations
        yield from (first.rule or "no rule", first.path or "the request", first.requirement)
        if first.sentence:
            yield f"“{first.sentence}”"
        if others:
            yield f"and {len(others)} more"


class Journal:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._received: deque[Received] = deque(maxlen=_MOST)
        self._number = 0

    def __iter__(self) -> Iterator[Received]:
        return iter(self._received)

    def add(self, request: Request, status: int, violations: tuple[Violation, ...]) -> Received:
        """Record a request and return its entry."""
        self._number += 1
        kept = request if len(request.body) <= _LARGEST else request._replace(body=b"")
        received = Received(self._number, kept._replace(headers={}), status, violations)
        self._received.append(received)
        return received

    def clear(self) -> None:
        """Forget all requests, and count from 1 again."""
        self._received.clear()
        self._number = 0


def _json(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
