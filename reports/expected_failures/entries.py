"""Known deviations: failures that a team has looked at and expects, each with a reason and an end."""

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

    An `intermittent` deviation may pass on some nights without being stale.
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
        return self.rule or self.rules or ""

    def names(self, rule_id: str) -> bool:
        """Whether this entry is about a rule. An id may hold `*` itself, so an id is never read as a glob."""
        if self.rule is not None:
            return self.rule == rule_id
        return self.rules is not None and fnmatchcase(rule_id, self.rules)


@dataclass(frozen=True, slots=True)
class ExpectedFailures:
    """The entries of a file, in its order; `path` is shown to people."""

    path: str = ""
    entries: tuple[Deviation, ...] = ()

    def at(self, target: str) -> tuple[Deviation, ...]:
        """The entries that are about a target."""
        return tuple(each for each in self.entries if fnmatchcase(target, each.target))


class EntryState(StrEnum):
    """What has become of an entry in one run; `stale` and `expired` turn the run red."""

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
        return self.state in {EntryState.STALE, EntryState.EXPIRED}


@dataclass(frozen=True, slots=True)
class Account:
    """The known deviations of a target, held against the outcomes of one run."""

    path: str = ""
    entries: tuple[Accounted, ...] = ()
    by_rule: Mapping[str, Accounted] = field(default_factory=dict)


def account(known: ExpectedFailures, target: str, outcomes: Mapping[str, Outcome], today: date) -> Account:
    """Holds each entry against the outcomes of the rules it names.

    Where several entries name a rule, one that has not expired comes before one that has, and one that names
    the rule by its id before a glob.
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
