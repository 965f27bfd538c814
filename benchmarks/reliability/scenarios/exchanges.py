"""Faults in single exchanges: the network, a gateway, a rate limit, kept connections."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.faults import GATEWAY, REFUSALS, STALE, TRANSPORT, shared
from benchmarks.reliability.proxy import Fault
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.scope import WHOLE
from benchmarks.reliability.seen import Bounds, Seen

# A call about the member that holds the run tag has none, and may be lost.
_UNTAGGED = 8
_QUIET = Bounds(statuses=frozenset({0}), errors=0)
_IDLE = 0.2  # seconds that a kept connection lives; shorter than the suite plans with a cold cache


def _quiet(bed: Bed, seed: int, concurrency: int) -> Seen:
    return bed.quiet(seed, concurrency).seen(bed.quiet(seed, 8).verdicts)


def _faulty(faults: Mapping[str, Fault], share: float) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        proxy = bed.proxy(seed)
        proxy.plan = shared(faults, share)
        return bed.trial(proxy, concurrency).seen(bed.quiet(seed, 8).verdicts)

    return go


def _short_lived(bed: Bed, seed: int, concurrency: int) -> Seen:
    proxy = bed.proxy(seed)
    proxy.idle = _IDLE
    cold = bed.new_folder()
    return bed.trial(proxy, concurrency, home=cold).seen(bed.quiet(seed, 8).verdicts)


_FEW = (1, 2)
SCENARIOS = (
    Scenario(name="no fault", group="exchanges", bounds=_QUIET, go=_quiet, seeds=(1,), scope=WHOLE),
    Scenario(name="no fault, batch", group="exchanges", bounds=_QUIET, go=_quiet, seeds=_FEW, tiny=True),
    Scenario(
        name="5 % resets, delays, cut responses, all rules",
        group="exchanges",
        bounds=Bounds(errors=0.01, left=_UNTAGGED),
        go=_faulty(TRANSPORT, 0.05),
        seeds=(1,),
        concurrencies=(8,),
        scope=WHOLE,
    ),
    Scenario(
        name="20 % resets, delays, cut responses, all rules",
        group="exchanges",
        bounds=Bounds(left=_UNTAGGED),
        go=_faulty(TRANSPORT, 0.2),
        seeds=(1,),
        concurrencies=(8,),
        scope=WHOLE,
    ),
    Scenario(
        name="5 % resets, delays, cut responses",
        group="exchanges",
        bounds=Bounds(errors=0.01, left=_UNTAGGED),
        go=_faulty(TRANSPORT, 0.05),
        tiny=True,
    ),
    Scenario(
        name="20 % resets, delays, cut responses", group="exchanges", bounds=Bounds(left=_UNTAGGED), go=_faulty(TRANSPORT, 0.2)
    ),
    Scenario(name="20 % 429, 503, 402", group="exchanges", bounds=Bounds(), go=_faulty(REFUSALS, 0.2), seeds=_FEW),
    Scenario(
        name="20 % 408, 425, 502, 504", group="exchanges", bounds=Bounds(left=_UNTAGGED), go=_faulty(GATEWAY, 0.2), seeds=_FEW
    ),
    Scenario(
        name="20 % kept connections found closed",
        group="exchanges",
        bounds=Bounds(errors=0),
        go=_faulty(STALE, 0.2),
        seeds=_FEW,
        tiny=True,
    ),
    Scenario(
        name="kept connections of 0.2 s, cold cache", group="exchanges", bounds=Bounds(errors=0), go=_short_lived, seeds=(1,)
    ),
)
