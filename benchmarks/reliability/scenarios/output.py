"""Output that cannot be written: a full disk, a full or closed standard output."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How

_SAID = b"conformance: "  # how a line on standard error begins that reports an unusable file
_REPORTS = Bounds(statuses=frozenset({2, 3}), reports=False)
_GOES_ON = Bounds(statuses=frozenset({0, 2}), reports=False)


def _limited(how: How, *, reports: bool) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        trial = bed.trial(bed.proxy(seed), concurrency, how=how)
        seen = trial.seen(bed.quiet(seed, 8).verdicts)
        is_reported = _SAID in trial.ended.output or not reports
        return seen if is_reported else replace(seen, absent=("nothing is said",))

    return go


def _scenario(name: str, bounds: Bounds, how: How, *, reports: bool, tiny: bool = False) -> Scenario:
    go = _limited(how, reports=reports)
    return Scenario(name=name, group="output", bounds=bounds, go=go, seeds=(1,), concurrencies=(8,), tiny=tiny)


SCENARIOS = (
    _scenario("disk full at once", _REPORTS, How(file_size=0), reports=True),
    _scenario("disk full after 0.3 MB", _REPORTS, How(file_size=300_000), reports=True, tiny=True),
    _scenario("disk full after 5 MB", _REPORTS, How(file_size=5_000_000), reports=True),
    _scenario("standard output full", _GOES_ON, How(stdout="/dev/full"), reports=True),
    _scenario("standard output closed", _GOES_ON, How(stdout="closed"), reports=False),
)
