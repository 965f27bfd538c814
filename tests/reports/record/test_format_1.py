"""A record and a night that version 0.0 wrote are read as today's."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reports.record.entries import Outcome
from reports.record.format_1 import renamed
from reports.record.reader import exchanges_of, read_run
from reports.trend.comparison import compare
from reports.trend.history import load

RECORD = Path(__file__).with_name("format-1.jsonl")
NIGHT = Path(__file__).with_name("format-1-night.json")


def test_rules_and_exchanges_have_todays_names() -> None:
    run = read_run(RECORD)
    assert run.verdicts["body.temperature.minimum"].outcome is Outcome.FAIL
    assert run.verdicts["body.temperature.minimum"].failures[0].response is not None
    assert run.verdicts["body.temperature.minimum"].failures[0].offending_fields == ["/temperature"]
    assert {"response.temperature.type", "robustness.responds"} <= run.rules.keys()
    assert not [rule for rule in run.rules if rule.startswith("answer.")]
    assert (run.header.contract, run.header.key_variable) == ("ultravox", "ULTRAVOX_API_KEY")
    assert all(each.response for each in exchanges_of(RECORD))
    assert {each.phase for each in exchanges_of(RECORD)} == {"planned", "shrink"}


def test_a_run_of_format_1_compares_equal_to_itself_in_todays_format() -> None:
    old = read_run(RECORD)
    assert not compare(old, replace(old, header=replace(old.header, format=2))).broke


def test_a_night_of_format_1_counts_in_a_trend(tmp_path: Path) -> None:
    shutil.copy(NIGHT, tmp_path)
    run = read_run(RECORD)
    night = json.loads(NIGHT.read_text(encoding="utf-8"))
    header = replace(run.header, started=night["summary"]["started"])
    nights = load(tmp_path, replace(run, header=header)).nights
    assert [each.rule_statuses["body.temperature.minimum"] for each in nights] == ["FAIL"]
    assert "response.temperature.type" in nights[0].rule_statuses


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("answer.created.format", "response.created.format"),
        ("robustness.answers", "robustness.responds"),
        ("state.prior-chain", "state.parent-chain"),
        ("query.prior-unknown", "query.parent-unknown"),
        ("body.temperature.maximum", "body.temperature.maximum"),
    ],
)
def test_renamed(old: str, new: str) -> None:
    assert renamed(old) == new
    assert renamed(new) == new
