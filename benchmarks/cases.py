"""Cases a second: ours planned and drawn, a bare loop that posts the same bodies, and Schemathesis, near and far."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cached_property, partial
from statistics import median

import httpx

from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.peers import schemathesis_rate
from benchmarks.serving import server
from benchmarks.sessions import Runner, shared_plan_of
from benchmarks.size import Size
from benchmarks.timing import in_rounds
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.target import Target
from conformance.phases import bodies
from conformance.phases import fuzzing as drawn
from conformance.profiles import PROFILES
from conformance.run import phases_of
from strategies.case import Case, Side

FIRST, LATER, DRAWN = "smoke, the first run ever", "smoke, its plan kept", "drawn (nightly), its plan kept"
WHOLE = "smoke with all its phases, its plan kept"
BARE = ("bare loop of our client", "bare loop of httpx")
PLANNED_BODIES, DRAWN_BODIES = "smoke's bodies", "drawn bodies"
_BODIES_OF = {FIRST: PLANNED_BODIES, LATER: PLANNED_BODIES, WHOLE: PLANNED_BODIES, DRAWN: DRAWN_BODIES}
COVERAGE, FUZZING = "Schemathesis, coverage", "Schemathesis, fuzzing"
_PLANNED_BOUND, _DRAWN_BOUND = 0.5, 0.3


Measure = tuple[str, int]  # what was done, and how many requests were in flight


@dataclass(frozen=True)
class Rates:
    """Cases a second at a latency, in each round."""

    latency: float
    rounds: dict[Measure, list[float]]

    @cached_property
    def found(self) -> dict[Measure, float]:
        """Return the median rates."""
        return {measure: median(rates) for measure, rates in self.rounds.items()}

    def best(self, *names: str) -> float:
        """Return the highest rate of any of these."""
        return max(rate for (name, _), rate in self.found.items() if name in names)

    def against(self, measure: Measure, others: Iterable[Measure]) -> float:
        """Return the ratio to the quickest of others:
        the median of the rounds, since what comes one after the other is equal.
        """
        quickest = max(others, key=self.found.__getitem__)
        return median(rate / other for rate, other in zip(self.rounds[measure], self.rounds[quickest], strict=True))


def measure(size: Size) -> Findings:
    """Everything at each latency, the emulator in a process of its own."""
    known = [_rates(size, latency) for latency in size.latencies]
    rows = [
        (f"{1000 * each.latency:.0f} ms", name, str(flying), rate)
        for each in known
        for (name, flying), rate in each.found.items()
    ]
    table = Table("Checked cases", ("latency", "what", "in flight", "cases/s"), tuple(rows))
    notes = (
        "A rate counts from the first request to the last, all that is generated and judged in between included.",
        "Runs are of the bodies alone, as the bare loops and Schemathesis are, but for one with all its phases.",
        "A run is held against the bare loops that post the same bodies, in each round; the median ratio is reported.",
        "The first run of all plans as it goes; later ones find the plan on disk, and read it before their first request.",
        f"Each run of Schemathesis is ended after {size.peer_seconds:.0f} s; its requests are counted by the server.",
    )
    return Findings((table,), tuple(ratio for each in known for ratio in _ratios(each)), notes)


def _rates(size: Size, latency: float) -> Rates:
    drawing = PROFILES["nightly"]
    if latency:  # what waits takes long
        drawing = replace(drawing, drawn=size.drawn, drawn_invalid=size.drawn_invalid)
    made = catalogue(size.properties)
    plan = partial(shared_plan_of, size.properties, most=size.most)
    first = Runner(made, PROFILES["smoke"], {"bodies": bodies.run}, most=size.most)
    runners: dict[str, Callable[[], Runner]] = {
        FIRST: lambda: first,
        LATER: lambda: replace(first, plan=plan(few=True)),
        # A run that is short draws from the plan that it has for the others.
        DRAWN: lambda: Runner(made, drawing, {"drawn": drawn.run}, plan=plan(few=size.most is not None)),
    }
    # What waits is not noisy.
    rounds = 1 if latency else 2 * size.rounds - 1
    flying = [max(size.concurrencies)] if latency else size.concurrencies
    if latency:  # a whole run waits more than it sends
        runners[WHOLE] = lambda: replace(first, plan=plan(few=True), phases=phases_of(PROFILES["smoke"]))
    with server("delayed", latency) as url:
        posted = {
            PLANNED_BODIES: _posted(url, first, max(size.concurrencies)),
            DRAWN_BODIES: _posted(url, runners[DRAWN](), max(size.concurrencies)),
        }
        measures: dict[Measure, Callable[[], float]] = {}
        for number in size.concurrencies:
            for kind, cases in posted.items():
                # A run and its bare loops come one after the other: the machine is not as quick in one minute as in another.
                for name, make in runners.items():
                    if _BODIES_OF[name] == kind and (name is DRAWN or number in flying):
                        measures[name, number] = partial(_rate, make, url, number)
                few = cases[: 60 * number] if latency else cases
                for name, loop in zip(BARE, (_bare, _bare_httpx), strict=True):
                    measures[f"{name}, {kind}", number] = partial(loop, url, few, number)
        found = in_rounds(measures, rounds)
        for workers in size.workers:
            for phase in size.peer_phases:
                rate = schemathesis_rate(url, phase, workers=workers, examples=size.peer_examples, seconds=size.peer_seconds)
                found[f"Schemathesis, {phase}", workers] = [rate]
    return Rates(latency, found)


def _posted(url: str, runner: Runner, concurrency: int) -> list[Case]:
    """Return the bodies of a run, ready to be sent."""
    seen: list[Exchange] = []
    runner.against(url, concurrency, seen.append)
    contents = [each.case.content for each in seen]
    return [Case(side=Side.PROBE, label="prepared", raw=content) for content in contents if content is not None]


def _rate(make: Callable[[], Runner], url: str, concurrency: int) -> float:
    """Exchanges a second of a run, from the first request to the last response."""
    begun = ended = 0.0
    count = 0

    def see(exchange: Exchange) -> None:
        nonlocal begun, ended, count
        ended = time.perf_counter()
        begun = begun or ended - exchange.seconds
        count += 1

    ending = make().against(url, concurrency, see)
    if ending.outcome != "conforms":
        raise RuntimeError(f"the emulator does not conform: {ending.reason or ending.outcome}")
    return count / (ended - begun)


def _bare(url: str, cases: list[Case], concurrency: int) -> float:
    """Return requests a second of our client, judging nothing."""
    return asyncio.run(_attempt_all(Client(Target(url=url, key=EMULATOR_KEY), catalogue().contract), cases, concurrency))


async def _attempt_all(client: Client, cases: list[Case], concurrency: int) -> float:
    async def work(each: Iterable[Case]) -> None:
        for case in each:
            await client.attempt(case, 0)

    await asyncio.gather(*(work([case]) for case in cases[:concurrency]))  # opens the connections
    waiting = iter(cases)
    begun = time.perf_counter()
    await asyncio.gather(*(work(waiting) for _ in range(concurrency)))
    seconds = time.perf_counter() - begun
    await client.aclose()
    return len(cases) / seconds


def _bare_httpx(url: str, cases: list[Case], concurrency: int) -> float:
    """Return requests a second of httpx in its quickest arrangement: a client of one connection for each in flight."""
    return asyncio.run(_post_all(url + catalogue().contract.path, cases, concurrency))


async def _post_all(url: str, cases: list[Case], concurrency: int) -> float:
    waiting = iter(cases)
    headers = {"x-api-key": EMULATOR_KEY, "content-type": "application/json"}
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    async with AsyncExitStack() as stack:
        made = [httpx.AsyncClient(headers=headers, limits=limits, trust_env=False) for _ in range(concurrency)]
        clients = [await stack.enter_async_context(each) for each in made]

        async def work(client: httpx.AsyncClient, each: Iterable[Case]) -> None:
            for case in each:
                await client.post(url, content=case.raw)

        await asyncio.gather(*(work(client, cases[:1]) for client in clients))  # opens the connections
        begun = time.perf_counter()
        await asyncio.gather(*(work(client, waiting) for client in clients))
        return len(cases) / (time.perf_counter() - begun)


def _ratios(rates: Rates) -> Iterator[Ratio]:
    at = f"at {1000 * rates.latency:.0f} ms"
    for name, flying in rates.found:
        if name in (FIRST, LATER, DRAWN):
            bare = [(f"{each}, {_BODIES_OF[name]}", flying) for each in BARE]
            bound = {LATER: _PLANNED_BOUND, DRAWN: _DRAWN_BOUND}.get(name) if not rates.latency else None
            value = rates.against((name, flying), bare)
            yield Ratio(what=f"{name} / the quicker bare loop, {flying} in flight, {at}", value=value, at_least=bound)
    peer = rates.best(COVERAGE, FUZZING)
    bound = 12 if rates.latency else None
    for name in (FIRST, LATER, WHOLE) if rates.latency else (FIRST, LATER):
        yield Ratio(what=f"{name} / Schemathesis at its best, {at}", value=rates.best(name) / peer, at_least=bound)
    bound = 12 if rates.latency else 10
    yield Ratio(what=f"{DRAWN} / {FUZZING}, {at}", value=rates.best(DRAWN) / rates.best(FUZZING), at_least=bound)
