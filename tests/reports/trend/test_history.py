"""A history keeps each night once, and shows since when a rule fails and which is flaky."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reports.artifacts import write_all
from reports.record.recorded_run import Run
from reports.status import decide
from reports.trend.history import Night, keep, load
from reports.trend.trends import Trend, trends
from tests.reports.synthetic.nights import write_history


def nights(strip: str) -> list[Night]:
    """A night for each letter: P holds, F fails, K is known to fail, E could not be judged, blank was not there."""
    names = {"P": "PASS", "F": "FAIL", "K": "KNOWN", "E": "ERROR"}
    return [
        Night(
            started=f"2026-11-{number:02}",
            outcome="",
            profile="",
            seed=0,
            requests=0,
            seconds=0,
            latency={},
            digest="",
            rule_statuses={"r": names[letter]} if letter != " " else {},
        )
        for number, letter in enumerate(strip, 1)
    ]


def trend(strip: str) -> Trend:
    return trends(nights(strip), ["r"])["r"]


@pytest.mark.parametrize(
    ("strip", "since"),
    [
        ("PPPP", None),
        ("PPFF", "2026-11-03"),
        ("PFEF", "2026-11-02"),
        ("PFKF", "2026-11-02"),
        ("PFPF", "2026-11-04"),
        ("FFFP", None),
        ("  FF", "2026-11-03"),
        ("PFEE", "2026-11-02"),
        ("EE", None),
        ("", None),
    ],
)
def test_a_failure_has_a_first_night(strip: str, since: str | None) -> None:
    assert trend(strip).since == since


@pytest.mark.parametrize(("strip", "flaky"), [("PFPFPF", True), ("PFFFPPPP", False), ("PFPPFP", False), ("FPFPFPF", True)])
def test_a_rule_that_comes_and_goes_is_flaky(strip: str, flaky: bool) -> None:
    assert trend(strip).flaky is flaky


def test_a_night_is_kept_once(tmp_path: Path, failed_run: Run) -> None:
    run_status = decide(failed_run)
    assert keep(tmp_path, failed_run, run_status) == keep(tmp_path, failed_run, run_status)
    (night,) = load(tmp_path, failed_run).nights
    assert night.rule_statuses == {rule: str(rule_status) for rule, rule_status in run_status.rule_statuses.items()}
    assert night.counts["FAIL"] == 6


def test_targets_do_not_mix(tmp_path: Path, failed_run: Run, conforming_run: Run) -> None:
    keep(tmp_path, failed_run, decide(failed_run))
    keep(tmp_path, conforming_run, decide(conforming_run))
    other_port = replace(conforming_run, header=replace(conforming_run.header, target="http://127.0.0.1:1"))
    assert len(load(tmp_path, failed_run).nights) == 1
    # The embedded emulator has another port each night; it is one target all the same.
    assert len(load(tmp_path, other_port).nights) == 1


def test_only_the_last_nights_are_shown_and_none_after_the_run(tmp_path: Path, failed_record: Path, failed_run: Run) -> None:
    write_history(tmp_path, failed_record, 100)
    keep(tmp_path, failed_run, decide(failed_run))
    shown = load(tmp_path, failed_run).nights
    assert len(shown) == 90
    assert shown[-1].started == failed_run.header.started
    earlier = replace(failed_run, header=replace(failed_run.header, started=shown[40].started))
    assert load(tmp_path, earlier).nights[-1].started == shown[40].started


def test_a_damaged_night_is_left_out_and_named(tmp_path: Path, failed_run: Run) -> None:
    keep(tmp_path, failed_run, decide(failed_run))
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("[]")
    (tmp_path / "c.json").write_text("{}")
    history = load(tmp_path, failed_run)
    assert len(history.nights) == 1
    assert [note.split()[0] for note in history.notes] == ["a.json", "b.json", "c.json"]


def test_drawing_a_report_again_adds_no_night(tmp_path: Path, failed_record: Path) -> None:
    for _ in range(3):
        write_all(failed_record, tmp_path / "out", history=tmp_path / "history")
    assert [len(list((tmp_path / "history").glob(each))) for each in ("*.json", "descriptions/*")] == [1, 1]
