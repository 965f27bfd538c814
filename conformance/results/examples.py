"""Failing bodies from run to run, in an example database of Hypothesis: the next run sends them first.

An entry is the JSON of a body; what it has to get in response is decided anew, since the description may have changed. A body
that no longer fails is forgotten, as Hypothesis forgets its examples.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from openapi.contract import Contract
from openapi.json_types import Json
from reports.program import program
from reports.record.entries import Verdict
from strategies.case import dumps

if TYPE_CHECKING:  # takes longer to import than the first request may wait
    from hypothesis.database import ExampleDatabase

T = TypeVar("T")
_LONGEST = 65_536  # bytes: the record cuts longer bodies, and a database is no place for them


@dataclass(frozen=True)
class Examples:
    """The failing bodies of one operation in a database. A database that fails costs its examples, and no run."""

    database: ExampleDatabase
    contract: Contract

    @property
    def key(self) -> bytes:
        """Return the key of the operation in the database."""
        return f"ultravox-conformance {self.contract.method} {self.contract.template}".encode()

    def bodies(self) -> list[Json]:
        """Return the bodies that failed before, the smallest first."""
        nothing: list[bytes] = []
        found = self._tried(lambda: sorted(self.database.fetch(self.key), key=lambda each: (len(each), each)), nothing)
        return [body for body in map(_read, found) if body is not None]

    def keep(self, verdicts: Iterable[Verdict], without: Callable[[Json], Json] = lambda body: body) -> None:
        """Save the bodies of failures; `without` takes a run tag off one."""
        for body in (without(each) for verdict in verdicts for each in self._failing(verdict)):
            self._tried(partial(self.database.save, self.key, dumps(body)), None)

    def forget(self, body: Json) -> None:
        """Remove a body that no longer fails."""
        self._tried(partial(self.database.delete, self.key, dumps(body)), None)

    def _failing(self, verdict: Verdict) -> Iterable[Json]:
        """Yield the bodies that created, or should have, and failed a rule."""
        for request in (each.request for each in verdict.failures):
            creates = request.method == self.contract.method and request.path == self.contract.path
            is_plain = not request.query and request.query_text is None and request.body is not None
            if creates and is_plain and len(request.body or "") <= _LONGEST:
                body = _read((request.body or "").encode())
                if isinstance(body, dict):
                    yield body

    def _tried(self, act: Callable[[], T], otherwise: T) -> T:
        try:
            return act()
        except Exception as error:  # of a server that went away, or a full disk
            print(f"{program()}: warning: the example database: {type(error).__name__}: {error}", file=sys.stderr)
            return otherwise


def _read(content: bytes) -> Json:
    try:
        return json.loads(content)
    except ValueError:
        return None
