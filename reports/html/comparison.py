"""The comparison of two runs as a page."""

from __future__ import annotations

from dataclasses import dataclass

from reports.difference.formats import headline as description_headline
from reports.html.differences import Piece, difference
from reports.html.environment import page
from reports.html.words import WORDS, moment
from reports.quantities import duration
from reports.record.recorded_run import Run
from reports.status import RuleStatus
from reports.trend.changes import Change
from reports.trend.comparison import Comparison, sections

STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "print.css"]
SCRIPTS = ["theme.js"]
_PERCENTILES = {"median": 0.5, "95 %": 0.95, "99 %": 0.99}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of one rule with the differences marked; the statuses colour both sides."""

    change: Change
    before: list[Piece]
    after: list[Piece]
    was: str
    now: str


def comparison_page(comparison: Comparison) -> bytes:
    """Return the comparison as a page in UTF-8; it loads nothing, like the report."""
    old, new = comparison.old, comparison.new
    return page(
        "comparison.html",
        styles=STYLES,
        scripts=SCRIPTS,
        headline=comparison.headline(),
        rule_status=RuleStatus.FAIL if comparison.broke else RuleStatus.PASS,
        sections={title: [_view(change, old, new) for change in changes] for title, changes in sections(comparison).items()},
        comparison=comparison,
        described=description_headline(comparison.described),
        latency=comparison.latency,
        origin=comparison.origin,
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
    """Return requests, duration and latency of both runs, as (name, before, now)."""
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
    """Return how many rules had each outcome, before and now."""
    was, now = old.outcomes(), new.outcomes()
    rule_statuses = [RuleStatus(outcome) for outcome in {*was, *now}]
    return [(each, was[each], now[each]) for each in RuleStatus if each in rule_statuses]  # type: ignore[index]
