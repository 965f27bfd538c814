"""The suite is started, watched and ended as a trial says, and the page shows what was seen."""

from __future__ import annotations

import json
import signal
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reliability.__main__ import main
from benchmarks.reliability.page import line_of, page
from benchmarks.reliability.scenario import Result, Scenario
from benchmarks.reliability.scenarios import SCENARIOS
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How, carry_out, environment, options_of
from benchmarks.reliability.verdicts import Verdicts, verdicts_in

RULES = ["rules", "--select", "body.temperature.*"]
SERVER = ["emulate", "--port", "0"]
STRICT = Bounds(
    statuses=frozenset({0}), errors=0.01, created=10, peak=5, megabytes=300, seconds=10, ending=5, left=0, same_verdicts=True
)
FINE = Seen(status=0, errors=0.01, created=10, peak=5, megabytes=300, seconds=10, ending=5)
MISSES: dict[str, dict[str, Any]] = {
    "did not end": {"status": None},
    "exit 3": {"status": 3},
    "FAIL": {"fails": ("a",)},
    "other verdicts": {"differing": 1},
    "ERROR": {"errors": 0.02},
    "calls left": {"left": 1},
    "calls created": {"created": 11},
    "live calls": {"peak": 6},
    "memory": {"megabytes": 301.0},
    "time": {"seconds": 11.0},
    "slow to end": {"ending": 6.0},
    "leak": {"leaks": ("key in x",)},
    "traceback": {"tracebacks": 1},
    "no report": {"reports": False},
    "no cleanup": {"absent": ("no cleanup",)},
}


@pytest.mark.parametrize("reported", MISSES)
def test_each_bound_that_is_missed_is_reported(reported: str) -> None:
    assert STRICT.missed(FINE) == []
    assert STRICT.missed(replace(FINE, **MISSES[reported])) == [reported]


def test_each_figure_that_is_bounded_is_in_the_misses() -> None:
    reported = {name for changed in MISSES.values() for name in changed}
    assert reported == {each.name for each in fields(Seen)} - {"requests", "note"}


def test_the_page_sums_up_the_seeds_of_a_scenario_and_reports_what_was_missed() -> None:
    scenario = SCENARIOS[0]
    missed = replace(FINE, fails=("body.a", "body.b", "body.c", "body.d", "body.e"), left=7, created=0, note="at request 3")
    results = [Result(scenario, 1, 8, replace(FINE, errors=0.0)), Result(scenario, 2, 8, replace(missed, errors=0.0))]
    text = page(results, 12.0, complete=False)
    [row] = [line for line in text.splitlines() if line.startswith(f"| {scenario.name} |")]
    assert "| 1 of 2 | 0 to 5 | 0.0 % | 0 | 0 | 0 | 0 to 10 | 0 to 7 |" in row
    assert (
        "seed 2, concurrency 8: FAIL, calls left; at request 3; FAIL: `body.a`, `body.b`, `body.c`, `body.d` and 1 more" in text
    )
    assert "seed 1, concurrency 8" not in text
    assert "holds" in line_of(results[0])


def test_every_scenario_has_a_name_of_its_own_and_an_expectation() -> None:
    names = [each.name for each in SCENARIOS]
    assert len(set(names)) == len(names)
    assert all(each.bounds.expected() for each in SCENARIOS)


def test_verdicts_are_read_from_what_a_run_leaves(tmp_path: Path) -> None:
    assert verdicts_in(tmp_path).errors is None
    reported = {"not_judged": {"skipped": {"b": "why"}, "errors": {"c": "why"}}, "observations": {"d": "x"}, "failed": ["e"]}
    (tmp_path / "summary.json").write_text(json.dumps(reported))
    (tmp_path / "run.jsonl").write_text("".join(f'{{"type":"rule","id":"{each}"}}\n' for each in "abcde"))
    found = verdicts_in(tmp_path)
    assert found.of == {"a": "PASS", "b": "SKIP", "c": "ERROR", "d": "OBSERVED", "e": "FAIL"}
    assert (found.fails, found.errors, found.judged) == (("e",), 0.2, 2)
    assert found.differing(Verdicts({"a": "FAIL", "b": "PASS", "e": "FAIL"})) == ("a",)


def test_the_suite_gets_an_environment_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    assert "HTTPS_PROXY" not in environment(tmp_path)


@pytest.mark.slow
def test_options_are_asked_of_the_suite() -> None:
    assert {"--target", "--out"} <= options_of("run")
    assert not options_of("no-such-command")


@pytest.mark.slow
def test_a_command_is_measured(tmp_path: Path) -> None:
    ended = carry_out(RULES, tmp_path)
    assert (ended.status, ended.tracebacks, ended.note) == (0, 0, "")
    assert b"temperature" in ended.output
    assert 10 < ended.megabytes < 1000


@pytest.mark.slow
def test_a_command_that_does_not_end_is_killed(tmp_path: Path) -> None:
    ended = carry_out(SERVER, tmp_path, How(deadline=1))
    assert (ended.status, ended.note) == (None, "not done after 1 s")


@pytest.mark.slow
@pytest.mark.parametrize("background", [False, True])
def test_a_command_is_signalled(tmp_path: Path, background: bool) -> None:
    how = How(number=signal.SIGKILL, after=lambda seconds: seconds > 1, background=background, deadline=30)
    ended = carry_out(SERVER, tmp_path, how)
    assert ended.status == (128 + signal.SIGKILL if background else -signal.SIGKILL)
    assert ended.ending is not None
    assert ended.ending < 5


@pytest.mark.slow
def test_a_background_command_ignores_ctrl_c(tmp_path: Path) -> None:
    assert carry_out(RULES, tmp_path, How(number=signal.SIGINT, background=True, deadline=60)).status == 0


@pytest.mark.slow
def test_a_foreground_command_does_not_even_where_the_bed_does(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ended = carry_out(SERVER, tmp_path, How(number=signal.SIGINT, after=lambda seconds: seconds > 1, deadline=30))
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.note == ""
    assert ended.seconds < 10


@pytest.mark.slow
def test_output_and_files_are_limited(tmp_path: Path) -> None:
    assert b"temperature" not in carry_out(RULES, tmp_path, How(stdout="closed")).output
    assert carry_out(RULES, tmp_path, How(stdout="/dev/full")).status != 0
    out = tmp_path / "out"
    carry_out(["run", "--out", str(out), "--select", "body.temperature.*"], tmp_path, How(file_size=50_000))
    assert max(path.stat().st_size for path in out.rglob("*")) <= 50_000


TINY = [each for each in SCENARIOS if each.tiny]
# Nothing goes wrong, the suite is ended, the server attacks it.
FEW = [next(each for each in TINY if each.group == group) for group in ("exchanges", "interruptions", "secrets")]


@pytest.mark.slow
@pytest.mark.parametrize("scenarios", [FEW, pytest.param(TINY, marks=pytest.mark.thorough)], ids=["few", "all"])
def test_a_tiny_run_writes_a_page(scenarios: list[Scenario], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "reliability.md"
    main(["--tiny", "--out", str(out), *(part for each in scenarios for part in ("--only", each.name))])
    text, reported = out.read_text(encoding="utf-8"), capsys.readouterr().out
    for scenario in scenarios:
        assert f"| {scenario.name} | five | 8 | 1 |" in text
        assert f"{scenario.name} (seed 1, concurrency 8)" in reported
    assert "no fault, batch (seed 1, concurrency 8): holds" in reported
    assert str(Path.home()) not in text
