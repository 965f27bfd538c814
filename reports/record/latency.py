"""Latency: percentiles and a timeline in memory that does not grow with the exchanges."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil, log

# Neighbouring buckets differ by 2 %, so a percentile is within 1 % of the true one.
_STEP = log(1.02)
_FLOOR = 1e-6
_MOST_BINS = 60
_FIRST_WIDTH = 0.05


@dataclass(frozen=True, slots=True)
class Latency:
    """A distribution of seconds: `buckets` maps a logarithmic bucket to the number of responses in it."""

    buckets: dict[int, int]
    count: int
    total: float
    longest: float

    @property
    def mean(self) -> float:
        """Return the mean in seconds, 0 without responses."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, share: float) -> float:
        """Return the seconds within which `share` (0 to 1) of all responses came; 0 without responses."""
        rank, seen = max(1, ceil(share * self.count)), 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= rank:
                return min(_middle(bucket), self.longest)
        return 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The responses to requests that started within one slice of the run."""

    start: float
    width: float
    latency: Latency


@dataclass(slots=True)
class LatencyFold:
    """The state of collecting seconds one by one into a Latency."""

    buckets: Counter[int] = field(default_factory=Counter)
    total: float = 0.0
    longest: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one response time in seconds."""
        self.buckets[int(log(max(seconds, _FLOOR)) // _STEP)] += 1
        self.total += seconds
        self.longest = max(self.longest, seconds)

    def join(self, other: LatencyFold) -> None:
        """Add the counts of another fold."""
        self.buckets.update(other.buckets)
        self.total += other.total
        self.longest = max(self.longest, other.longest)

    def value(self) -> Latency:
        """Return the distribution so far."""
        return Latency(dict(self.buckets), self.buckets.total(), self.total, self.longest)


@dataclass(slots=True)
class TimelineFold:
    """The state of sorting responses into slices of the run; pairs of slices merge when there are too many."""

    width: float = _FIRST_WIDTH
    origin: float | None = None
    bins: dict[int, LatencyFold] = field(default_factory=dict)

    def add(self, at: float, seconds: float) -> None:
        """Count a response that took `seconds`, `at` seconds after the start."""
        if self.origin is None:
            self.origin = at
        elapsed = max(0.0, at - self.origin)
        while elapsed / self.width >= _MOST_BINS:
            self._halve()
        self.bins.setdefault(int(elapsed / self.width), LatencyFold()).add(seconds)

    def _halve(self) -> None:
        self.width *= 2
        joined: dict[int, LatencyFold] = {}
        for index, fold in self.bins.items():
            joined.setdefault(index // 2, LatencyFold()).join(fold)
        self.bins = joined

    def value(self) -> list[Bin]:
        """Return the slices in order of time."""
        return [Bin(index * self.width, self.width, self.bins[index].value()) for index in sorted(self.bins)]


def _middle(bucket: int) -> float:
    """Return the geometric middle of a bucket in seconds."""
    return float(2.718281828459045 ** ((bucket + 0.5) * _STEP))
