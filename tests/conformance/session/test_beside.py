"""Sessions beside each other: none sees what another one has done to the objects of both."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from conformance.http.client import Client
from conformance.http.target import Target
from conformance.results.exchange_log import unrecorded
from conformance.run import PHASES, go_through_beside
from conformance.session import Session
from conformance.session.beside import set_beside
from reports.record.entries import Outcome
from tests.conformance.servers import KEY, Received, Reply, Response, catalogue, conforming
from tests.conformance.sessions import URL, bench, checker, plan, transport

DELETION = ("state.delete*", "state.parent-deleted", "state.read-back", "auth.delete")


def sessions(response: Response, number: int, **options: Any) -> list[Session]:
    """Return sessions of our own description beside each other on one server."""
    target = Target(url=URL, key=KEY, concurrency=4, timeout=5)
    shared: dict[str, Any] = {"shared_plan": plan(), "shared_checker": checker(), "seed": 0, "write": unrecorded}
    found = [
        Session(
            catalogue=catalogue(),
            client=Client(target, catalogue().contract, transport(response)),
            profile=bench().profile,
            **{**shared, **options},
        )
        for _ in range(number)
    ]
    if number > 1:
        set_beside(found)
    return found


def verdicts(found: list[Session]) -> list[dict[str, Outcome]]:
    """Return the verdicts of each session by rule."""
    return [{each.rule: each.outcome for each in ending.verdicts} for ending in go_through_beside(found, PHASES)]


@pytest.mark.parametrize("options", [{}, {"clean_up": True}, {"clean_up": True, "max_live": 6}], ids=str)
def test_deletion_by_one_is_no_failure_of_the_other(options: dict[str, Any]) -> None:
    (alone,) = verdicts(sessions(conforming(), 1, select=DELETION, **options))
    assert Outcome.PASS in alone.values()
    assert verdicts(sessions(conforming(), 2, select=DELETION, **options)) == [alone, alone]


def test_equal_sessions_send_no_more_than_one() -> None:
    (one,) = alone = sessions(conforming(), 1, select=DELETION)
    verdicts(alone)
    both = sessions(conforming(), 2, select=DELETION)
    verdicts(both)
    assert max(each.sender.sent for each in both) == one.sender.sent
    assert both[0].objects.numbers == both[1].objects.numbers


def test_both_find_what_a_server_does_to_what_one_has_sent() -> None:
    server = conforming()

    def forgetful(received: Received) -> Reply | None:
        """Respond to a deletion as if it were done."""
        return Reply(204, b"") if received.method == "DELETE" else server(received)

    first, second = verdicts(sessions(forgetful, 2, select=("state.delete",)))
    assert first == second == {"state.delete": Outcome.FAIL}


def test_an_interruption_ends_both() -> None:
    server, left = conforming(), iter([1, 2, 3])

    def interrupting(received: Received) -> Reply | None:
        if next(left, None) == 3:
            signal.raise_signal(signal.SIGINT)
        return server(received)

    endings = go_through_beside(sessions(interrupting, 2, select=("body.temperature.*",), clean_up=True), PHASES)
    assert [each.outcome for each in endings] == ["interrupted", "interrupted"]
