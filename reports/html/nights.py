"""The trend: a column for each night, a strip for each rule that ever failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.quantities import day, plural
from reports.status import FAILS
from reports.trend.history import History, Night
from reports.trend.trends import Trend

_HEIGHT, _STEP = 120, 10  # of the columns and of a night, in units of the drawing
_WIDEST = 40  # pixels of a night on the screen; where many share it they are narrower
_STRIP, _LEAST_CELL, _MOST_CELL = 420, 4, 14  # pixels of a rule's strip, and of a night in it
# The verdict of a night, as the standing whose colour it takes.
_OUTCOMES = {"conforms": "PASS", "fails": "FAIL"}


@dataclass(frozen=True, slots=True)
class Column:
    """A night: the number of failed rules, and its outcome."""

    at: int
    width: int
    top: float
    height: float
    rule_status: str
    known: float
    title: str


@dataclass(frozen=True, slots=True)
class NightsChart:
    """The columns of all nights. The page stretches the drawing to its own width; `most` is the highest column.

    `widest` is the width in pixels beyond which the columns do not grow. `cell` is that of a night in a rule's strip.
    """

    width: int
    columns: list[Column]
    most: int
    widest: int
    cell: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A rule that failed on some night, or is flaky."""

    rule: str
    trend: Trend
    words: str


def nights_chart(history: History) -> NightsChart:
    """Return the chart of a history."""
    nights = history.nights
    most = max((_failed(night) for night in nights), default=0) or 1
    return NightsChart(
        width=_STEP * len(nights),
        columns=[_column(night, index, most) for index, night in enumerate(nights)],
        most=most,
        widest=_WIDEST * len(nights),
        cell=min(_MOST_CELL, max(_LEAST_CELL, _STRIP // max(len(nights), 1))),
        first=day(nights[0].started) if nights else "",
        last=day(nights[-1].started) if nights else "",
    )


def trend_rows(trends: Mapping[str, Trend]) -> list[TrendRow]:
    """Return rules that fail now, longest first, then the flaky ones, then the others."""
    reported = [TrendRow(rule, trend, _words(trend)) for rule, trend in trends.items() if trend.failed_nights]
    return sorted(reported, key=_weight)


def _weight(row: TrendRow) -> tuple[str, bool, int]:
    # A tilde sorts after any date: rules that hold again come last.
    return row.trend.since or "~", not row.trend.flaky, -row.trend.failed_nights


def _column(night: Night, index: int, most: int) -> Column:
    failed = _failed(night)
    height = max(_HEIGHT * failed / most, 2.0 if failed else 0.0)
    known = _HEIGHT * night.counts.get("KNOWN", 0) / most
    said = plural(failed, "rule") + (" fails" if failed == 1 else " fail") if failed else "no rule fails"
    return Column(
        at=index * _STEP + 1,
        width=_STEP - 2,
        top=round(_HEIGHT - height, 1),
        height=round(height, 1),
        rule_status=_OUTCOMES.get(night.outcome, "ERROR"),
        known=round(known, 1),
        title=f"{day(night.started)}: {said}, {plural(night.requests, 'request')}, {night.outcome}",
    )


def _failed(night: Night) -> int:
    return sum(rule_status in FAILS for rule_status in night.rule_statuses.values())


def _words(trend: Trend) -> str:
    nights = f"failed on {trend.failed_nights} of {plural(len(trend.strip), 'night')}"
    return f"fails since {day(trend.since)}, {nights}" if trend.since else f"holds now, {nights}"
