"""The drift since the last night, from made-up nights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.difference.drift import Drift
from reports.record.entries import Outcome
from reports.record.recorded_run import Run
from reports.status import decide
from reports.trend.drift import drift_of
from reports.trend.history import keep, load
from reports.wording import cautions

RULE, OTHER = "body.temperature.maximum", "body.temperature.minimum"
STARTED = ("2026-11-20T02:00:00+00:00", "2026-11-21T02:00:00+00:00", "2026-11-22T02:00:00+00:00")


def night(run: Run, at: int, outcomes: Mapping[str, Outcome] | None = None, **header: Any) -> Run:
    """Return a run of two rules that started on a night; both hold unless something else is said."""
    verdicts = {
        rule: replace(run.verdicts[rule], outcome=(outcomes or {}).get(rule, Outcome.PASS), failures=[])
        for rule in (RULE, OTHER)
    }
    rules = {rule: run.rules[rule] for rule in verdicts}
    return replace(run, rules=rules, verdicts=verdicts, header=replace(run.header, started=STARTED[at], **header))


def drift(folder: Path, *runs: Run) -> Drift | None:
    """Return the drift at the last of these nights."""
    for run in runs:
        keep(folder, run, decide(run))
    return drift_of(folder, load(folder, runs[-1]), runs[-1])


def with_maximum(run: Run, value: float) -> Run:
    """Return a run in which the rule states another maximum."""
    changed = replace(run.rules[RULE], keyword="maximum", value=value, requirement=f"At most {value}.")
    return replace(run, rules={**run.rules, RULE: changed})


def test_a_rule_that_could_not_be_judged_has_not_turned(tmp_path: Path, conforming_run: Run) -> None:
    first, second = night(conforming_run, 0), night(conforming_run, 1, {RULE: Outcome.ERROR})
    assert drift(tmp_path, first, second) is None


def test_a_rule_that_fails_on_both_nights_has_not_turned(tmp_path: Path, conforming_run: Run) -> None:
    fails = {RULE: Outcome.FAIL}
    assert drift(tmp_path, night(conforming_run, 0, fails), night(conforming_run, 1, fails)) is None


def test_a_changed_rule_is_never_put_down_to_the_server(tmp_path: Path, conforming_run: Run) -> None:
    first = with_maximum(night(conforming_run, 0), 1)
    tonight = night(conforming_run, 1, {RULE: Outcome.FAIL, OTHER: Outcome.FAIL})
    found = drift(tmp_path, first, with_maximum(tonight, 2))
    assert found is not None
    assert (list(found.by_description), list(found.by_server)) == ([RULE], [OTHER])


@pytest.mark.parametrize(
    ("header", "moved"),
    [
        ({"description": {"name": "d", "digest": "other"}}, "description"),
        ({"overlays": []}, "overlay"),
        ({"suite": "ultravox-conformance 9"}, "suite"),
        ({}, "suite, or a document that the description refers to,"),
    ],
)
def test_what_the_rules_come_from_is_named(tmp_path: Path, conforming_run: Run, header: Any, moved: str) -> None:
    found = drift(tmp_path, with_maximum(night(conforming_run, 0), 1), with_maximum(night(conforming_run, 1, **header), 2))
    assert found is not None
    assert found.moved == moved
    assert found.sentences()[0].startswith(f"The {moved} moved since 20 November 2026")


def test_another_suite_with_the_same_rules_is_no_news(tmp_path: Path, conforming_run: Run) -> None:
    assert drift(tmp_path, night(conforming_run, 0), night(conforming_run, 1, suite="ultravox-conformance 9")) is None


def test_the_last_night_that_judged_something_counts(tmp_path: Path, conforming_run: Run) -> None:
    silent = night(conforming_run, 1, {RULE: Outcome.ERROR, OTHER: Outcome.SKIP})
    found = drift(tmp_path, night(conforming_run, 0), silent, night(conforming_run, 2, {OTHER: Outcome.FAIL}))
    assert found is not None
    assert found.since == STARTED[0]
    assert found.by_server == {OTHER: ("PASS", "FAIL")}


def test_what_moved_stands_beside_the_headline(tmp_path: Path, conforming_run: Run) -> None:
    tonight = night(conforming_run, 1, {RULE: Outcome.FAIL})
    found = drift(tmp_path, night(conforming_run, 0), tonight)
    assert found is not None
    assert [each for each in cautions(tonight, decide(tonight), found) if "moved" in each] == found.sentences()
    assert found.as_json()["by_server"] == {RULE: ["PASS", "FAIL"]}


def test_a_night_of_an_earlier_version_kept_no_rules(tmp_path: Path, conforming_run: Run) -> None:
    first, tonight = night(conforming_run, 0), night(conforming_run, 1, description={"name": "d", "digest": "other"})
    path = keep(tmp_path, first, decide(first))
    path.write_text(path.read_text().replace('"rules": "', '"before": "'))
    found = drift(tmp_path, tonight)
    assert found is not None
    assert found.changes is None
    assert "nobody can say what differs" in found.sentences()[0]
