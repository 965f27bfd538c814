"""Tests of what a run leaves behind on the target: the calls that it created are deleted, whatever ends it."""

from __future__ import annotations

import json
import signal

import pytest

from conformance.run import PHASES, go_through
from conformance.session import Session
from strategies.case import Case
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with, session_with


class Counting:
    """The conforming emulator, and how many calls live on it."""

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
    ending = ending_with(
        server, {name: PHASES[name] for name in ("bodies", "query")}, clean_up=True, select=("body.m*", "query.*")
    )
    assert ending.exit == 0, ending.reason
    assert server.created > 25
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

    async def violated(_session: Session) -> None:
        raise problem

    ending = ending_with(server, {"state": PHASES["state"], "violated": violated}, clean_up=True)
    assert (ending.exit, ending.reason) == (3, reported)
    assert server.created
    assert not server.alive


def test_calls_that_cannot_be_deleted_are_counted() -> None:
    server = Counting()
    refusing = lambda received: Reply(500) if received.method == "DELETE" else server(received)  # noqa: E731
    ending = ending_with(refusing, {}, clean_up=True)
    assert f"; {len(server.alive)} created calls could not be deleted" in str(ending.reason)
    assert not any("could not be deleted" in (each.reason or "") for each in ending.verdicts)  # for that no rule was skipped


def test_a_deletion_that_failed_once_is_tried_again() -> None:
    server = Counting()
    refused: set[str] = set()

    def slow_to_delete(received: Received) -> Reply | None:
        if received.method == "DELETE" and received.path not in refused:
            refused.add(received.path)
            return Reply(500)
        return server(received)

    assert ending_with(slow_to_delete, {}, clean_up=True).reason is None
    assert len(refused) == server.created > 0
    assert not server.alive


def test_nothing_more_is_created_once_a_deletion_is_refused() -> None:
    server = Counting()
    refusing = lambda received: Reply(403) if received.method == "DELETE" else server(received)  # noqa: E731
    ending = ending_with(refusing, {"bodies": PHASES["bodies"]}, clean_up=True, concurrency=4)
    assert "refuses to delete what the run created (status 403)" in str(ending.reason)
    assert "could not be deleted" in str(ending.reason)
    assert ending.exit == 3
    assert len(server.alive) == server.created <= 1 + 4


@pytest.mark.parametrize(("most", "concurrency"), [(2, 1), (3, 8), (5, 4)])
def test_no_more_calls_live_at_once_than_may(most: int, concurrency: int) -> None:
    server = Counting()
    some = ("body.m*", "query.*", "auth.*")
    with session_with(server, clean_up=True, max_live=most, concurrency=concurrency, latency=0.001, select=some) as session:
        ending = go_through(session, {name: PHASES[name] for name in ("bodies", "query", "auth")})
        # What is created is known to the session only when its response has come.
        assert session.objects.highest <= server.most <= most
    assert ending.exit == 0, ending.reason
    assert not server.alive


def test_no_more_calls_are_created_than_may() -> None:
    server = Counting()
    ending = ending_with(server, {"bodies": PHASES["bodies"]}, clean_up=True, max_created=12, concurrency=8)
    assert server.created == 12
    assert "the budget of 12 created calls is spent" in str(ending.reason)
    assert not server.alive


class Noted:
    """A journal that keeps what it is reported in the order in which it is."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str]] = []

    def intend(self, case: Case) -> None:
        self.entries.append(("intend", case.label))

    def settled(self) -> None:
        self.entries.append(("settled", ""))

    def created(self, identity: str) -> None:
        self.entries.append(("created", identity))

    def deleted(self, identity: str) -> None:
        self.entries.append(("deleted", identity))

    def complete(self) -> None:
        self.entries.append(("complete", ""))


def test_a_journal_knows_what_lives_at_every_moment() -> None:
    server, journal = Counting(), Noted()

    def watched(received: Received) -> Reply | None:
        created = {identity for what, identity in journal.entries if what == "created"}
        deleted = {identity for what, identity in journal.entries if what == "deleted"}
        assert len(server.alive - created) <= 1  # the one under way
        assert not deleted & server.alive
        if received.method == "POST":
            assert journal.entries[-1][0] == "intend"
        return server(received)

    with session_with(watched, clean_up=True, concurrency=1, journal=journal) as session:
        ending = go_through(session, {"state": PHASES["state"]})
    assert ending.exit == 0, ending.reason
    ids = {what: {identity for each, identity in journal.entries if each == what} for what in ("created", "deleted")}
    assert ids["created"] == ids["deleted"]
    assert len(ids["created"]) == server.created
    assert [what for what, _ in journal.entries].index("complete") == len(journal.entries) - 1


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
    # One is deleted to see that deletion is served.
    assert len(server.alive) == server.created - 1 > 0
