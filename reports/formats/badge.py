"""A badge with the outcome of a run, for services that read the JSON of shields."""

from __future__ import annotations

from typing import Any

from reports.record.recorded_run import Run
from reports.status import RuleStatus, RunStatus
from reports.wording import shortfall

_COLOURS = {"conforms": "brightgreen", "fails": "red"}
_UNCLEAR, _PARTIAL = "lightgrey", "yellow"


def badge(run: Run, run_status: RunStatus) -> dict[str, Any]:
    """Return label, message and colour of the badge (endpoint schema version 1)."""
    is_partial = run_status.outcome == "conforms" and shortfall(run) is not None
    return {
        "schemaVersion": 1,
        "label": f"{run.header.title} conformance",
        "message": _message(run_status) + (", not all tested" if is_partial else ""),
        "color": _PARTIAL if is_partial else _COLOURS.get(run_status.outcome, _UNCLEAR),
    }


def _message(run_status: RunStatus) -> str:
    if run_status.outcome not in _COLOURS:
        return run_status.outcome
    counts = run_status.counts()
    return f"{counts[RuleStatus.PASS]}/{run_status.judged} rules"
