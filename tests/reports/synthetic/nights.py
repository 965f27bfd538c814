"""Made-up nights in a row: what broke, what was repaired, what comes and goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from reports.record.entries import Footer, Outcome, Verdict
from reports.record.reader import read_run
from reports.record.recorded_run import Run
from reports.status import decide
from reports.trend.history import keep
from tests.reports.synthetic.failures import FAILING

_LASTING = "response.joinTimeout.default"
_FLAKY = "body.selectedTools.*.temporaryTool.timeout.pattern"
_ONCE = "robustness.lone-surrogate"


def write_history(folder: Path, record: Path, nights: int = 90) -> None:
    """Fills a history with the nights before the run at `record`, which is the last of them."""
    last = read_run(record)
    for ago in range(nights - 1, 0, -1):
        run = _night(last, nights - ago, nights)
        started = datetime.fromisoformat(last.header.started) - timedelta(days=ago)
        keep(folder, replace(run, header=replace(last.header, started=started.isoformat())), decide(run))


def _night(last: Run, number: int, nights: int) -> Run:
    violated = {
        _LASTING: number > nights - 9,
        _FLAKY: number % 7 in (2, 3) and number > nights // 3,
        _ONCE: nights // 2 < number < nights // 2 + 5,
    }
    verdicts = {
        rule_id: _failing(verdict) if violated.get(rule_id) else _conforming(verdict)
        for rule_id, verdict in last.verdicts.items()
    }
    fails = any(violated.values())
    footer = Footer(
        finished="",
        outcome="fails" if fails else "conforms",
        exit=int(fails),
        reason=None,
        requests=480 + number % 40,
        seconds=20 + number % 9,
    )
    return replace(last, verdicts=verdicts, footer=footer)


def _failing(verdict: Verdict) -> Verdict:
    return replace(verdict, outcome=Outcome.FAIL, failures=FAILING[verdict.rule])


def _conforming(verdict: Verdict) -> Verdict:
    outcome = Outcome.PASS if verdict.outcome is Outcome.FAIL else verdict.outcome
    return replace(verdict, outcome=outcome, failures=[])
