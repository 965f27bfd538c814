"""Signals: in the foreground and in the background, while requests are sent and while the suite plans."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from random import Random

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.scope import WHOLE
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_ENDS = Bounds(statuses=frozenset({3}), ending=6.0)  # five seconds, and one to end the process
_PLANNING = 1.5  # seconds after the start; with a cold cache nothing is sent by then
_BUSY, _PAUSE = 400, 0.7  # requests, and seconds without one behind them
_DRAWN = 240.0  # seconds after which a run is killed that never paused
_STUCK = 60.0  # seconds after which a run is killed that takes no notice


def _while_sending(number: signal.Signals, *, background: bool) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        whole = bed.quiet(seed, 8)
        moment = Random(f"{number.name}:{seed}:{concurrency}").randrange(whole.proxy.ledger.requests // 2)
        proxy = bed.proxy(seed)
        how = bed.at(proxy, number, moment, How(background=background, deadline=_STUCK))
        trial = bed.trial(proxy, concurrency, how=how)
        return _noted(trial.seen(whole.verdicts), f"at request {moment}")

    return go


def _while_planning(number: signal.Signals) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        how = How(number=number, after=lambda seconds: seconds > _PLANNING, background=True, deadline=_STUCK)
        trial = bed.trial(bed.proxy(seed), concurrency, how=how, extra=["--profile", "nightly"], home=bed.new_folder())
        return _noted(trial.seen(), f"after {_PLANNING} s")

    return go


def _while_drawing(bed: Bed, seed: int, concurrency: int) -> Seen:
    """Send a signal once nothing has arrived for a while: what draws bodies keeps the suite busy then."""
    proxy = bed.proxy(seed)

    def is_quiet(_seconds: float) -> bool:
        return proxy.ledger.requests > _BUSY and time.monotonic() - proxy.ledger.last > _PAUSE

    how = How(number=signal.SIGTERM, after=is_quiet, background=True, deadline=_DRAWN)
    trial = bed.trial(proxy, concurrency, how=how, extra=["--profile", "nightly"], home=bed.new_folder())
    return _noted(trial.seen(), f"at request {proxy.ledger.requests}")


def _noted(seen: Seen, moment: str) -> Seen:
    return replace(seen, note=", ".join(filter(None, (moment, seen.note))))


SCENARIOS = (
    *(
        Scenario(
            name=f"{number.name}, {'background' if background else 'foreground'}",
            group="interruptions",
            bounds=_ENDS,
            go=_while_sending(number, background=background),
            seeds=(1,),
            concurrencies=(8,),
            tiny=background and number is signal.SIGTERM,
        )
        for background in (False, True)
        for number in _SIGNALS
    ),
    *(
        Scenario(
            name=f"{number.name}, background, while planning",
            group="interruptions",
            # While modules are imported nothing is sent or created, and a signal ends the process as it ends any other.
            bounds=replace(_ENDS, statuses=frozenset({3, 128 + number}), reports=False),
            go=_while_planning(number),
            seeds=(1,),
            concurrencies=(8,),
            scope=WHOLE,
        )
        for number in _SIGNALS
    ),
    Scenario(
        name="SIGTERM, background, while drawing",
        group="interruptions",
        bounds=_ENDS,
        go=_while_drawing,
        seeds=(1,),
        concurrencies=(8,),
        scope=WHOLE,
    ),
)
