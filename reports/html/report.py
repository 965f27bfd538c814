"""Draws report.html from a run."""

from __future__ import annotations

from pathlib import Path

from reports.bodies import body_lines
from reports.decision import Decision
from reports.history import History
from reports.html.environment import page
from reports.reproduce import Place
from reports.run import Run
from reports.sentences import headline


def report_html(run: Run, decision: Decision, *, record: Path, nights: History | None = None) -> bytes:
    """The report as a page in UTF-8."""
    return page(
        "report.html",
        styles=["report.css"],
        scripts=["report.js"],
        run=run,
        decision=decision,
        headline=headline(run, decision),
        place=Place(run.header.target, run.header.key_header, str(record)),
        nights=nights or History(),
        body_lines=body_lines,
    )
