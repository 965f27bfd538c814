"""Narrow runs: with few selected rules, what is sent is what they need.

A case that aims at a selected rule is sent, as long as it tries something new. Of the valid bodies that bear on a rule only by
what they hold (echo, defaults, responses), the first ones are enough. Other cases say nothing about the selection.

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

_MOST_RULES = 60  # with more selected rules, nearly everything is needed
_MOST_AIMED, _MOST_HELD = 3, 1  # valid bodies for each rule
_POSITIVE = (Side.ACCEPTS, Side.MAY)
# The phases that verify rules, by the id or its first part; rules of other kinds are verified by all of them.
_PHASES: Mapping[str, tuple[str, ...]] = {
    "body": ("bodies", "drawn"),
    "response": ("bodies", "drawn"),
    "status": ("bodies",),
    "auth": ("auth",),
    "auth.read": ("state",),
    "auth.delete": ("state",),
    "query": ("query",),
    "state": ("bodies", "state", "machine"),
    "protocol": ("protocol",),
    "observed": ("probes",),
    "schemathesis": ("second generator",),
}


# The parts of the phase of state that verify a rule, by its id or the end of it; rules of other kinds need all of them.
ALL_PARTS = frozenset({"parents", "repeats", "unknown", "keys", "deletion", "times"})
_STATE_PARTS: Mapping[str, str] = {
    "auth.read": "keys",
    "auth.delete": "keys",
    "state.read-unknown": "unknown",
    "state.own-times": "times",
    "state.delete": "deletion",
    "state.delete-isolated": "deletion",
    "state.parent-deleted": "deletion",
    "inherited": "parents",
    "overridden": "parents",
}


def state_parts(rules: Iterable[str]) -> frozenset[str]:
    """Return the parts of the phase of state that verify rules."""
    found = [_STATE_PARTS.get(rule) or _STATE_PARTS.get(rule.rpartition(".")[2]) for rule in rules]
    return ALL_PARTS if None in found else frozenset(part for part in found if part is not None)


def phases_for(rules: Iterable[str]) -> frozenset[str] | None:
    """Return the phases that verify rules; None for all of them."""
    found = [_PHASES.get(rule) or _PHASES.get(rule.split(".", 1)[0]) for rule in rules]
    return None if None in found else frozenset(name for names in found for name in names or ())


@dataclass
class Narrowing:
    """Decides which valid bodies the selected rules need. `held_by` gives the rules that a body verifies by what it holds."""

    catalogue: Catalogue
    rules: frozenset[str]
    held_by: Callable[[Case], set[str]]
    _aimed: dict[str, set[str]] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)

    @property
    def is_narrow(self) -> bool:
        """Return whether so few rules are selected that their needs are counted."""
        return len(self.rules) <= _MOST_RULES and phases_for(self.rules) is not None

    @property
    def parts(self) -> frozenset[str]:
        """Return the parts of the phase of state that are needed."""
        needing = [rule for rule in self.rules if "state" in (phases_for([rule]) or ("state",))]
        return state_parts(needing) if self.is_narrow else ALL_PARTS

    def needs(self, case: Case) -> bool:
        """Return whether a valid body is needed; it counts as sent if it is."""
        aims = [(aim.rule, aim.label) for aim in case.aims if aim.rule in self.rules]
        aims += [(case.rule, case.label)] if case.rule in self.rules else []
        fresh = [(rule, label) for rule, label in aims if label not in self._seen(rule) and len(self._seen(rule)) < _MOST_AIMED]
        held = [rule for rule in self._by_contents(case) if self._held[rule] < _MOST_HELD]
        if not fresh and not held:
            return False
        for rule, label in fresh:
            self._seen(rule).add(label)
        self._held.update(self._by_contents(case))
        return True

    def _seen(self, rule: str) -> set[str]:
        return self._aimed.setdefault(rule, set())

    def _by_contents(self, case: Case) -> set[str]:
        found = self.held_by(case) & self.rules
        inside = set(places(case.body, self.catalogue.body))
        for rule in self.rules:
            kind, _, rest = rule.partition(".")
            place = rest.rpartition(".")[0]
            if kind == "body" and place in inside:
                found.add(rule)
            if kind == "response" and (place in inside or place.split(".")[0] not in self.catalogue.body.properties):
                found.add(rule)
        return found


def is_positive(case: Case) -> bool:
    """Return whether a case is a valid body, which bears on more rules than it aims at."""
    return case.side in _POSITIVE
