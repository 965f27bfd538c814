"""The difference between two catalogues: rules added, removed, narrowed, widened, and defaults that changed.

A change breaks callers where a request that was valid may be refused or mean something else. It breaks readers where a response
may hold what it could not hold before:

    request   maximum 10 -> 5     narrower   breaks callers
    response  enum [a] -> [a, b]  wider      breaks readers
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reports.difference.directions import Direction, direction
from reports.record.entries import FieldEntry, RuleEntry


class Kind(StrEnum):
    """The kind of a change."""

    ADDED = "added"
    REMOVED = "removed"
    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"


class Breaks(StrEnum):
    """Those for whom a change may break what worked."""

    CALLERS = "callers"
    READERS = "readers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A description as rules and fields; of a query parameter the side is `query`.

    `facts` are sentences about the operation itself by name: status, path, credentials.
    """

    name: str
    rules: Mapping[str, RuleEntry]
    fields: frozenset[tuple[str, str]]
    facts: Mapping[str, str]

    @classmethod
    def of(
        cls, name: str, rules: Iterable[RuleEntry], fields: Iterable[FieldEntry], facts: Mapping[str, str] | None = None
    ) -> Description:
        """Return a description from the entries of a record."""
        by_id = {each.id: each for each in rules}
        places = {(each.side, each.place) for each in fields}
        places |= {("query", each.place) for each in by_id.values() if each.area == "query" and each.keyword}
        return cls(name=name, rules=by_id, fields=frozenset(places), facts=facts or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionChange:
    """One change: `subject` is the id of a rule, a member (`body.a.b`) or a fact; `rules` are the ids that it concerns.

    `old` and `new` are sentences, empty where there is none.
    """

    kind: Kind
    subject: str
    old: str
    new: str
    breaks: frozenset[Breaks]
    rules: tuple[str, ...] = ()


def differences(old: Description, new: Description) -> list[DescriptionChange]:
    """Return the changes from one description to another: those of the operation, of members, then of single rules."""
    moved = list(_members(old, new))
    reported = {rule for each in moved for rule in each.rules}
    return [*_facts(old, new), *moved, *(each for each in _rules(old, new) if each.subject not in reported)]


def change_about(rule: str, changes: Iterable[DescriptionChange]) -> DescriptionChange | None:
    """Return the change that concerns a rule; None where the rule is the same in both descriptions."""
    return next((each for each in changes if rule in (each.subject, *each.rules)), None)


def _facts(old: Description, new: Description) -> Iterator[DescriptionChange]:
    if not old.facts or not new.facts:  # a record from before they were kept
        return
    for name in dict.fromkeys((*old.facts, *new.facts)):
        before, after = old.facts.get(name, ""), new.facts.get(name, "")
        if before != after:
            kind = Kind.CHANGED if before and after else Kind.ADDED if after else Kind.REMOVED
            yield DescriptionChange(kind=kind, subject=name, old=before, new=after, breaks=_of_fact(name, kind))


def _of_fact(name: str, kind: Kind) -> frozenset[Breaks]:
    if name in _OF_CALLERS:
        return frozenset() if kind is Kind.REMOVED else frozenset({Breaks.CALLERS})
    return frozenset() if kind is Kind.ADDED else frozenset({Breaks.CALLERS, Breaks.READERS})


_OF_CALLERS = frozenset({"required query parameters", "media type of requests", "credentials"})


def _members(old: Description, new: Description) -> Iterator[DescriptionChange]:
    """Yield members that came or went, the outermost only, with all rules about them and what is in them."""
    for kind, here, there in ((Kind.REMOVED, old, new), (Kind.ADDED, new, old)):
        found: list[str] = []
        for side, place in sorted(here.fields - there.fields):
            subject = f"{side}.{place}"
            if any(subject.startswith(f"{each}.") for each in found):
                continue
            found.append(subject)
            rules = tuple(each for each in here.rules if each.startswith(f"{subject}.") and each not in there.rules)
            is_required = f"{subject}.required" in here.rules
            yield DescriptionChange(
                kind=kind,
                subject=subject,
                old=_member(here, subject) if kind is Kind.REMOVED else "",
                new=_member(here, subject) if kind is Kind.ADDED else "",
                breaks=_of_member(kind, side, is_required=is_required),
                rules=rules,
            )


def _member(here: Description, subject: str) -> str:
    rule = here.rules.get(f"{subject}.type")
    return rule.requirement if rule is not None else subject.partition(".")[2]


def _of_member(kind: Kind, side: str, *, is_required: bool) -> frozenset[Breaks]:
    if kind is Kind.REMOVED:
        return frozenset({Breaks.READERS if side == "response" else Breaks.CALLERS})
    return frozenset({Breaks.CALLERS}) if side == "body" and is_required else frozenset()


def _rules(old: Description, new: Description) -> Iterator[DescriptionChange]:
    for rule in dict.fromkeys((*old.rules, *new.rules)):
        before, after = old.rules.get(rule), new.rules.get(rule)
        if before is None and after is not None:
            yield _one_sided(Kind.ADDED, after)
        elif after is None and before is not None:
            yield _one_sided(Kind.REMOVED, before)
        elif before is not None and after is not None:
            yield from _changed(before, after)


def _one_sided(kind: Kind, rule: RuleEntry) -> DescriptionChange:
    way = Direction.NARROWER if kind is Kind.ADDED else Direction.WIDER
    old, new = (rule.requirement, "") if kind is Kind.REMOVED else ("", rule.requirement)
    return DescriptionChange(kind=kind, subject=rule.id, old=old, new=new, breaks=_breaks(rule, way), rules=(rule.id,))


def _changed(old: RuleEntry, new: RuleEntry) -> Iterator[DescriptionChange]:
    if old.keyword != new.keyword or not new.keyword:  # no keyword states it, or a record from before keywords were kept
        way = Direction.SAME if old.requirement == new.requirement else Direction.OTHER
    else:
        way = direction(new.keyword, old.value, new.value)
    if way is not Direction.SAME:
        kind = {Direction.NARROWER: Kind.NARROWED, Direction.WIDER: Kind.WIDENED}.get(way, Kind.CHANGED)
        breaks = _breaks(new, way)
        yield DescriptionChange(
            kind=kind, subject=new.id, old=old.requirement, new=new.requirement, breaks=breaks, rules=(new.id,)
        )


def _breaks(rule: RuleEntry, way: Direction) -> frozenset[Breaks]:
    """Return for whom a rule of a request or response breaks what worked if it admits fewer or more now."""
    side = _SIDES.get(rule.id.partition(".")[0])
    if rule.keyword == "default":
        # Whoever leaves a member out gets something else than before, unless the default was only put into words.
        return frozenset() if way is Direction.NARROWER else frozenset({Breaks.CALLERS})
    if rule.id.endswith(".echo"):
        return frozenset({Breaks.READERS}) if way is Direction.WIDER else frozenset()
    breaking = {Breaks.CALLERS: Direction.NARROWER, Breaks.READERS: Direction.WIDER}
    return frozenset({side}) if side is not None and way in (breaking[side], Direction.OTHER) else frozenset()


_SIDES: Mapping[str, Breaks] = {"body": Breaks.CALLERS, "query": Breaks.CALLERS, "response": Breaks.READERS}


def as_json(changes: Iterable[DescriptionChange]) -> list[dict[str, Any]]:
    """Return changes as JSON."""
    return [
        {
            "kind": str(each.kind),
            "subject": each.subject,
            "old": each.old or None,
            "new": each.new or None,
            "breaks": sorted(map(str, each.breaks)),
            "rules": list(each.rules),
        }
        for each in changes
    ]
