"""The values of a field: presence, members, and a gauge of bounds and values reached."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

from reports.html.words import number
from reports.record.entries import FieldEntry
from reports.record.exercised_values import Exercised, Span

WIDTH = 132
_PAD = 6
_NOUNS = {"string": "length", "array": "items", "object": "keys", "number": ""}
_BOUNDS = {
    "number": (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")),
    "string": (("minLength",), ("maxLength",)),
    "array": (("minItems",), ("maxItems",)),
    "object": (("minProperties",), ("maxProperties",)),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum, or a boolean, with how often it occurred."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """A line over all numbers in play, in pixels: allowed, accepted and refused."""

    allowed: tuple[float, float]
    taken: tuple[float, float] | None
    refused: list[float]


@dataclass(frozen=True, slots=True)
class Measure:
    """The span of a field's numbers or lengths, in words and as a gauge where the field has bounds."""

    text: str
    gauge: Gauge | None


@dataclass(frozen=True, slots=True)
class ValuesView:
    """The values of a field; `prefix` is the common beginning of all members."""

    present: int
    absent: int
    null: int
    prefix: str
    members: list[Member]
    others: int
    measures: list[Measure]

    @property
    def share(self) -> float:
        """Return the share (0 to 1) of bodies that had the field."""
        whole = self.present + self.absent + self.null
        return self.present / whole if whole else 0.0


def values_view(entry: FieldEntry, seen: Exercised) -> ValuesView:
    """Return the values of a field for the page."""
    members = _members(entry, seen)
    prefix = _prefix([member.text for member in members])
    return ValuesView(
        present=seen.present,
        absent=seen.absent,
        null=seen.null,
        prefix=prefix,
        members=[Member(member.text.removeprefix(prefix), member.count) for member in members],
        others=seen.others,
        measures=[] if members else _measures(entry, seen),
    )


def _members(entry: FieldEntry, seen: Exercised) -> list[Member]:
    enum = entry.keywords.get("enum")
    if isinstance(enum, list):
        texts = [each if isinstance(each, str) else json.dumps(each) for each in enum if each is not None]
        return [Member(text, seen.members.get(text, 0)) for text in texts]
    if entry.types and set(entry.types) <= {"boolean", "null"}:
        return [Member(text, seen.members.get(text, 0)) for text in ("true", "false")]
    return []


def _prefix(texts: list[str]) -> str:
    """Return the common beginning of all members, up to an underscore: `MESSAGE_ROLE_`."""
    if len(texts) < 2:
        return ""
    first, last = min(texts), max(texts)
    equal = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    return first[: first.rfind("_", 0, equal) + 1]


def _measures(entry: FieldEntry, seen: Exercised) -> list[Measure]:
    found: list[Measure] = []
    for kind, noun in _NOUNS.items():
        taken, refused = seen.taken.get(kind), seen.refused.get(kind)
        # A text sent for a number is an invalid case; its length says nothing about the field.
        if (taken or refused) and _expects(entry, kind):
            found.append(Measure(_sentence(noun, taken, refused), _gauge(entry, kind, taken, refused)))
    return found


def _expects(entry: FieldEntry, kind: str) -> bool:
    return not entry.types or kind in entry.types or (kind == "number" and "integer" in entry.types)


def _sentence(noun: str, taken: Span | None, refused: Span | None) -> str:
    beyond = "" if refused is None else _beyond(taken, refused)
    parts = [f"{noun} {_span(taken)}".strip()] if taken else []
    parts += [f"refused {beyond}"] if beyond else []
    return "; ".join(parts)


def _beyond(taken: Span | None, refused: Span) -> str:
    if taken is None:
        return _span(refused)
    ends = [refused.low] if refused.low < taken.low else []
    ends += [refused.high] if refused.high > taken.high else []
    return " and ".join(map(number, ends))


def _span(span: Span) -> str:
    return number(span.low) if span.low == span.high else f"{number(span.low)} … {number(span.high)}"


def _gauge(entry: FieldEntry, kind: str, taken: Span | None, refused: Span | None) -> Gauge | None:
    low, high = (_bound(entry, names) for names in _BOUNDS[kind])
    if low is None and high is None:
        return None
    scale = _scale_over([*_ends(taken), *_ends(refused), *(each for each in (low, high) if each is not None)])
    outside = [each for each in _ends(refused) if _outside(each, low, high)]
    return Gauge(
        allowed=(0.0 if low is None else scale(low) - 2, float(WIDTH) if high is None else scale(high) + 2),
        taken=(scale(taken.low), scale(taken.high)) if taken else None,
        refused=sorted({scale(each) for each in outside}),
    )


def _ends(span: Span | None) -> list[float]:
    return [each for each in (span.low, span.high) if isfinite(each)] if span else []


def _scale_over(points: list[float]) -> Any:
    return _scale(min(points), max(points))


def _bound(entry: FieldEntry, names: tuple[str, ...]) -> float | None:
    for value in map(entry.keywords.get, names):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return isfinite(value) and ((low is not None and value < low) or (high is not None and value > high))


def _scale(low: float, high: float) -> Any:
    width = (high - low) or 1.0

    def scale(value: float) -> float:
        share = min(max((value - low) / width, 0.0), 1.0)
        return round(_PAD + share * (WIDTH - 2 * _PAD), 1)

    return scale
