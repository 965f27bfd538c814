"""Expected failures: a team looked at them; each has a reason and an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase

from reports.record.entries import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One entry. It names one `rule` by its id, or several `rules` by a glob; `target` is a glob of URLs.

    An `intermittent` entry may pass on some nights without being stale.
    """

    rule: str | None = None
    rules: str | None = None
    reason: str
    expires: date
    ticket: str = ""
    target: str = "*"
    intermittent: bool = False

    @property
    def name(self) -> str:
        """Return the id or the glob of the entry."""
        return self.rule or self.rules or ""

    def names(self, rule_id: str) -> bool:
        """Return whether this entry is about a rule. An id may hold `*` itself, so an id is never a glob."""
        if self.rule is not None:
            return self.rule == rule_id
        return self.rules is not None and fnmatchcase(rule_id, self.rules)


@dataclass(frozen=True, slots=True)
class ExpectedFailures:
    """The entries of a file, in its order; `path` is shown to people."""

    path: str = ""
    entries: tuple[Deviation, ...] = ()

    def at(self, target: str) -> tuple[Deviation, ...]:
        """Return the entries that are about a target."""
        return tuple(each for each in self.entries if fnmatchcase(target, each.target))


class EntryState(StrEnum):
    """The state of an entry after one run; `stale` and `expired` turn the run red."""

    HOLDS = "holds"
    STALE = "stale"
    EXPIRED = "expired"
    UNJUDGED = "unjudged"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Accounted:
    """An entry with its state and the rules of the run that it names, by outcome."""

    deviation: Deviation
    state: EntryState
    failing: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def red(self) -> bool:
        """Return whether the state of the entry turns the run red."""
        return self.state in {EntryState.STALE, EntryState.EXPIRED}


@dataclass(frozen=True, slots=True)
class Account:
    """The expected failures of a target, compared with the outcomes of one run."""

    path: str = ""
    entries: tuple[Accounted, ...] = ()
    by_rule: Mapping[str, Accounted] = field(default_factory=dict)


def account(known: ExpectedFailures, target: str, outcomes: Mapping[str, Outcome], today: date) -> Account:
    """Return the state of each entry, given the outcomes of the rules that it names.

    Several entries may name a rule. One that has not expired comes before one that has, and an id before a glob.
    """
    entries = tuple(_accounted(each, outcomes, today) for each in known.at(target))
    by_rule: dict[str, Accounted] = {}
    for entry in sorted(entries, key=_precedence):
        for rule_id in (*entry.failing, *entry.passing):
            by_rule.setdefault(rule_id, entry)
    return Account(known.path, entries, by_rule)


def _accounted(deviation: Deviation, outcomes: Mapping[str, Outcome], today: date) -> Accounted:
    named = [rule_id for rule_id in outcomes if deviation.names(rule_id)]
    failing = _having(named, outcomes, {Outcome.FAIL})
    passing = _having(named, outcomes, {Outcome.PASS})
    others = _having(named, outcomes, set(Outcome) - {Outcome.FAIL, Outcome.PASS})
    state = _state(deviation, today, bool(failing), bool(passing), bool(others))
    return Accounted(deviation, state, failing, passing, others)


def _state(deviation: Deviation, today: date, failing: bool, passing: bool, others: bool) -> EntryState:
    reasons = {
        EntryState.EXPIRED: deviation.expires < today,
        EntryState.HOLDS: failing or (passing and deviation.intermittent),
        EntryState.UNJUDGED: others,
        EntryState.STALE: passing,
    }
    return next((state for state, holds in reasons.items() if holds), EntryState.UNMATCHED)


def _precedence(entry: Accounted) -> tuple[bool, bool]:
    return entry.state is EntryState.EXPIRED, entry.deviation.rule is None


def _having(rules: Iterable[str], outcomes: Mapping[str, Outcome], wanted: set[Outcome]) -> tuple[str, ...]:
    return tuple(rule_id for rule_id in rules if outcomes[rule_id] in wanted)
