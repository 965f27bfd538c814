"""A change from one run to another: of a rule, or of the latency beyond what chance explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from reports.quantities import duration
from reports.record.entries import RuleEntry
from reports.record.latency import Latency
from reports.record.recorded_run import Run

# Two runs of one server differ by chance; below these nobody should be woken.
_LEAST_RESPONSES = 30
_LEAST_RATIO = 1.25
_LEAST_SECONDS = 0.002
_SIGMAS = 4.0


@dataclass(frozen=True, slots=True)
class Change:
    """A rule with another outcome or observed behaviour; `before` and `after` are in words."""

    rule: RuleEntry
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LatencyShift:
    """A percentile of the latency that moved beyond noise. `status` is `all`, or one status."""

    status: str
    percentile: str
    before: float
    after: float

    @property
    def slower(self) -> bool:
        """Return whether the later run was slower."""
        return self.after > self.before

    def __str__(self) -> str:
        word = "slower" if self.slower else "quicker"
        subject = "all responses" if self.status == "all" else f"responses with {self.status}"
        figures = f"{duration(self.before)} before and {duration(self.after)} now"
        return f"{subject}: {self.percentile} {word}, {figures}"


def latency_shifts(old: Run, new: Run) -> Iterator[LatencyShift]:
    """Yield the percentiles that moved beyond noise, of all responses and of each status code in both runs."""
    before, after = old.traffic, new.traffic
    pairs = {"all": (before.latency, after.latency)}
    shared = before.by_status.keys() & after.by_status.keys() - {"none"}
    pairs |= {status: (before.by_status[status], after.by_status[status]) for status in sorted(shared)}
    for status, (was, now) in pairs.items():
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            if _beyond_noise(was, now, share):
                yield LatencyShift(status, name, was.percentile(share), now.percentile(share))


def _beyond_noise(old: Latency, new: Latency, share: float) -> bool:
    """Return whether a percentile moved by more than its uncertainty in both runs, and by enough to matter."""
    if min(old.count, new.count) < _LEAST_RESPONSES:
        return False
    before, after = old.percentile(share), new.percentile(share)
    low, high = sorted((before, after))
    if high - low < _LEAST_SECONDS or high < low * _LEAST_RATIO:
        return False
    slack = _uncertainty(old, share) + _uncertainty(new, share)
    return high - low > slack


def _uncertainty(latency: Latency, share: float) -> float:
    """Return the possible error of a percentile: the distance between the ranks around it (binomial, 4 sigma)."""
    rank_error = _SIGMAS * sqrt(share * (1 - share) / latency.count)
    low, high = max(share - rank_error, 0.0), min(share + rank_error, 1.0)
    return (latency.percentile(high) - latency.percentile(low)) / 2
