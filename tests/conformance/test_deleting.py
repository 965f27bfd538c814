"""What a run leaves behind on the target: the calls that it created are deleted, whatever ends it."""

from __future__ import annotations

import json

import pytest

from conformance.run import PHASES
from conformance.session import Session
from tests.conformance.servers import Asked, Reply, sound
from tests.conformance.sessions import ending_with


class Counting:
    """The sound emulator, and how many calls live on it."""

    def __init__(self) -> None:
        self.answer = sound()
        self.alive: set[str] = set()
        self.most = 0
        self.created = 0

    def __call__(self, asked: Asked) -> Reply | None:
        reply = self.answer(asked)
        assert reply is not None
        if asked.method == "POST" and reply.status == 201:
            self.alive.add(json.loads(reply.body)["callId"])
            self.created += 1
            self.most = max(self.most, len(self.alive))
        if asked.method == "DELETE" and reply.status < 300:
            self.alive.discard(asked.path.rpartition("/")[2])
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
    ("problem", "told"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (RuntimeError("a slip"), "the suite's own error: RuntimeError: a slip"),
    ],
)
def test_calls_are_deleted_whatever_ends_the_run(problem: BaseException, told: str) -> None:
    server = Counting()

    def broken(_session: Session) -> None:
        raise problem

    ending = ending_with(server, {"state": PHASES["state"], "broken": broken}, clean_up=True)
    assert (ending.exit, ending.reason) == (3, told)
    assert server.created
    assert not server.alive


def test_calls_that_cannot_be_deleted_are_counted() -> None:
    answer = sound()
    refusing = lambda asked: Reply(500) if asked.method == "DELETE" else answer(asked)  # noqa: E731
    ending = ending_with(refusing, {}, clean_up=True)
    assert ending.reason == "1 created calls could not be deleted"


def test_nothing_is_deleted_unless_asked() -> None:
    server = Counting()
    ending_with(server, {})
    assert len(server.alive) == server.created > 0
