"""A badge that says how the run ended, as the JSON that shields-style badge services read."""

from __future__ import annotations

from typing import Any

from reports.record.recorded_run import Run
from reports.status import Decision, Standing
from reports.wording import shortfall

_COLOURS = {"conforms": "brightgreen", "fails": "red"}
_UNCLEAR, _PARTIAL = "lightgrey", "yellow"


def badge(run: Run, decision: Decision) -> dict[str, Any]:
    """The badge's label, message and colour (endpoint schema version 1)."""
    is_partial = decision.outcome == "conforms" and shortfall(run) is not None
    return {
        "schemaVersion": 1,
        "label": f"{run.header.title} conformance",
        "message": _message(decision) + (", not all tested" if is_partial else ""),
        "color": _PARTIAL if is_partial else _COLOURS.get(decision.outcome, _UNCLEAR),
    }


def _message(decision: Decision) -> str:
    if decision.outcome not in _COLOURS:
        return decision.outcome
    counts = decision.counts()
    judged = sum(counts.values()) - counts[Standing.SKIP] - counts[Standing.OBSERVED] - counts[Standing.ERROR]
    return f"{counts[Standing.PASS]}/{judged} rules"
