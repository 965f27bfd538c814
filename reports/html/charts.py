"""Small charts as numbers and paths that the templates put into inline SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

from reports.quantities import duration
from reports.record.latency import Bin, Latency
from reports.record.recorded_run import Run


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, in pixels, with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Latency over the run: a zone from the median to p95, a line at the median, a dot at the longest."""

    width: int
    height: int
    zone: str
    middle: str
    longest: list[tuple[float, float]]
    across: list[Tick]
    up: list[Tick]


@dataclass(frozen=True, slots=True)
class Whisker:
    """Latency of one status: a line from p5 to p95, a box over the middle half, a dot at the median."""

    status: str
    count: int
    top: float
    low: float
    left: float
    middle: float
    right: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Whiskers:
    """The latency of all status codes on one axis, in pixels."""

    width: int
    height: int
    left: int
    rows: list[Whisker]
    across: list[Tick]


_TIMELINE = (640, 190)
_LEFT, _BOTTOM, _TOP = 46, 22, 8
_WHISKERS_WIDTH, _ROW, _LABEL = 420, 34, 96


def timeline(run: Run) -> Timeline | None:
    """Return the latency over the run; None where there are too few responses for a line."""
    bins = run.traffic.timeline
    if len(bins) < 2:
        return None
    width, height = _TIMELINE
    span = bins[-1].start + bins[-1].width
    # One slow response would flatten all others; the dots of such are drawn at the upper edge.
    top = max(each.latency.percentile(0.95) for each in bins) * 1.12 or 1.0
    across, up = width - _LEFT, height - _BOTTOM - _TOP

    def x(each: Bin) -> float:
        return round(_LEFT + (each.start + each.width / 2) / span * across, 1)

    def y(seconds: float) -> float:
        return round(_TOP + up * (1 - min(seconds / top, 1.0)), 1)

    medians = [(x(each), y(each.latency.percentile(0.5))) for each in bins]
    most = [(x(each), y(each.latency.percentile(0.95))) for each in bins]
    return Timeline(
        width=width,
        height=height,
        zone=_path([*medians, *reversed(most)]) + "Z",
        middle=_path(medians),
        longest=[(x(each), y(each.latency.longest)) for each in bins],
        across=[Tick(_LEFT + value / span * across, duration(value)) for value in _steps(span)],
        up=[Tick(y(value), duration(value)) for value in _steps(top)],
    )


def whiskers(run: Run) -> Whiskers:
    """Return the latency of each status code that was received."""
    statuses = [each for each in run.traffic.by_status.items() if each[0] != "none"]
    top = max((latency.percentile(0.95) for _, latency in statuses), default=1.0) * 1.05 or 1.0
    across = _WHISKERS_WIDTH - _LABEL - 8

    def x(seconds: float) -> float:
        return round(_LABEL + min(seconds / top, 1.0) * across, 1)

    rows = [
        Whisker(status, latency.count, index * _ROW + _ROW / 2, *_quantiles(latency, x), _spread(latency))
        for index, (status, latency) in enumerate(statuses)
    ]
    return Whiskers(
        width=_WHISKERS_WIDTH,
        height=len(rows) * _ROW + 24,
        left=_LABEL,
        rows=rows,
        across=[Tick(x(value), duration(value)) for value in _steps(top, 3)],
    )


def strip_paths(strip: Sequence[str | None], cell: int, height: int) -> list[tuple[str, str]]:
    """Return a strip of nights as (status, path) pairs, one path for all nights of a status."""
    paths: dict[str, list[str]] = {}
    for at, rule_status in enumerate(strip):
        path = f"M{at * cell} 0h{cell - 1}v{height}h-{cell - 1}z"
        paths.setdefault(rule_status or "", []).append(path)
    return [(rule_status, "".join(parts)) for rule_status, parts in paths.items()]


def _quantiles(latency: Latency, x: Callable[[float], float]) -> tuple[float, float, float, float, float]:
    low, left, middle, right, high = (x(latency.percentile(share)) for share in (0.05, 0.25, 0.5, 0.75, 0.95))
    return low, left, middle, right, high


def _spread(latency: Latency) -> str:
    return f"median {duration(latency.percentile(0.5))}, 95 % within {duration(latency.percentile(0.95))}"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _steps(top: float, wanted: int = 4) -> list[float]:
    """Return round numbers from 0 to at most `top`."""
    rough = top / wanted
    size = 10.0 ** floor(log10(rough))
    step = next((size * factor for factor in (1, 2, 5, 10) if size * factor >= rough), size * 10)
    return [index * step for index in range(int(top / step) + 1)]
