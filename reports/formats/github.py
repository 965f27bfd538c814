"""GitHub Actions: an annotation for each failed rule, and the summary of the job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from reports.body_lines import printable
from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus

# GitHub shows ten annotations of a step and drops the rest without a word.
_MOST = 10
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def workflow_commands(run: Run, run_status: RunStatus) -> Iterator[str]:
    """Yield workflow commands, one a line; the last one counts the rules that had no room."""
    failed = run_status.red
    shown = failed if len(failed) <= _MOST else failed[: _MOST - 1]
    for rule_id in shown:
        title = _escaped(rule_id, _PROPERTY_ESCAPES)
        yield f"::error title={title}::{_escaped(_text(run, run_status, rule_id))}"
    if len(shown) < len(failed):
        yield f"::error title=Conformance::{len(failed) - len(shown)} more rules fail; see report.html"


def add_step_summary(environ: Mapping[str, str], text: str) -> None:
    """Append to the summary of the running step; do nothing outside GitHub Actions."""
    path = environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")


def _text(run: Run, run_status: RunStatus, rule_id: str) -> str:
    requirement, verdict = run.rules[rule_id].requirement, run.verdicts[rule_id]
    if run_status.rule_statuses[rule_id] is RuleStatus.STALE:
        return f"{requirement}\nThe rule passes, but is listed as a expected failure: take it off the list."
    failure = next(iter(verdict.failures), None)
    return requirement + (f"\nExpected: {failure.expected}\nActual: {failure.actual}" if failure else "")


def _escaped(text: str, escapes: Mapping[str, str] = _ESCAPES) -> str:
    return "".join(escapes.get(character, character) for character in printable(text))
