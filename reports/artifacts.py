"""Write every report of a record into one folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.difference.drift import Drift
from reports.expected_failures.entries import ExpectedFailures
from reports.formats.badge import badge
from reports.formats.github import add_step_summary, workflow_commands
from reports.formats.har import write_har
from reports.formats.junit import junit
from reports.formats.markdown import markdown
from reports.formats.summary import summary
from reports.html.report import report_html
from reports.record.atomic_file import whole_file, write_whole
from reports.record.reader import read_run
from reports.record.recorded_run import Run
from reports.spoken import Spoken, spoken_of
from reports.status import RunStatus, decide
from reports.trend.drift import drift_of
from reports.trend.history import History, keep, load
from reports.trend.issue import issue
from reports.trend.news import news
from reports.trend.trends import trends


@dataclass(frozen=True, slots=True)
class Written:
    """The reports of one run: files by name, the run that the record holds, and its status.

    Of a run by two descriptions, `run` is the one under the description that the server speaks or violates least.
    """

    files: Mapping[str, Path]
    run: Run
    run_status: RunStatus
    summary: dict[str, Any]
    drift: Drift | None = None
    spoken: Spoken | None = None

    @property
    def exit(self) -> int:
        """Return the exit status of the run: 0, 1 or 3."""
        return self.run_status.exit


def write_all(
    record_path: Path,
    out_dir: Path,
    *,
    known: ExpectedFailures | None = None,
    history: Path | None = None,
) -> Written:
    """Write every report of the record into `out_dir`, each file whole or not at all, and return them.

    `known` are expected failures. `history` is a folder that keeps the summary of each run; with it comes the text of an issue.
    In GitHub Actions, failed rules become annotations and the summary goes to the page of the job.
    RecordError where the record cannot be read, OSError where a file cannot be written.
    """
    recorded = read_run(record_path)
    spoken = spoken_of(recorded, known)
    run, run_status = (recorded, decide(recorded, known)) if spoken is None else (spoken.best.run, spoken.best.run_status)
    nights = _remembered(history, run, run_status)
    drift = None if history is None else drift_of(history, nights, run)
    reported = trends(nights.nights, run.rules)
    found = news(reported)
    data = {
        **summary(run, run_status),
        "drift": None if drift is None else drift.as_json(),
        "spoken": None if spoken is None else spoken.as_json(),
    }
    text = markdown(run, run_status, drift, spoken, found.sentence() if len(nights.nights) > 1 else None)
    contents = {
        "summary.json": _pretty(data),
        "junit.xml": junit(run, run_status),
        "summary.md": text.encode("utf-8", errors="replace"),
        "badge.json": _pretty(badge(run, run_status)),
        "report.html": report_html(run, run_status, record=record_path, nights=nights, drift=drift, spoken=spoken),
    }
    if spoken is not None:
        other = spoken.other
        contents[OTHER] = report_html(other.run, other.run_status, record=record_path, spoken=spoken)
    if history is not None:
        contents[ISSUE] = issue(run, run_status, found, reported).encode("utf-8", errors="replace")
    files = {name: out_dir / name for name in (*contents, *FILES)}
    for name, content in contents.items():
        write_whole(files[name], content)
    with whole_file(files["exchanges.har"]) as stream:
        write_har(stream, record_path, run.header)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(*workflow_commands(run, run_status), sep="\n")
    add_step_summary(os.environ, text)
    return Written(files, run, run_status, data, drift, spoken)


def _remembered(folder: Path | None, run: Run, run_status: RunStatus) -> History:
    if folder is None:
        return History()
    keep(folder, run, run_status)
    return load(folder, run)


def _pretty(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=2).encode() + b"\n"


FILES = ("summary.json", "junit.xml", "summary.md", "badge.json", "report.html", "exchanges.har")
OTHER = "other-description.html"  # the report under the other one of two descriptions
ISSUE = "issue.md"  # with a history
