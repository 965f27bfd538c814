"""Entries of an example database: bodies of one operation, whatever else is there, and whatever becomes of the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis.database import InMemoryExampleDatabase

from conformance.results.examples import Examples
from openapi.json_types import Json
from reports.record.entries import Failure, Outcome, Request, Verdict
from tests.plans import our_catalogue

CONTRACT = our_catalogue().contract


def failed(body: str | None, **request: Json) -> Verdict:
    sent = {"method": "POST", "path": CONTRACT.path, "query": [], "headers": {}, "body": body, "key": "own", **request}
    failure = Failure(
        side="rejects",
        request=Request(**sent),
        response=None,
        expected="",
        actual="",
        cause="r",
        exchange=1,
        offending_fields=[],
    )
    return Verdict(rule="r", outcome=Outcome.FAIL, sides={}, reason=None, failures=[failure])


def kept(*verdicts: Verdict) -> list[Json]:
    examples = Examples(InMemoryExampleDatabase(), CONTRACT)
    examples.keep(verdicts)
    return examples.bodies()


def test_bodies_come_back_the_smallest_first_and_once() -> None:
    assert kept(failed('{"voice": "Mark"}'), failed("{}"), failed('{"voice":"Mark"}')) == [{}, {"voice": "Mark"}]


@pytest.mark.parametrize(
    "verdict",
    [
        failed(None),
        failed("{"),
        failed("[1]"),
        failed("{}", method="GET"),
        failed("{}", path="/other"),
        failed("{}", query=[["a", "b"]]),
        failed('{"a": "' + "x" * 70_000 + '"}'),
    ],
    ids=["none", "no JSON", "no object", "method", "path", "query", "long"],
)
def test_what_is_no_plain_body_is_not_kept(verdict: Verdict) -> None:
    assert kept(verdict) == []


def test_a_tag_is_taken_off() -> None:
    examples = Examples(InMemoryExampleDatabase(), CONTRACT)
    examples.keep([failed('{"a": 1, "tag": 2}')], lambda body: {"a": body["a"]})
    assert examples.bodies() == [{"a": 1}]


def test_operations_have_entries_of_their_own() -> None:
    database = InMemoryExampleDatabase()
    Examples(database, CONTRACT).keep([failed("{}")])
    assert Examples(database, replace(CONTRACT, method="PUT")).bodies() == []


def test_entries_of_others_are_passed_over() -> None:
    examples = Examples(InMemoryExampleDatabase(), CONTRACT)
    examples.database.save(examples.key, b"\x00\xff")
    assert examples.bodies() == []


def test_a_database_that_fails_costs_no_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: bytes) -> None:
        raise ConnectionError("gone")

    database = InMemoryExampleDatabase()
    for name in ("fetch", "save"):
        monkeypatch.setattr(database, name, gone)
    examples = Examples(database, CONTRACT)
    assert examples.bodies() == []
    examples.keep([failed("{}")])
    assert capsys.readouterr().err.count("warning: the example database: ConnectionError: gone") == 2
