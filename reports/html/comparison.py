"""Draws the comparison of two runs as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.html.differences import Piece, difference
from reports.html.environment import page
from reports.html.words import WORDS, moment
from reports.record.recorded_run import Run
from reports.status import RuleStatus
from reports.trend.changes import Change, LatencyShift
from reports.wording import duration

STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "print.css"]
SCRIPTS = ["theme.js"]
_PERCENTILES = {"median": 0.5, "95 %": 0.95, "99 %": 0.99}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of one rule, what differs marked; the standings give both sides their colours."""

    change: Change
    before: list[Piece]
    after: list[Piece]
    was: str
    now: str


def comparison_page(
    *,
    headline: str,
    broke: bool,
    sections: Mapping[str, list[Change]],
    latency: Sequence[LatencyShift],
    origin: Sequence[tuple[str, str, str]],
    old: Run,
    new: Run,
) -> bytes:
    """The page in UTF-8; it loads nothing, like the report."""
    return page(
        "comparison.html",
        styles=STYLES,
        scripts=SCRIPTS,
        headline=headline,
        rule_status=RuleStatus.FAIL if broke else RuleStatus.PASS,
        sections={title: [_view(change, old, new) for change in changes] for title, changes in sections.items()},
        latency=latency,
        origin=origin,
        runs=[("Before", old), ("Now", new)],
        figures=_figures(old, new),
        counts=_counts(old, new),
        words=WORDS,
        moment=moment,
    )


def _view(change: Change, old: Run, new: Run) -> ChangeView:
    before, after = difference(change.before, change.after)
    was, now = (_outcome(run, change.rule.id) for run in (old, new))
    return ChangeView(change, before, after, was, now)


def _outcome(run: Run, rule_id: str) -> str:
    return run.verdicts[rule_id].outcome if rule_id in run.verdicts else "SKIP"


def _figures(old: Run, new: Run) -> list[tuple[str, str, str]]:
    """Requests, duration and latency of both runs, as (name, before, now)."""
    rows = [
        ("rules", f"{len(old.rules):,}", f"{len(new.rules):,}"),
        ("requests", f"{old.requests:,}", f"{new.requests:,}"),
        ("duration", duration(old.seconds), duration(new.seconds)),
    ]
    was, now = old.traffic.latency, new.traffic.latency
    return rows + [
        (f"latency, {name}", duration(was.percentile(share)), duration(now.percentile(share)))
        for name, share in _PERCENTILES.items()
    ]


def _counts(old: Run, new: Run) -> list[tuple[RuleStatus, int, int]]:
    """How many rules had each outcome, before and now."""
    was, now = old.outcomes(), new.outcomes()
    rule_statuses = [RuleStatus(outcome) for outcome in {*was, *now}]
    return [(each, was[each], now[each]) for each in RuleStatus if each in rule_statuses]  # type: ignore[index]
