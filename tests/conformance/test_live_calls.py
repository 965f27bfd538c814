"""A run on an account of few live calls: they are never exceeded, and cost no rule more than they must."""

from __future__ import annotations

import pytest

from conformance.run import PHASES, go_through
from reports.record.entries import Outcome
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import session_with

_STATEFUL = {name: PHASES[name] for name in ("query", "state")}


@pytest.mark.parametrize(("most", "lacks_room"), [(5, False), (2, True)])
def test_live_calls_are_bounded_and_the_run_goes_on(most: int, *, lacks_room: bool) -> None:
    response, live, peak = conforming(), 0, 0

    def counted(received: Received) -> Reply | None:
        nonlocal live, peak
        reply = response(received)
        if reply is not None and reply.status < 300:
            live += {"POST": 1, "DELETE": -1}.get(received.method, 0)
            peak = max(peak, live)
        return reply

    with session_with(counted, max_live=most, clean_up=True) as session:
        ending = go_through(session, _STATEFUL)
    assert (live, peak) == (0, most)
    assert session.lacks_room == lacks_room
    assert ("more than 2 created calls at once" in str(ending.reason)) == lacks_room
    outcomes = {each.rule: each.outcome for each in ending.verdicts}
    assert not {Outcome.FAIL, Outcome.ERROR} & set(outcomes.values())
    assert outcomes["state.read-back"] is Outcome.PASS
    assert outcomes["state.parent-chain"] is (Outcome.SKIP if lacks_room else Outcome.PASS)
