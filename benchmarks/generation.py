"""Generation: bodies a second of ours and of other generators, how large and different they are, and what they reach."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.peers import body_of, jsonschema_bodies, schemathesis_cases
from benchmarks.size import Size
from benchmarks.timing import interleaved
from openapi.json_types import Json, Path
from openapi.schema.nodes import Node
from strategies.case import dumps
from strategies.fuzzing.body_strategies import BATCH, PLANNED_BATCH, Bodies
from strategies.negative.violations import is_hazard
from strategies.plan.plan import Plan
from strategies.values.leniency import is_implementation_defined
from strategies.values.sampling import take

_CHOICES = (5, 20, 60)
OURS, OURS_INVALID = "ours, valid", "ours, invalid"
SCHEMATHESIS, SCHEMATHESIS_INVALID = "Schemathesis, valid", "Schemathesis, invalid"
JSONSCHEMA = "hypothesis-jsonschema, valid"


@dataclass
class Source:
    """A generator: a strategy, how to get bodies out of an example, `batch` of them; how many to draw, and what is drawn."""

    strategy: SearchStrategy[Json]
    bodies: Callable[[Json], list[Json]]
    count: int
    batch: int = 1
    drawn: list[Json] = field(default_factory=list)
    rounds: int = 0

    def rate(self) -> float:
        """Draw once more, other bodies each time; bodies a second."""
        self.rounds += 1
        begun = time.perf_counter()
        examples = take(self.strategy, -(-self.count // self.batch), seed=self.rounds)
        seconds = time.perf_counter() - begun
        found = [body for example in examples for body in self.bodies(example)][: self.count]
        self.drawn += found
        return len(found) / seconds


def measure(size: Size) -> Findings:
    """Draw from every generator in turns."""
    plan = Plan(catalogue(size.properties))
    bodies = Bodies(plan)
    begun = time.perf_counter()
    take(bodies.valid_batches(), 1)
    take(bodies.invalid_batches(), 1)
    compiled = time.perf_counter() - begun
    sources = {
        OURS: Source(bodies.valid_batches(), lambda batch: batch, size.bodies, BATCH),
        OURS_INVALID: Source(bodies.invalid_batches(), lambda batch: [each.body for each in batch], size.bodies, PLANNED_BATCH),
        SCHEMATHESIS: Source(schemathesis_cases(valid=True), lambda case: [body_of(case)], size.peer_bodies),
        SCHEMATHESIS_INVALID: Source(schemathesis_cases(valid=False), lambda case: [body_of(case)], size.peer_bodies),
        JSONSCHEMA: Source(jsonschema_bodies(), lambda body: [body], size.peer_bodies),
    }
    for source in sources.values():
        take(source.strategy, 2)
    currency = {f"Hypothesis, {number} choices": partial(_examples, number, size.bodies) for number in _CHOICES}
    rates = interleaved({**{name: source.rate for name, source in sources.items()}, **currency}, size.rounds)
    reach = _Reach(plan, list(chain.from_iterable(take(bodies.valid_batches(), min(size.bodies, 500) // BATCH))))
    table = Table(
        "Generators",
        ("generator", "bodies/s", "mean bytes", "distinct %", "valid %"),
        (
            *(_pack(name, rates[name], source, plan) for name, source in sources.items()),
            *((name, rates[name], "", "", "") for name in currency),
        ),
    )
    notes = (
        f"Compiling our strategies, once, plan included: {compiled:.2g} s.",
        "hypothesis-jsonschema is given the schema without the overlay: with its rules it is slower still.",
        *reach.notes(),
    )
    return Findings((table,), (*_ratios(rates, sources), *reach.ratios()), notes)


def _examples(choices: int, count: int) -> float:
    """Examples a second of so many choices: the limit of whatever is drawn by Hypothesis."""
    strategy = st.tuples(*[st.integers(0, 1000)] * choices)
    begun = time.perf_counter()
    found = len(take(strategy, count))
    return found / (time.perf_counter() - begun)


def _pack(name: str, rate: float, source: Source, plan: Plan) -> tuple[str | float, ...]:
    valid = sum(isinstance(body, dict) and plan.oracle.is_valid(body) for body in source.drawn)
    return (name, rate, _mean_size(source), 100 * _distinct(source), 100 * valid / len(source.drawn))


def _mean_size(source: Source) -> float:
    return sum(len(json.dumps(body)) for body in source.drawn) / len(source.drawn)


def _distinct(source: Source) -> float:
    """Return the share of different bodies in each draw; that draws of other seeds have some in common is no fault."""
    draws = [source.drawn[start : start + source.count] for start in range(0, len(source.drawn), source.count)]
    return sum(len({json.dumps(body, sort_keys=True) for body in draw}) for draw in draws) / len(source.drawn)


def _ratios(rates: dict[str, float], sources: dict[str, Source]) -> Iterator[Ratio]:
    best = max((SCHEMATHESIS, JSONSCHEMA), key=rates.__getitem__)
    yield Ratio(what=f"{OURS} / {best}, the faster of the two", value=rates[OURS] / rates[best], at_least=12)
    invalid = rates[OURS_INVALID] / rates[SCHEMATHESIS_INVALID]
    yield Ratio(what=f"{OURS_INVALID} / {SCHEMATHESIS_INVALID}", value=invalid, at_least=12)
    for own, others in ((OURS, (best, SCHEMATHESIS)), (OURS_INVALID, (SCHEMATHESIS_INVALID,))):
        for other in dict.fromkeys(others):
            size = _mean_size(sources[own]) / _mean_size(sources[other])
            yield Ratio(what=f"mean size, {own} / {other}", value=size, at_least=1)
        yield Ratio(what=f"share distinct, {own}", value=_distinct(sources[own]), at_least=0.99)
    for number in _CHOICES:
        limit = rates[f"Hypothesis, {number} choices"]
        yield Ratio(what=f"{OURS} / Hypothesis's own examples of {number} choices", value=rates[OURS] / limit)


class _Reach:
    """Which properties and enum members some bodies hold, of those that a server is bound to accept."""

    def __init__(self, plan: Plan, bodies: list[Json]) -> None:
        self.count = len(bodies)
        root = plan.oracle.root
        nodes = [node for node in root.walk() if node.place and node.place[-1] != "*" and not is_hazard(root, node)]
        self.properties = {node.path for node in nodes if node.get("x-known-values") != []}
        members = ((node, each) for node in root.walk() for each in _members(root, node))
        self.members = {(node.path, dumps(each)) for node, each in members if not is_implementation_defined(node, each)}
        self.seen: set[str] = set()
        self.values: set[tuple[str, bytes]] = set()
        for body in bodies:
            self._see(root, body, ())

    def _see(self, root: Node, value: Json, path: Path) -> None:
        node = root.at(path)
        if node is None:
            return
        self.seen.add(node.path)
        if isinstance(value, dict):
            for key, member in value.items():
                self._see(root, member, (*path, key))
        elif isinstance(value, list):
            for index, element in enumerate(value):
                self._see(root, element, (*path, index))
        else:
            self.values.add((node.path, dumps(value)))

    def ratios(self) -> Iterator[Ratio]:
        """Yield the shares that were reached."""
        reached = len(self.properties & self.seen) / len(self.properties)
        yield Ratio(what=f"share of properties reached in {self.count} bodies", value=reached, at_least=1)
        members = len(self.members & self.values) / max(len(self.members), 1)
        yield Ratio(what=f"share of enum members reached in {self.count} bodies", value=members, at_least=1)

    def notes(self) -> Iterator[str]:
        """Yield what was not reached."""
        yield "What a server may refuse without blame is not drawn but planned: it counts for no property or member to reach."
        missed = [*sorted(self.properties - self.seen), *sorted(f"{at} {value!r}" for at, value in self.members - self.values)]
        if missed:
            more = f" and {len(missed) - 12} more" if len(missed) > 12 else ""
            yield f"Not reached in {self.count} bodies: {', '.join(missed[:12])}{more}."


def _members(root: Node, node: Node) -> list[Json]:
    """Return the members of a field's enum that are sent at all; null is no value of a field."""
    members = node.get("enum") or []
    return [] if is_hazard(root, node) else [each for each in members if each is not None]
