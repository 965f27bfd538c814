"""Words and icons for statuses, numbers and moments in time."""

from __future__ import annotations

from datetime import datetime
from math import isfinite

from reports.status import RuleStatus

WORDS = {
    RuleStatus.PASS: "passed",
    RuleStatus.FAIL: "failed",
    RuleStatus.EXPIRED: "failed, expectation expired",
    RuleStatus.STALE: "stale expectation",
    RuleStatus.KNOWN: "expected failure",
    RuleStatus.ERROR: "not judged",
    RuleStatus.SKIP: "skipped",
    RuleStatus.OBSERVED: "observed",
}


def number(value: float) -> str:
    """Return the number for people: `1,200`, `0.7`, `1e+300`."""
    if isfinite(value) and value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.6g}"


def moment(text: str) -> str:
    """Return `22 November 2026, 02:00 UTC` for an ISO timestamp, and any other string unchanged."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = at.strftime("%Z") if at.tzinfo else ""
    return f"{at.day} {at:%B %Y, %H:%M} {zone}".rstrip()


def shortened(text: str, most: int) -> str:
    """Return the string with an ellipsis in its middle where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
