"""Accounts with limits, and a server that deletes nothing."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.faults import methods, refused_deletion
from benchmarks.reliability.ledger import Limits
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.scope import BATCH, WHOLE, Scope
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How, options_of

_LIVE, _PER_MINUTE, _SCALE = 5, 30, 20.0
_HOW = How(deadline=300)
_FINISHES = Bounds(statuses=frozenset({0}), errors=0)


def _limited(limits: Limits) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        proxy = bed.proxy(seed)
        proxy.limits = limits
        has_option = limits.live is not None and "--max-live-calls" in options_of("run")
        extra = ["--max-live-calls", str(limits.live)] if has_option else []
        return bed.trial(proxy, concurrency, how=_HOW, extra=extra).seen(bed.quiet(seed, 8).verdicts)

    return go


def _undeletable(bed: Bed, seed: int, concurrency: int) -> Seen:
    proxy = bed.proxy(seed)
    proxy.plan = methods("DELETE", "refused deletion", refused_deletion)
    return bed.trial(proxy, concurrency, how=_HOW).seen(bed.quiet(seed, 8).verdicts)


def _scenario(name: str, limits: Limits, *, tiny: bool = False, scope: Scope = BATCH) -> Scenario:
    return Scenario(
        name=name,
        group="accounts",
        bounds=replace(_FINISHES, peak=limits.live),
        go=_limited(limits),
        seeds=(1,),
        concurrencies=(8,),
        tiny=tiny,
        scope=scope,
    )


SCENARIOS = (
    _scenario("at most 5 live calls, 429", Limits(live=_LIVE)),
    _scenario("at most 5 live calls, 429 without Retry-After", Limits(live=_LIVE, retry_after=False)),
    _scenario("at most 5 live calls, 402", Limits(live=_LIVE, status=402), tiny=True),
    _scenario("30 calls a minute, clock times 20", Limits(per_minute=_PER_MINUTE, scale=_SCALE)),
    _scenario("5 live, 30 a minute, clock times 20", Limits(live=_LIVE, per_minute=_PER_MINUTE, scale=_SCALE), scope=WHOLE),
    Scenario(
        name="DELETE refused",
        group="accounts",
        # A server may well be found to fail what is said of deletion; the run must stop creating all the same.
        bounds=Bounds(statuses=frozenset({1, 3}), may_fail=True, same_verdicts=False, left=None, created=24),
        go=_undeletable,
        seeds=(1,),
        concurrencies=(8,),
    ),
)
