"""The comparison of two runs as a page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from reports.body_lines import Line, body_lines
from reports.difference.formats import headline as description_headline
from reports.html.differences import Piece, difference
from reports.html.environment import page
from reports.html.words import WORDS, moment
from reports.quantities import duration
from reports.record.recorded_run import Run
from reports.reproduce import Place, Snippets
from reports.status import RuleStatus
from reports.trend.changes import Change
from reports.trend.comparison import Comparison, exchange_of, sections

STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "print.css"]
SCRIPTS = ["theme.js", "copy.js"]
# Of these sections each change shows the requests behind it; of rules that only came or went there is nothing to see.
_SHOWN = frozenset({"Broke", "Fail, not judged before", "Repaired", "Still failing", "Behave otherwise"})
_PERCENTILES = {"median": 0.5, "95 %": 0.95, "99 %": 0.99}


@dataclass(frozen=True, slots=True)
class Kept:
    """The place of a run on disk: the path of its record, and the address of its report as seen from the page."""

    record: str
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in one of both runs: the address of its report, and where the record names one the exchange that shows it."""

    name: str
    report: str | None
    number: int | None = None
    status: int | None = None
    request_lines: list[Line] | None = None
    response_lines: list[Line] | None = None
    snippets: Snippets | None = None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of one rule with the differences marked; the statuses colour both sides."""

    change: Change
    before: list[Piece]
    after: list[Piece]
    was: str
    now: str
    shown: list[Shown]


def comparison_page(comparison: Comparison, kept: tuple[Kept, Kept] = (Kept("old.jsonl"), Kept("new.jsonl"))) -> bytes:
    """Return the comparison as a page in UTF-8; it loads nothing, like the report. `kept` says where both runs are."""
    old, new = comparison.old, comparison.new
    return page(
        "comparison.html",
        styles=STYLES,
        scripts=SCRIPTS,
        headline=comparison.headline(),
        rule_status=RuleStatus.FAIL if comparison.broke else RuleStatus.PASS,
        sections={
            title: [_view(change, old, new, kept if title in _SHOWN else None) for change in changes]
            for title, changes in sections(comparison).items()
        },
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


def _view(change: Change, old: Run, new: Run, kept: tuple[Kept, Kept] | None) -> ChangeView:
    before, after = difference(change.before, change.after)
    was, now = (_outcome(run, change.rule.id) for run in (old, new))
    both = zip(("Before", "Now"), (old, new), kept, strict=True) if kept else ()
    shown = [_shown(name, run, change.rule.id, where) for name, run, where in both]
    return ChangeView(change, before, after, was, now, shown)


def _shown(name: str, run: Run, rule_id: str, kept: Kept) -> Shown:
    report = f"{kept.report}#rule={quote(rule_id)}" if kept.report else None
    number = exchange_of(run, rule_id)
    if number is None:
        return Shown(name, report)
    exchange = run.exchanges[number]
    failure = next((each for each in run.verdicts[rule_id].failures if each.exchange == number), None)
    request, response = (failure.request, failure.response) if failure else (exchange.request, exchange.response)
    place = Place(run.header.target, run.header.credentials, kept.record)
    return Shown(
        name=name,
        report=report,
        number=number,
        status=response.status if response else None,
        request_lines=None if request.body is None else body_lines(request.body, failure.offending_fields if failure else ()),
        response_lines=body_lines(response.body, ()) if response else None,
        snippets=place.snippets(request, rule=rule_id, exchange=number),
    )


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
