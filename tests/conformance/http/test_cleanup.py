"""What a run leaves behind on the target: the calls that it created are deleted, whatever ends it."""

from __future__ import annotations

import json
import signal

import pytest

from conformance.run import PHASES, go_through
from conformance.session import Session
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with, session_with


class Counting:
    """The sound emulator, and how many calls live on it."""

    def __init__(self) -> None:
        self.response = conforming()
        self.alive: set[str] = set()
        self.most = 0
        self.created = 0

    def __call__(self, received: Received) -> Reply | None:
        reply = self.response(received)
        assert reply is not None
        if received.method == "POST" and reply.status == 201:
            self.alive.add(json.loads(reply.body)["callId"])
            self.created += 1
            self.most = max(self.most, len(self.alive))
        if received.method == "DELETE" and reply.status < 300:
            self.alive.discard(received.path.rpartition("/")[2])
        return reply


def test_created_calls_are_deleted_and_few_live_at_a_time() -> None:
    server = Counting()
    ending = ending_with(server, {name: PHASES[name] for name in ("bodies", "query")}, clean_up=True)
    assert ending.exit == 0, ending.reason
    assert server.created > 30
    assert server.most <= 8
    assert not server.alive


def test_calls_of_the_state_phase_are_deleted_at_the_end() -> None:
    server = Counting()
    assert ending_with(server, {"state": PHASES["state"]}, clean_up=True).exit == 0
    assert server.created > 10
    assert not server.alive


@pytest.mark.parametrize(
    ("problem", "reported"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (RuntimeError("a slip"), "the suite's own error: RuntimeError: a slip"),
    ],
)
def test_calls_are_deleted_whatever_ends_the_run(problem: BaseException, reported: str) -> None:
    server = Counting()

    def violated(_session: Session) -> None:
        raise problem

    ending = ending_with(server, {"state": PHASES["state"], "violated": violated}, clean_up=True)
    assert (ending.exit, ending.reason) == (3, reported)
    assert server.created
    assert not server.alive


def test_calls_that_cannot_be_deleted_are_counted() -> None:
    server = Counting()
    refusing = lambda received: Reply(500) if received.method == "DELETE" else server(received)  # noqa: E731
    ending = ending_with(refusing, {}, clean_up=True)
    assert ending.reason == f"{len(server.alive)} created calls could not be deleted"


def test_a_deletion_that_failed_once_is_tried_again_at_the_end() -> None:
    server = Counting()
    refused: set[str] = set()

    def slow_to_delete(received: Received) -> Reply | None:
        if received.method == "DELETE" and received.path not in refused:
            refused.add(received.path)
            return Reply(500)
        return server(received)

    # The first call is deleted but once, at the end.
    assert ending_with(slow_to_delete, {}, clean_up=True).reason == "1 created call could not be deleted"
    assert len(refused) == server.created
    assert len(server.alive) == 1


@pytest.mark.parametrize(("rate", "latency"), [(40, 0), (None, 0.1), (40, 0.3)])
def test_what_is_under_way_when_a_run_is_interrupted_is_deleted_too(rate: float | None, latency: float) -> None:
    server = Counting()

    def interrupted(received: Received) -> Reply | None:
        reply = server(received)
        if server.created == 10 and received.method == "POST" and reply is not None and reply.status == 201:
            signal.raise_signal(signal.SIGINT)
        return reply

    with session_with(interrupted, clean_up=True, rate=rate, latency=latency) as session:
        ending = go_through(session, {"bodies": PHASES["bodies"]})
    assert (ending.outcome, ending.exit) == ("interrupted", 3)
    assert server.created >= 10
    assert not server.alive


def test_nothing_is_deleted_unless_asked() -> None:
    server = Counting()
    ending_with(server, {})
    assert len(server.alive) == server.created > 0
