"""Holes of a run: what its description offers to try and its requests do not hold, whatever generated them.

This reads the record and nothing else, so that it can contradict the plan that the requests come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from reports.coverage.seen import Seen, seen_in
from reports.record.entries import FieldEntry
from reports.record.reader import exchanges_of, read_run
from reports.record.recorded_run import Run
from reports.spoken import runs_by_description

DEPTHS = (30, 250, 1_000, 5_000)  # levels at which frameworks give up
_NEAR = 1.0  # how far from a bound a value may lie that tries it
_LONGEST, _MOST = 100_000, 2_000  # a longer string or array is no boundary worth sending
_FEW_VALUES = 4  # of a parameter that chooses between things
STATUSES = (201, 400, 401, 403, 404)


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that was not tried. `kind` and `place` make its id, `missing` says what."""

    kind: str
    place: str
    missing: str

    @property
    def id(self) -> str:
        """Return the id by which a list of reasons names it."""
        return f"{self.kind}:{self.place}" if self.place else self.kind


def holes_of(record: Path) -> dict[str, list[Hole]]:
    """Return the holes of a recorded run, in document order, by the name of the description; empty where there is only one.

    RecordError if the record cannot be read.
    """
    return {name: _holes_of(record, run) for name, run in runs_by_description(read_run(record)).items()}


def _holes_of(record: Path, run: Run) -> list[Hole]:
    fields = [each for each in run.fields if each.side == "body"]
    path = run.header.operation.partition(" ")[2]
    seen = seen_in(exchanges_of(record), path, frozenset(each.place for each in fields))
    parameters = {each.place for each in run.rules.values() if each.id.startswith("query.") and each.place}
    documented = {each.id for each in run.rules.values() if each.basis == "documented"}
    return [*_of_fields(fields, seen), *_of_requests(parameters, documented, seen)]


def _of_fields(fields: Sequence[FieldEntry], seen: Seen) -> Iterator[Hole]:
    for each in fields:
        if not _is_sent(each, seen):
            yield Hole("field", each.place, "it was never sent")
            continue
        for keyword, value in each.keywords.items():
            for missing in _BY_KEYWORD.get(keyword, _nothing)(each, value, seen):
                yield Hole(keyword, each.place, missing)
        yield from _of_positions(each, seen)
        if each.types == ["any"] or (each.types == ["object"] and not any(_is_below(other, each) for other in fields)):
            deepest = seen.depths[each.place]
            yield from (Hole("depth", each.place, f"{depth} levels") for depth in DEPTHS if deepest < depth)
    yield from _of_siblings(fields, seen)


def _is_sent(entry: FieldEntry, seen: Seen) -> bool:
    return bool(not entry.place or seen.values[entry.place] or seen.lengths[entry.place])


def _is_below(other: FieldEntry, entry: FieldEntry) -> bool:
    return other.place.startswith(f"{entry.place}." if entry.place else "") and other.place != entry.place


def _nothing(_entry: FieldEntry, _value: Any, _seen: Seen) -> Iterator[str]:
    return iter(())


def _bound(entry: FieldEntry, bound: Any, seen: Seen) -> Iterator[str]:
    """Yield which of a number's neighbours at a bound were not sent."""
    numbers = [each for each in seen.values[entry.place] if isinstance(each, (int, float)) and not isinstance(each, bool)]
    tried = {
        "the bound": bound in numbers,
        "just below": any(bound - _NEAR <= each < bound for each in numbers),
        "just above": any(bound < each <= bound + _NEAR for each in numbers),
    }
    yield from (f"{where} {bound}" for where, was_tried in tried.items() if not was_tried)


def _size(entry: FieldEntry, bound: Any, seen: Seen) -> Iterator[str]:
    """Yield which lengths at a bound were not sent."""
    limit = _MOST if "array" in entry.types or "object" in entry.types else _LONGEST
    lengths = seen.lengths[entry.place]
    for length in (bound - 1, bound, bound + 1):
        if 0 <= length <= limit and length not in lengths:
            yield f"a length of {length}"


