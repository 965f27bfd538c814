"""Shards: one run on several machines. Each judges its own rules, and all of them together judge each rule once.

Every machine makes the same plan, and from it the same division, so shards need not speak to each other. A negative case is
about one rule, so the shard of this rule sends it. A valid body bears on many rules: it is sent by each shard one of whose
rules it tries in a new way. A body that tries nothing new is sent by one shard, in turn.

    rules       a.minimum  a.maximum | b.pattern | state.read-back
    shards      1/2                  | 2/2       | 2/2
    {a: 1, b: "x"}    new for a and b      sent by both
    {a: 9, b: "x"}    new for a alone      sent by 1/2
    {a: 1, b: "x", c: true} of a pair      in turn

What depends on accepted bodies (created calls, keys, queries) stays with one shard. It sends all valid bodies that try anything
new: it has to know what the server refuses, as a run of one machine does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from conformance.profiles import Profile
from conformance.profiles.narrowing import REFUSED, Narrowing, phases_for
from strategies.case import Case
from strategies.plan.plan import Plan

Tried = Callable[[Case], set[tuple[str, str]]]
_OF_FIELDS = ("body", "response")
_ON_BODIES = ("auth", "query", "state")  # phases that build on accepted bodies
_CREATES = 2  # the cost of a body that is accepted, in requests: the object is deleted as well
_SLACK = 1.05  # how much more than its part of a run on one machine a shard may take before balance counts alone
_CHUNKS = 2  # at least so many of a field that takes more requests than a shard
# Requests for each rule, as measured, by the first part of its id; of rules of fields the plan says it.
_REQUESTS: Mapping[str, float] = {"auth": 10, "query": 7, "protocol": 7, "state": 3, "observed": 1.5}


@dataclass(frozen=True, slots=True)
class Shard:
    """The shard `index` of `total`, counted from 1."""

    index: int
    total: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Return the shard of a text such as `2/3`. ValueError where it is none."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if found is None:
            raise ValueError(f"{text!r} is no shard: give I/N, such as 2/3")
        index, total = int(found[1]), int(found[2])
        if not 1 <= index <= total:
            raise ValueError(f"there is no shard {index} of {total}: give 1/{total} to {total}/{total}")
        return cls(index, total)

    def part_of(self, number: int) -> int:
        """Return about how much of a number is this shard's, such as requests: what all shards repeat is left out."""
        return -(-number // self.total)

    def __str__(self) -> str:
        return f"{self.index}/{self.total}"


@dataclass
class Novelty:
    """The bodies seen so far, by what they try: `tried` gives it of a body, each with the rule."""

    tried: Tried
    _met: set[tuple[str, str]] = field(default_factory=set)

    def of(self, case: Case) -> frozenset[str]:
        """Return the rules that a body tries in a new way, and count it as seen."""
        fresh = self.tried(case) - self._met
        self._met |= fresh
        return frozenset(rule for rule, _ in fresh)


@dataclass
class Share:
    """The part of a run that one shard carries out: its `rules`, and the valid bodies that it needs or whose turn it is.

    `division` is a digest of the rules of all shards.
    """

    shard: Shard
    rules: frozenset[str]
    division: str
    novelty: Novelty
    _turns: int = 0

    def needs(self, case: Case) -> bool:
        """Return whether this shard sends a valid body. Each shard has to be asked about the same bodies in the same order."""
        fresh = self.novelty.of(case)
        if fresh:
            return self._builds_on_bodies or not self.rules.isdisjoint(fresh)
        self._turns += 1
        return self._turns % self.shard.total == self.shard.index % self.shard.total

    @property
    def _builds_on_bodies(self) -> bool:
        return any(map(_builds_on_bodies, self.rules))


def share_of(shard: Shard, plan: Plan, profile: Profile, narrowing: Narrowing) -> Share:
    """Return the share of a shard in a run on the rules of a narrowing."""
    tried = narrowing.tried_by
    division = divided(plan, profile, narrowing.rules, tried, shard.total)
    text = json.dumps([sorted(each) for each in division])
    return Share(shard, division[shard.index - 1], hashlib.sha256(text.encode()).hexdigest()[:16], Novelty(tried))


def divided(plan: Plan, profile: Profile, rules: Collection[str], tried: Tried, total: int) -> list[frozenset[str]]:
    """Return the rules of each of so many shards, with about the same cost.

    The largest unit goes first. Each goes where it adds least, as long as there is room; some shard sends its valid bodies
    anyway. Else it goes to the shard that has the least to do then.
    """
    costs = _Costs.of(plan, profile, tried)
    room = _SLACK * costs.of_unit(rules) / total
    shards: list[list[str]] = [[] for _ in range(total)]
    for unit in sorted(_units(plan, rules, costs, total), key=costs.of_unit, reverse=True):
        loads = [(costs.of_unit([*each, *unit]), costs.of_unit(each), each) for each in shards]
        fitting = [(after - before, after, each) for after, before, each in loads if after <= room]
        others = [(after, before, each) for after, before, each in loads]
        min(fitting or others, key=lambda each: each[:2])[2].extend(unit)
    if REFUSED in rules:  # any refusal of a documented violation shows it
        max(shards, key=lambda each: sum(costs.alone[rule] for rule in each if plan.catalogue.is_documented(rule))).append(
            REFUSED
        )
    return [frozenset(each) for each in shards]


@dataclass(frozen=True)
class _Costs:
    """The requests that rules take: `alone` those of one rule, `bodies` the numbers of the valid bodies that try it."""

    alone: Mapping[str, float]
    bodies: Mapping[str, frozenset[int]]
    every: frozenset[int]

    @classmethod
    def of(cls, plan: Plan, profile: Profile, tried: Tried) -> _Costs:
        """Return the costs of a plan."""
        alone: Counter[str] = Counter(case.rule for case in plan.rejects())
        bodies, novelty = defaultdict[str, set[int]](set), Novelty(tried)
        for number, case in enumerate(plan.accepts()):
            for rule in novelty.of(case):
                bodies[rule].add(number)
        others = {rule: _REQUESTS.get(rule.split(".", 1)[0], 0) for rule in plan.catalogue.rules}
        others["state.read-back"] = profile.repeats + profile.machine_steps
        others["schemathesis.positive_data_acceptance"] = 2 * profile.second_generator
        costs = {rule: alone[rule] + others[rule] for rule in plan.catalogue.rules}
        frozen = {rule: frozenset(numbers) for rule, numbers in bodies.items()}
        return cls(costs, frozen, frozenset().union(*frozen.values()))

    def of_unit(self, rules: Collection[str]) -> float:
        """Return the requests that some rules take together."""
        numbers = self.every if any(map(_builds_on_bodies, rules)) else self._bodies_of(rules)
        return sum(self.alone[rule] for rule in rules) + _CREATES * len(numbers)

    def _bodies_of(self, rules: Iterable[str]) -> frozenset[int]:
        return frozenset().union(*(self.bodies.get(rule, frozenset()) for rule in rules))


@cache
def _builds_on_bodies(rule: str) -> bool:
    return not (phases_for([rule]) or frozenset()).isdisjoint(_ON_BODIES)


def _units(plan: Plan, rules: Collection[str], costs: _Costs, total: int) -> Iterator[list[str]]:
    """Yield rules that stay together: those of one field of the top, of the state, or one rule.

    A field that takes more than a shard's part of all requests is divided; rules of one place stay together.
    """
    units = defaultdict[str, list[str]](list)
    for rule in plan.catalogue.rules:
        if rule in rules and rule != REFUSED:
            units[_unit_of(rule)].append(rule)
    most = costs.of_unit([rule for unit in units.values() for rule in unit]) / total / _CHUNKS
    for unit in units.values():
        yield from _chunks(unit, costs, most) if unit[0].startswith(_OF_FIELDS) else [unit]


def _unit_of(rule: str) -> str:
    front, _, rest = rule.partition(".")
    if front in _OF_FIELDS:
        return f"field {rest.split('.')[0]}"
    if "state" in (phases_for([rule]) or ()):
        return "state"
    return "schemathesis" if front == "schemathesis" else rule


def _chunks(rules: Iterable[str], costs: _Costs, most: float) -> Iterator[list[str]]:
    places = defaultdict[str, list[str]](list)
    for rule in rules:
        places[rule.partition(".")[2].rpartition(".")[0]].append(rule)
    chunk: list[str] = []
    for place in sorted(places):
        if chunk and costs.of_unit([*chunk, *places[place]]) > most:
            yield chunk
            chunk = []
        chunk = [*chunk, *places[place]]
    yield chunk
