"""A run that ends before it has sent all that it would: what was found counts, what was not reached is reported."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from conformance.run import PHASES, go_through
from conformance.session import Session
from reports.record.entries import Outcome
from strategies.case import Case
from strategies.negative.violations import Violation
from strategies.plan.plan import Plan
from tests.conformance.servers import Received, Reply, Response, catalogue, conforming
from tests.conformance.sessions import ending_with, session_with


def faulty(refuses: Callable[[Received], bool]) -> Response:
    """The conforming emulator, but for creations that `refuses` says so of."""
    response = conforming()
    return lambda received: (
        Reply(400, b'{"detail": "No"}') if received.method == "POST" and refuses(received) else response(received)
    )


@pytest.mark.parametrize("budget", [1, 2, 3, 17, 60])
def test_a_budget_is_kept_and_what_it_did_not_reach_is_reported(budget: int) -> None:
    received: list[Received] = []
    response = conforming()

    def counted(each: Received) -> Reply | None:
        received.append(each)
        return response(each)

    with session_with(counted, max_requests=budget) as session:
        ending = go_through(session, PHASES)
        assert session.sender.sent == budget
    assert len(received) == budget
    assert f"the budget of {budget} request{'s' * (budget > 1)} is spent" in str(ending.reason)
    assert not [each for each in ending.verdicts if each.outcome is Outcome.FAIL]
    skipped = [each for each in ending.verdicts if each.outcome is Outcome.SKIP]
    assert any("the budget" in str(each.reason) for each in skipped)


@pytest.mark.parametrize("budget", [20, 40])
def test_what_was_found_counts_even_if_the_budget_ends(budget: int) -> None:
    received: list[Received] = []
    response = faulty(lambda received: b'"temperature"' in received.body)

    def counted(each: Received) -> Reply | None:
        received.append(each)
        return response(each)

    ending = ending_with(counted, max_requests=budget)
    assert len(received) == budget
    assert ending.exit == 1
    failures = [failure for each in ending.verdicts for failure in each.failures]
    assert any("the run ended before" in failure.actual for failure in failures)


def test_a_rule_whose_rejecting_side_was_not_reached_does_not_pass() -> None:
    ending = ending_with(conforming(), max_requests=30)
    verdicts = {each.rule: each for each in ending.verdicts}
    assert verdicts["body.temperature.minimum"].outcome is Outcome.SKIP
    assert "budget" in (verdicts["body.temperature.minimum"].reason or "")
    assert verdicts["body.systemPrompt.echo"].outcome is Outcome.PASS


def _with_two_violations(received: Received, reply: Reply | None) -> Reply | None:
    """Of calls with a body that are made from a parent call."""
    if reply is None or reply.status != 201 or "priorCallId" not in received.query or len(received.body) <= 2:
        return reply
    return replace(reply, body=json.dumps({**json.loads(reply.body), "created": "soon", "temperature": "hot"}).encode())


def test_all_that_a_response_shows_is_reported_when_the_run_ends() -> None:
    reported = []
    for most in (12, 14, 16, 18, 90):
        responses = conforming()
        ending = ending_with(
            lambda received, responses=responses: _with_two_violations(received, responses(received)),  # type: ignore[misc]
            {"state": PHASES["state"]},
            max_requests=most,
        )
        reported.append({each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL})
    both = {"response.created.format", "response.temperature.type"}
    assert all(each in (set(), both) for each in reported)
    assert reported[-1] == both


class _Unplanned(Plan):
    """A plan whose violations are still in the making, and may be so for minutes."""

    @property
    def violations(self) -> dict[str, list[Violation]]:
        raise AssertionError("the end of an interrupted run waits for what it would have sent")


def test_an_interrupted_run_ends_while_a_draw_does_not() -> None:
    stuck = threading.Event()

    def endless() -> Iterator[Case]:
        os.kill(os.getpid(), signal.SIGINT)  # not raised here: it is the main thread that is to be interrupted
        stuck.wait()
        yield from ()

    async def drawing(session: Session) -> None:
        await session.run(endless())

    try:
        plan = _Unplanned(catalogue())
        ending = ending_with(conforming(), {"drawing": drawing}, shared_plan=plan)
    finally:
        stuck.set()
    assert (ending.outcome, ending.exit) == ("interrupted", 3)
    verdicts = {each.rule: each for each in ending.verdicts}
    assert verdicts["status.created"].outcome is Outcome.PASS
    assert verdicts["body.temperature.type"].reason == "interrupted"
    assert not [each for each in ending.verdicts if each.outcome is Outcome.FAIL]