def _enum(entry: FieldEntry, members: Any, seen: Seen) -> Iterator[str]:
    """Yield the members that were not sent, and that no other string was."""
    values = [each for each in seen.values[entry.place] if isinstance(each, str)]
    yield from (str(member) for member in members if member is not None and member not in values)
    if not any(each not in members for each in values):
        yield "a string that is no member"


def _of_positions(entry: FieldEntry, seen: Seen) -> Iterator[Hole]:
    """Yield the positions of an array at which no item of an invalid type was sent."""
    types = seen.types.get(entry.place)
    if types is None or entry.types != ["array"]:
        return
    usual = max(types, key=lambda name: len(seen.types[entry.place][name]), default="")
    if len(types) == 1:
        yield Hole("positions", entry.place, f"an item that is no {usual}")
        return
    reached = set[str]().union(*(positions for name, positions in types.items() if name not in (usual, "null")))
    for position in ("0", "1", "last"):
        if position not in reached:
            yield Hole("positions", entry.place, f"an invalid item at {position}")


def _of_siblings(fields: Sequence[FieldEntry], seen: Seen) -> Iterator[Hole]:
    """Yield the siblings that no member with a default was left out beside."""
    by_place: Mapping[str, FieldEntry] = {each.place: each for each in fields}
    for each in fields:
        holder, _, name = each.place.rpartition(".")
        if "default" not in each.keywords or "*" in each.place:
            continue
        siblings = {place.rpartition(".")[2] for place in by_place if place.rpartition(".")[0] == holder and place} - {
            name,
            "*",
        }
        beside = frozenset[str]().union(*(members for members in seen.members[holder] if name not in members))
        yield from (Hole("default", each.place, f"unset beside {sibling}") for sibling in sorted(siblings - beside))


def _of_requests(parameters: set[str], documented: set[str], seen: Seen) -> Iterator[Hole]:
    """Yield what no request joins: each value of a parameter, and a violation of each keyword that was violated at all."""
    every = _keywords(seen.violations["", ""] & documented)
    for name in sorted(parameters):
        # A parameter with many values is one that takes ids, which are all the same here.
        values = sorted(seen.queries[name]) if len(seen.queries[name]) <= _FEW_VALUES else []
        for value in values or [""]:
            beside = [
                found for (other, text), found in seen.violations.items() if other == name and (not value or text == value)
            ]
            met = _keywords(set[str]().union(*beside) & documented)
            place = f"{name}={value}" if value else name
            if not met:
                yield Hole("query", place, "no violation of the body was sent beside it")
            else:
                yield from (Hole("query", place, f"no violation of {keyword} beside it") for keyword in sorted(every - met))
    yield from (Hole("status", str(status), "it was never received") for status in STATUSES if status not in seen.statuses)


def _keywords(rules: set[str]) -> set[str]:
    return {rule.rpartition(".")[2] for rule in rules}


_BY_KEYWORD = {
    "minimum": _bound,
    "maximum": _bound,
    "exclusiveMinimum": _bound,
    "exclusiveMaximum": _bound,
    "minLength": _size,
    "maxLength": _size,
    "minItems": _size,
    "maxItems": _size,
    "enum": _enum,
}


class ReasonsError(Exception):
    """The list of reasons is no list of entries with `holes` and `why`."""


def reasons_of(path: Path, profile: str) -> dict[str, str]:
    """Return the reason of each glob of hole ids in a YAML file, for runs of a profile. ReasonsError if it is no such list."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return {str(each["holes"]): str(each["why"]) for each in entries if profile in each.get("profiles", [profile])}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ReasonsError(f"{path}: give a list of entries {{holes: GLOB, why: REASON, profiles: [NAME]}}") from error


def reason_for(hole: Hole, reasons: Mapping[str, str]) -> str | None:
    """Return why a hole is left open, None if no entry says so."""
    return next((why for glob, why in reasons.items() if fnmatchcase(hole.id, glob)), None)
