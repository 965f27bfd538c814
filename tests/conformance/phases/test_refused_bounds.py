"""A string of the greatest length is refused: a fault only where one of its form with one character less is accepted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from conformance.phases import uncertain
from conformance.run import go_through
from reports.record.entries import Outcome
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import session_with

REFUSED = Reply(400, b'{"detail": "no"}')
LONGEST, SHORTER = "de-Latn-DE-x-abc", "de-Latn-DE-x-ab"


def failed(is_refused: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    response, sent = conforming(), list[str]()

    def refuse(received: Received) -> Reply | None:
        body = json.loads(received.body) if received.body else None
        tag = body.get("languageHint") if isinstance(body, dict) else None
        if not isinstance(tag, str):
            return response(received)
        sent.append(tag)
        return REFUSED if is_refused(tag) else response(received)

    with session_with(refuse) as session:
        verdicts = go_through(session, {"bodies": uncertain.run}).verdicts
    return [each.rule for each in verdicts if each.outcome is Outcome.FAIL], sent


def test_the_greatest_length_alone_is_refused() -> None:
    found, sent = failed(lambda tag: len(tag) == len(LONGEST))
    assert found == ["body.languageHint.type"]
    assert SHORTER in sent


@pytest.mark.parametrize("is_refused", [lambda tag: "-x-" in tag, lambda tag: tag not in ("en", "de-DE")])
def test_a_server_that_knows_no_such_tag_is_not_accused(is_refused: Callable[[str], bool]) -> None:
    found, sent = failed(is_refused)
    assert found == []
    assert LONGEST in sent


def test_a_server_that_accepts_it_is_not_asked_for_a_shorter_one() -> None:
    found, sent = failed(lambda _tag: False)
    assert found == []
    assert SHORTER not in sent
