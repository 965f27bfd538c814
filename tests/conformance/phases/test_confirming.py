"""Findings of requests in a row are confirmed: a server that shows one once alone is intermittent, with its rate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from conformance.phases import state
from reports.record.entries import Outcome, Verdict
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with

_LATER = 2
Changed = Callable[[Received, Reply], Reply | None]


@dataclass
class Changing:
    """The conforming emulator, some of whose responses are changed: `once`, behind those of the baseline, or each time."""

    change: Changed
    once: bool
    at: int = 1  # the change that is made where it is made once
    changes: int = 0
    _conforming: Callable[[Received], Reply | None] = field(default_factory=conforming)

    def __call__(self, received: Received) -> Reply | None:
        reply = self._conforming(received)
        changed = None if reply is None else self.change(received, reply)
        self.changes += changed is not None
        return reply if changed is None or (self.once and self.changes != self.at) else changed


def read_otherwise(received: Received, reply: Reply) -> Reply | None:
    """Show another value when a call is read."""
    if received.method != "GET" or reply.status != 200 or "/api/calls/" not in received.path:
        return None
    return Reply(200, json.dumps({**json.loads(reply.body), "temperature": 0.125}).encode(), reply.headers)


def deleted_otherwise(received: Received, reply: Reply) -> Reply | None:
    """Delete with a status that says something else."""
    return Reply(302, b"") if received.method == "DELETE" and reply.status == 204 else None


def derived_otherwise(received: Received, reply: Reply) -> Reply | None:
    """Show another temperature in a call that takes it over."""
    if "priorCallId" not in received.query or reply.status != 201 or received.body != b"{}":
        return None
    return Reply(201, json.dumps({**json.loads(reply.body), "temperature": 0.125}).encode(), reply.headers)


def verdict_on(rule: str, server: Changing) -> Verdict:
    """Return the verdict on a rule of a run of the phase of state."""
    ending = ending_with(server, {"state": state.run}, select=(rule,))
    assert server.changes
    return next(each for each in ending.verdicts if each.rule == rule)


@pytest.mark.parametrize(
    ("rule", "change", "at"),
    [
        ("state.read-back", read_otherwise, _LATER),
        ("state.delete", deleted_otherwise, _LATER),
        ("state.temperature.inherited", derived_otherwise, 1),
    ],
)
def test_what_is_shown_once_is_intermittent(rule: str, change: Changed, at: int) -> None:
    for once in (True, False):
        found = verdict_on(rule, Changing(change, once, at))
        assert found.outcome is Outcome.FAIL
        assert {(each.intermittent, "(seen 1 of" in each.actual) for each in found.failures} == {(once, once)}
