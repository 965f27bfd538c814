"""The fold that turns the entries of a record into a Run without keeping the exchanges."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from reports.record.entries import (
    FORMAT,
    Beside,
    Entry,
    Exchange,
    FieldEntry,
    Footer,
    Header,
    Outcome,
    RequirementEntry,
    RuleEntry,
    Verdict,
    from_json,
)
from reports.record.exercised_values import ExercisedFold
from reports.record.latency import LatencyFold, TimelineFold
from reports.record.recorded_run import Run, Traffic

# How many exchanges a verdict may refer to, as the record's own documentation has it.
_EXCHANGES_A_RULE = 20
NO_RESPONSE = "none"
# Reasons of a rule on which a record has no verdict.
NOT_ABOUT, CUT_OFF = "the run was not about it", "the record ends before its verdict"


@dataclass(slots=True)
class TrafficFold:
    """Counts exchanges by status, phase and side, and how long they took."""

    count: int = 0
    first: float | None = None
    last: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)
    latency: LatencyFold = field(default_factory=LatencyFold)
    by_status: dict[str, LatencyFold] = field(default_factory=dict)
    timeline: TimelineFold = field(default_factory=TimelineFold)

    def add(self, exchange: Exchange) -> None:
        """Count one exchange."""
        status = str(exchange.response.status) if exchange.response else NO_RESPONSE
        self.count += 1
        self.first = exchange.at if self.first is None else min(self.first, exchange.at)
        self.last = max(self.last, exchange.at + exchange.seconds)
        self.statuses[status] += 1
        self.phases[exchange.phase] += 1
        self.sides[exchange.side] += 1
        self.by_status.setdefault(status, LatencyFold()).add(exchange.seconds)
        if exchange.response:
            self.latency.add(exchange.seconds)
            self.timeline.add(exchange.at, exchange.seconds)

    def value(self) -> Traffic:
        """Return the counts so far."""
        return Traffic(
            exchanges=self.count,
            seconds=self.last - (self.first or 0.0),
            statuses=dict(sorted(self.statuses.items())),
            phases=dict(self.phases),
            sides=dict(self.sides),
            latency=self.latency.value(),
            by_status={status: fold.value() for status, fold in sorted(self.by_status.items())},
            timeline=self.timeline.value(),
        )


class RunFold:
    """The state of reading a record in order; of an exchange it keeps only its place in the file."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self._rules: dict[str, RuleEntry] = {}
        self._fields: list[FieldEntry] = []
        self._requirements: list[RequirementEntry] = []
        self._verdicts: dict[str, Verdict] = {}
        self._footer: Footer | None = None
        self._traffic = TrafficFold()
        self._exercised = ExercisedFold()
        self._places: tuple[array[int], array[int]] = (array("Q"), array("Q"))
        self._notes: Counter[str] = Counter()
        self._other: RunFold | None = None
        if header.format > FORMAT:
            self.note(f"The record has format {header.format}, newer than this version's {FORMAT}.")

    def note(self, text: str) -> None:
        """Add a note about the record, once per distinct text."""
        self._notes[text] += 1

    def unknown(self, kind: str) -> None:
        """Note an entry of a kind that this version does not know."""
        self.note(f"Entries of an unknown kind were left out: {kind}.")

    def add(self, entry: Entry, offset: int) -> None:
        """Take an entry that starts at byte `offset` of the record."""
        match entry:
            case Exchange():
                self._exchange(entry, offset)
                if self._other is not None:
                    self._other.add(entry, offset)
            case Beside():
                self._beside(entry, offset)
            case Verdict():
                self._verdicts[entry.rule] = entry
            case RuleEntry():
                self._rules[entry.id] = entry
            case FieldEntry():
                self._fields.append(entry)
                self._exercised.expect(entry)
            case RequirementEntry():
                self._requirements.append(entry)
            case Footer():
                self._footer = entry
            case Header():
                self.note("The record holds a second header; its later parts may belong to another run.")

    def wanted(self) -> list[int]:
        """Return the byte offsets of the exchanges that verdicts refer to, each once, by exchange number."""
        other = () if self._other is None else self._other._verdicts.values()
        numbers = {number for verdict in (*self._verdicts.values(), *other) for number in _referred(verdict)}
        places = {number: at for number, at in zip(*self._places, strict=True) if number in numbers}
        return [places[number] for number in sorted(places)]

    def value(self, kept: Iterable[Entry]) -> Run:
        """Return the run with the exchanges that were read again."""
        if self._footer is None:
            self.note("The record was cut off: the run did not write its end.")
        kept = list(kept)
        rules = self._rules | {each: _unlisted(each) for each in self._verdicts if each not in self._rules}
        return Run(
            header=self.header,
            rules=rules,
            fields=self._fields,
            requirements=self._requirements,
            verdicts={each: self._verdicts.get(each) or self._unjudged(each) for each in rules},
            footer=self._footer,
            exchanges={entry.number: entry for entry in kept if isinstance(entry, Exchange)},
            traffic=self._traffic.value(),
            exercised=self._exercised.value(),
            notes=[text if count == 1 else f"{text} ({count} times)" for text, count in self._notes.items()],
            other=None if self._other is None else self._other.value(kept),
        )

    def _beside(self, entry: Beside, offset: int) -> None:
        """Take an entry of the run under another description. ValueError where it has no header yet."""
        inner = from_json(entry.entry)
        if isinstance(inner, Header):
            self._other = RunFold(inner)
        elif self._other is None:
            raise ValueError("an entry of another description comes before its header")
        elif inner is not None:
            self._other.add(inner, offset)

    def _exchange(self, exchange: Exchange, offset: int) -> None:
        self._traffic.add(exchange)
        numbers, offsets = self._places
        numbers.append(exchange.number)
        offsets.append(offset)
        accepted = exchange.response is not None and 200 <= exchange.response.status < 300
        self._exercised.add("body", _json(exchange.request.body), accepted=accepted)
        if accepted and exchange.response is not None:
            self._exercised.add("response", _json(exchange.response.body), accepted=True)

    def _unjudged(self, rule_id: str) -> Verdict:
        reason = NOT_ABOUT if self._footer else CUT_OFF
        return Verdict(rule=rule_id, outcome=Outcome.SKIP, sides={}, reason=reason)


def _referred(verdict: Verdict) -> set[int]:
    return {*verdict.exchanges[:_EXCHANGES_A_RULE], *(failure.exchange for failure in verdict.failures)}


def _unlisted(rule_id: str) -> RuleEntry:
    return RuleEntry(
        id=rule_id,
        area="unlisted",
        level="MUST",
        basis="documented",
        requirement="The record has a verdict on this rule, but not the rule itself.",
        quote=None,
        source="",
    )


def _json(text: str | None) -> Any:
    """Return the value of a body; None where it is no JSON: its fields were neither there nor absent."""
    if not text:
        return None
    try:
        return orjson.loads(text)
    except ValueError:
        return None
