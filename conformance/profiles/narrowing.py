"""Narrow runs: with few selected rules, what is sent is what they need.

A case that aims at a selected rule is sent, as long as it tries something new. Some valid bodies bear on a rule only by what
they hold (echo, defaults, responses): the first ones are enough. Other cases say nothing about the selection.

    --select 'body.size.maximum'
        {"size": 1}, {"size": 0.5}    aim at it, each at another value      sent
        {"size": 0, "kind": "m"}      holds the member, aims elsewhere      sent while few have done so
        {"note": "..."}               has nothing to do with it             left out
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from openapi.catalogue import Catalogue
from openapi.schema.instances import places
from strategies.case import Case, Side

MOST_RULES = 60  # with more selected rules, nearly everything is needed
_MOST_AIMED, _MOST_HELD = 3, 1  # valid bodies for each rule
_MOST_REJECTED, _MOST_REFUSED = 6, 3  # negative cases for each rule, the likeliest first; and for that of being refused
REFUSED = "status.refused"
MOST_OTHERS = 10  # requests of any other kind for each rule
_POSITIVE = (Side.ACCEPTS, Side.MAY)
# The phases that verify rules, by the id or its first part; rules of other kinds are verified by all of them.
_PHASES: Mapping[str, tuple[str, ...]] = {
    "body": ("bodies", "drawn", "third generator"),
    "response": ("bodies", "drawn", "third generator"),
    "status": ("bodies",),
    "auth": ("auth",),
    "auth.read": ("state",),
    "auth.delete": ("state",),
    "query": ("query",),
    "state": ("bodies", "state", "machine"),
    "protocol": ("protocol",),
    "observed": ("probes",),
    "observed.nested-zero": ("bodies",),
    "observed.parent-spelling": ("state",),
    "observed.read-spelling": ("state",),
    "schemathesis": ("second generator",),
    "robustness.responds": (),  # the baseline shows it, as any request does
    "robustness.repeatable": ("state",),
    "robustness.server-error": ("bodies",),
}


# The parts of the phase of state that verify a rule, by its id or the end of it; rules of other kinds need all of them.
# A descent is a call, one from it and one from that; it and an exclusion are parts of the parents that do for some rules.
ALL_PARTS = frozenset({"parents", "repeats", "unknown", "keys", "deletion", "times", "spellings"})
_STATE_PARTS: Mapping[str, str] = {
    "auth.read": "keys",
    "auth.delete": "keys",
    "state.read-unknown": "unknown",
    "state.own-times": "times",
    "state.parent-spelling": "spellings",
    "state.read-spelling": "spellings",
    "observed.parent-spelling": "spellings",
    "observed.read-spelling": "spellings",
    "state.delete": "deletion",
    "state.delete-isolated": "deletion",
    "state.parent-deleted": "deletion",
    "state.read-back": "descent",
    "state.isolated": "descent",
    "state.parent-unchanged": "descent",
    "state.parent-chain": "descent",
    "state.parent-exclusive": "exclusion",
    "state.own-values": "values",
    "robustness.repeatable": "repeats",
    "inherited": "parents",
    "overridden": "parents",
}
_UNIQUE = "state.unique-"  # these show in the calls of the baseline


def state_parts(rules: Iterable[str]) -> frozenset[str]:
    """Return the parts of the phase of state that verify rules."""
    found = [_part_of(rule) for rule in rules]
    return ALL_PARTS if None in found else frozenset(part for part in found if part)


def _part_of(rule: str) -> str | None:
    if rule.startswith(_UNIQUE):
        return ""
    return _STATE_PARTS.get(rule, _STATE_PARTS.get(rule.rpartition(".")[2]))


def phases_for(rules: Iterable[str]) -> frozenset[str] | None:
    """Return the phases that verify rules; None for all of them."""
    found = [_PHASES.get(rule, _PHASES.get(rule.split(".", 1)[0])) for rule in rules]
    return None if None in found else frozenset(name for names in found for name in names or ())


@dataclass
class Narrowing:
    """Decides which cases the selected rules need. `held_by` gives the rules that a body verifies by what it holds.

    Where it is sparing, few cases decide each rule; else whatever a whole run would find of the rules is found.
    """

    catalogue: Catalogue
    rules: frozenset[str]
    held_by: Callable[[Case], set[str]]
    exercised_by: Callable[[Case], Mapping[str, bool]] = lambda _case: {}
    is_sparing: bool = True
    _aimed: dict[str, set[str]] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)
    _positive: Counter[str] = field(default_factory=Counter)
    _rejected: Counter[str] = field(default_factory=Counter)

    @property
    def is_narrow(self) -> bool:
        """Return whether so few rules are selected that their needs are counted."""
        return len(self.rules) <= MOST_RULES and phases_for(self.rules) is not None

    @property
    def parts(self) -> frozenset[str]:
        """Return the parts of the phase of state that are needed."""
        if not self.is_narrow:
            return ALL_PARTS
        found = state_parts(rule for rule in self.rules if "state" in (phases_for([rule]) or ()))
        return found if self.is_sparing or found <= ALL_PARTS else ALL_PARTS

    @property
    def is_partial(self) -> bool:
        """Return whether some parts of the phase of state are not needed."""
        return not self.parts >= ALL_PARTS

    def tried_by(self, case: Case) -> set[tuple[str, str]]:
        """Return what a valid body tries, each with the rule: the values that it aims at, and the rules that it bears on.

        Values that a server may refuse decide nothing, so one of each rule is as much as another.
        """
        aims = {(aim.rule, aim.label) for aim in case.aims} | ({(case.rule, case.label)} if case.rule else set())
        found = {(rule, "") for rule in self._by_contents(case)} | {(rule, "") for rule, _ in aims}
        return found if case.side is Side.MAY else found | aims

    def needs(self, case: Case) -> bool:
        """Return whether a valid body is needed; it counts as sent if it is."""
        aims = [(aim.rule, aim.label) for aim in case.aims if aim.rule in self.rules]
        aims += [(case.rule, case.label)] if case.rule in self.rules else []
        aims = [(rule, label) for rule, label in aims if not self.is_sparing or self._positive[rule] < _MOST_AIMED]
        fresh = [(rule, label) for rule, label in aims if label not in self._seen(rule)]
        held = [rule for rule in self._by_contents(case) if self._held[rule] < _MOST_HELD]
        if not fresh and not held:
            return False
        for rule, label in fresh:
            self._seen(rule).add(label)
        self._positive.update({rule for rule, _ in fresh}.union(held))
        self._held.update(self._by_contents(case))
        return True

    def needs_rejection(self, case: Case) -> bool:
        """Return whether a negative case is needed; it counts as sent if it is."""
        bounds = {rule: _MOST_REJECTED for rule in case.rules() if rule in self.rules}
        if REFUSED in self.rules and any(map(self.catalogue.is_documented, case.rules())):
            bounds[REFUSED] = _MOST_REFUSED
        if all(self._rejected[rule] >= most for rule, most in bounds.items()):
            return False
        self._rejected.update(bounds.keys())
        return True

    def _seen(self, rule: str) -> set[str]:
        return self._aimed.setdefault(rule, set())

    def _by_contents(self, case: Case) -> set[str]:
        exercised = self.exercised_by(case)
        found = (self.held_by(case) | {rule for rule, is_exercised in exercised.items() if is_exercised}) & self.rules
        inside = set(places(case.body, self.catalogue.body))
        for rule in self.rules - exercised.keys():
            kind, _, rest = rule.partition(".")
            place = rest.rpartition(".")[0]
            if kind == "body" and place in inside:
                found.add(rule)
            if kind == "response" and (place in inside or place.split(".")[0] not in self.catalogue.body.properties):
                found.add(rule)
        return found


def spread(cases: Iterable[Case], most: int = MOST_OTHERS) -> list[Case]:
    """Return so many cases of each rule at the most, evenly chosen, the first and the last among them."""
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(case.rule, []).append(case)
    chosen: list[Case] = []
    for row in rows.values():
        places = range(len(row)) if len(row) <= most else [at * (len(row) - 1) // (most - 1) for at in range(most)]
        chosen += [row[at] for at in places]
    return chosen


def is_positive(case: Case) -> bool:
    """Return whether a case is a valid body, which bears on more rules than it aims at."""
    return case.side in _POSITIVE
