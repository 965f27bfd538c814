"""Checkpoints: what has changed is written, once, and nothing that may still turn out otherwise."""

from __future__ import annotations

from functools import partial

import pytest

from conformance.results.checkpoints import EXCHANGES, INTERVAL, SHARE, Checkpoints
from reports.record.entries import Outcome, Verdict


def verdict(rule: str, outcome: Outcome = Outcome.PASS, cases: int = 1) -> Verdict:
    return Verdict(rule=rule, outcome=outcome, sides={}, cases=cases)


def test_a_verdict_is_written_when_it_changes_and_not_again() -> None:
    written: list[Verdict] = []
    kept = Checkpoints(written.append)
    for cases in (1, 1, 2, 2):
        kept.note(partial(list, [verdict("one", cases=cases), verdict("two")]), ())
    assert [(each.rule, each.cases) for each in written] == [("one", 1), ("two", 1), ("one", 2)]


def test_what_is_skipped_or_uncertain_is_not_written_until_it_is_certain() -> None:
    written: list[Verdict] = []
    kept = Checkpoints(written.append)
    kept.note(lambda: [verdict("one", Outcome.SKIP), verdict("two", Outcome.FAIL), verdict("three")], {"two"})
    assert [each.rule for each in written] == ["three"]
    kept.note(lambda: [verdict("two", Outcome.FAIL)], ())
    assert [each.rule for each in written] == ["three", "two"]


def test_it_is_due_after_many_exchanges_however_quick_they_are() -> None:
    kept = Checkpoints(lambda _verdict: None)
    for _ in range(2):
        assert [kept.is_due() for _ in range(EXCHANGES)] == [False] * (EXCHANGES - 1) + [True]
        kept.note(list, ())


def test_it_is_due_when_time_has_passed_since_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("conformance.results.checkpoints.time.monotonic", lambda: now[0])
    kept = Checkpoints(lambda _verdict: None, _latest=now[0])
    due = [kept.is_due()]
    for passed in (INTERVAL, 0, INTERVAL / 2):
        now[0] += passed
        due.append(kept.is_due())
        kept.note(list, ())
    assert due == [False, True, False, False]


def test_a_costly_one_is_not_due_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("conformance.results.checkpoints.time.monotonic", lambda: now[0])
    kept = Checkpoints(lambda _verdict: None, _latest=now[0])

    def judge() -> list[Verdict]:
        now[0] += 10 * INTERVAL * SHARE
        return []

    kept.note(judge, ())
    due = []
    for passed in (INTERVAL, 8 * INTERVAL, 2 * INTERVAL):
        now[0] += passed
        due.append([kept.is_due() for _ in range(EXCHANGES)][-1])
    assert due == [False, False, True]
