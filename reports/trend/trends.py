"""Nights in a row: since when a rule fails, and whether it is flaky."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.status import FAILS, HOLDS
from reports.trend.history import Night

# A rule may break and be repaired, even twice in a quarter; one that breaks a third time comes and goes.
_FLAKY_BREAKS = 3


@dataclass(frozen=True, slots=True)
class Trend:
    """One rule over the nights: `strip` has a status per night, None where the rule was missing.

    `since` is the first night of the failure that lasts until now; None where the rule does not fail.
    """

    strip: tuple[str | None, ...]
    since: str | None
    flaky: bool
    failed_nights: int


def trends(nights: Sequence[Night], rules: Iterable[str]) -> dict[str, Trend]:
    """Return the trend of each rule."""
    return {rule_id: _trend(nights, rule_id) for rule_id in rules}


def _trend(nights: Sequence[Night], rule_id: str) -> Trend:
    strip = tuple(night.rule_statuses.get(rule_id) for night in nights)
    since = None
    for night, rule_status in zip(reversed(nights), reversed(strip), strict=True):
        if rule_status in HOLDS:
            break
        # A night on which the rule was not judged neither breaks nor begins a row of failures.
        since = night.started if rule_status in FAILS else since
    fails = [rule_status in FAILS for rule_status in strip if rule_status in FAILS | HOLDS]
    violates = sum(after and not before for before, after in pairwise(fails))
    return Trend(strip, since, violates >= _FLAKY_BREAKS, sum(fails))
