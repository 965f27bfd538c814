"""A comparison of two runs as JSON, for a program that acts on it."""

from __future__ import annotations

from typing import Any

from reports.trend.changes import Change
from reports.trend.comparison import Comparison, sections


def comparison_json(comparison: Comparison, description: str = "") -> dict[str, Any]:
    """Return the outcome, the sentence that sums it up, and the changed rules by the title of their section.

    `description` is the name of the description that the runs are compared under; it is left out where there is one alone.
    """
    return {
        **({"description": description} if description else {}),
        "outcome": comparison.outcome,
        "headline": comparison.headline(),
        "sections": {title: [_change(comparison, each) for each in changes] for title, changes in sections(comparison).items()},
    }


def _change(comparison: Comparison, change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule.id,
        "requirement": change.rule.requirement,
        "before": change.before,
        "now": change.after,
        "cause": comparison.cause(change),
    }
