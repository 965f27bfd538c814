"""Hostile responses in context ordinary ones, and nothing but hostile ones."""

from __future__ import annotations

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.faults import at_creations
from benchmarks.reliability.hostile import HOSTILE, MISPLACED, bomb
from benchmarks.reliability.proxy import Fault, Hop
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.scope import NARROW
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How

_EARLY, _EVERY = frozenset({2, 6, 7, 13}), 25  # narrow runs may send few requests
_TIMEOUT = 3  # seconds
_MEMORY = 300.0  # megabytes
_HOW = How(deadline=90)
_HOLDS = Bounds(statuses=frozenset({0}), errors=0, megabytes=_MEMORY)  # unusual, and nothing that a server may not send
_FAILS = Bounds(statuses=frozenset({1}), may_fail=True, same_verdicts=False, megabytes=_MEMORY)
_EXTRA = ["--timeout", str(_TIMEOUT)]


def _within(name: str) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        bomb()  # packing takes seconds, in which the proxy would respond to nobody
        proxy = bed.proxy(seed)
        proxy.plan = at_creations(_is_chosen, name, HOSTILE[name])
        trial = bed.trial(proxy, concurrency, how=_HOW, extra=_EXTRA)
        return trial.seen(bed.quiet(seed, 8).verdicts)

    return go


def _everywhere(name: str, fault: Fault) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        proxy = bed.proxy(seed)
        proxy.plan = at_creations(lambda _number: True, name, fault)
        return bed.trial(proxy, concurrency).seen(bed.quiet(seed, 8).verdicts)

    return go


def _everywhere_scenario(name: str, fault: Fault, bounds: Bounds) -> Scenario:
    go = _everywhere(name, fault)
    return Scenario(name=name, group="hostile", bounds=bounds, go=go, seeds=(1,), concurrencies=(8,))


def _is_chosen(number: int) -> bool:
    return number in _EARLY or number % _EVERY == 0


def _all(bed: Bed, seed: int, concurrency: int) -> Seen:
    bomb()
    names = list(HOSTILE)

    def plan(hop: Hop) -> tuple[str, Fault]:
        name = names[(hop.number - 1) % len(names)]
        return name, HOSTILE[name]

    proxy = bed.proxy(seed)
    proxy.plan = plan
    return bed.trial(proxy, concurrency, how=_HOW, extra=_EXTRA).seen()


SCENARIOS = (
    *(
        Scenario(
            name=name,
            group="hostile",
            bounds=Bounds(megabytes=_MEMORY, seconds=45),
            go=_within(name),
            seeds=(1,),
            concurrencies=(8,),
            scope=NARROW,
            tiny=name == "JSON nested 100,000 deep",
        )
        for name in HOSTILE
    ),
    *(_everywhere_scenario(f"{name}, in every response", HOSTILE[name], _HOLDS) for name in MISPLACED),
    *(_everywhere_scenario(f"{name}, for a string", fault, _FAILS) for name, fault in MISPLACED.items()),
    Scenario(
        name="all of them, nothing else",
        group="hostile",
        bounds=Bounds(statuses=frozenset({3}), left=None, megabytes=_MEMORY, seconds=90),  # deletions get no response either
        go=_all,
        seeds=(1,),
        concurrencies=(8,),
        scope=NARROW,
    ),
)
