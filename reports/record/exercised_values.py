"""The values of each field that a run exercised, counted while the exchanges stream by."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.record.entries import FieldEntry

Place = tuple[str, str]
_JSON_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest and the largest of some numbers."""

    low: float
    high: float

    def joined(self, other: Span) -> Span:
        """Return the span of both."""
        return Span(min(self.low, other.low), max(self.high, other.high))


@dataclass(frozen=True, slots=True)
class Exercised:
    """The values of one field.

    `members` counts the members of its enum (and booleans) by name, `others` everything else. `taken` and
    `refused` are the spans of its measure by JSON type, in accepted and in refused requests. The measure of a
    number is the number; of a string, an array or an object it is the length.
    """

    present: int = 0
    absent: int = 0
    null: int = 0
    types: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)
    others: int = 0
    taken: Mapping[str, Span] = field(default_factory=dict)
    refused: Mapping[str, Span] = field(default_factory=dict)


class ExercisedFold:
    """Walks bodies along the places of the field entries and counts what it meets."""

    def __init__(self, fields: Iterable[FieldEntry] = ()) -> None:
        self._roots: dict[str, _Node] = {}
        self._counts: dict[Place, _Count] = {}
        for entry in fields:
            self.expect(entry)

    def expect(self, entry: FieldEntry) -> None:
        """Make room for a field; a field announced twice is counted once."""
        node = self._roots.setdefault(entry.side, _Node())
        for step in entry.place.split(".") if entry.place else ():
            node = node.children.setdefault(step, _Node())
        node.result = self._counts.setdefault((entry.side, entry.place), _Count())
        node.result.enum = frozenset(map(_text, entry.keywords.get("enum") or ()))

    def add(self, side: str, body: Any, *, accepted: bool) -> None:
        """Count a request body (`side="body"`) or a response body; a scalar has no fields to count."""
        root = self._roots.get(side)
        if root is not None and isinstance(body, dict | list):
            _visit(root, body, accepted)

    def value(self) -> dict[Place, Exercised]:
        """Return the values of all fields by place."""
        for root in self._roots.values():
            root.settle_absent()
        return {place: result.value() for place, result in self._counts.items()}


_EACH = "*"  # the step to the elements of a list, and to the values of a map


@dataclass(slots=True)
class _Count:
    """The growing counts of one field. A run has millions of values, so this does little for each."""

    enum: frozenset[str] = frozenset()
    absent: int = 0
    null: int = 0
    types: defaultdict[type, int] = field(default_factory=lambda: defaultdict(int))
    members: Counter[str] = field(default_factory=Counter)
    others: int = 0
    spans: dict[tuple[type, bool], list[float]] = field(default_factory=dict)

    @property
    def met(self) -> int:
        """Return how often the field was there."""
        return sum(self.types.values()) + self.null

    def count(self, value: Any, accepted: bool) -> None:
        """Count one value."""
        kind = type(value)
        if value is None:
            self.null += 1
            return
        self.types[kind] += 1
        if self.enum or kind is bool:
            self._count_member(value)
        if kind is bool:
            return
        measure = value if kind is int or kind is float else len(value)
        span = self.spans.get((kind, accepted))
        if span is None:
            self.spans[kind, accepted] = [measure, measure]
        elif measure < span[0]:
            span[0] = measure
        elif measure > span[1]:
            span[1] = measure

    def _count_member(self, value: Any) -> None:
        text = _text(value)
        if text in self.enum or (not self.enum and isinstance(value, bool)):
            self.members[text] += 1
        else:
            self.others += 1

    def value(self) -> Exercised:
        """Return the counts so far."""
        types: Counter[str] = Counter()
        for kind, count in self.types.items():
            types[_JSON_TYPES[kind]] += count
        return Exercised(
            present=types.total(),
            absent=self.absent,
            null=self.null,
            types=types,
            members=self.members,
            others=self.others,
            taken=self._spans(accepted=True),
            refused=self._spans(accepted=False),
        )

    def _spans(self, *, accepted: bool) -> dict[str, Span]:
        spans: dict[str, Span] = {}
        for (kind, taken), (low, high) in self.spans.items():
            if taken is accepted:
                name, span = _JSON_TYPES[kind], Span(low, high)
                spans[name] = spans[name].joined(span) if name in spans else span
        return spans


@dataclass(slots=True)
class _Node:
    """A step in the tree of places, with the `objects` met there; its counts are None without a field entry."""

    result: _Count | None = None
    children: dict[str, _Node] = field(default_factory=dict)
    objects: int = 0

    def settle_absent(self) -> None:
        """Count each field below as absent in all objects that lacked it."""
        for name, child in self.children.items():
            if child.result is not None and name != _EACH:
                child.result.absent = self.objects - child.result.met
            child.settle_absent()


def _visit(root: _Node, body: Any, accepted: bool) -> None:
    # A stack of its own: a body may be nested deeper than Python's recursion goes.
    waiting: list[tuple[_Node, Any]] = [(root, body)]
    while waiting:
        node, value = waiting.pop()
        if node.result is not None:
            node.result.count(value, accepted)
        if not node.children:
            continue
        if isinstance(value, dict):
            waiting += _members(node, value)
        elif isinstance(value, list) and _EACH in node.children:
            waiting += [(node.children[_EACH], item) for item in value]


def _members(node: _Node, value: dict[str, Any]) -> list[tuple[_Node, Any]]:
    # Most fields are not there: to go through those that are keeps the cost of a body to what it holds.
    node.objects += 1
    children, others = node.children, node.children.get(_EACH)
    found = [(children.get(key) or others, member) for key, member in value.items()]
    return [(child, member) for child, member in found if child is not None]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
