"""Echo: a field that was sent comes back equal in value."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from conformance.checks.finding import Finding, shown, shown_apart, where
from conformance.checks.own_members import without_own
from conformance.checks.tolerances import Tolerances, compiled
from conformance.checks.zeros import is_zero
from openapi.json_types import CONTAINERS, Json, Path, same_number
from openapi.schema.nodes import Node
from openapi.schema.oracle import FORMATS, rule_id

MISSING: Json = type("Missing", (), {"__repr__": lambda _self: "nothing"})()


@dataclass
class Echo:
    """Compares bodies with responses, field by field."""

    body: Node
    response: Node
    tolerances: Tolerances
    _kinds: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _rules: dict[int, str] = field(default_factory=dict)

    def compare(self, sent: Json, got: Json, held: set[tuple[str, str]]) -> list[Finding]:
        """Return the findings for a whole body and its response; `held` gains the rules that hold."""
        if not isinstance(sent, dict) or not isinstance(got, dict):
            return []
        found: list[Finding] = []
        for name, value in sent.items():
            node, other = self.body.properties.get(name), self.response.properties.get(name)
            if node is not None and other is not None:
                found += self._field(node, other, value, got.get(name, MISSING), (name,), held)
        return found

    def _field(self, node: Node, other: Node, sent: Json, got: Json, path: Path, held: set[tuple[str, str]]) -> list[Finding]:
        rule = self._rules.get(id(node)) or self._rules.setdefault(id(node), rule_id("body", node.path, "echo"))
        if self._not_expected(node, other, sent):
            return []
        if got is MISSING or got is None:
            is_excused = sent is None or self._may_be_missing(node, sent, path)
            return [] if is_excused else [self._finding(rule, path, sent, got)]
        if node.is_object and isinstance(sent, dict):
            return self._members(node, other, sent, got, path, held, rule)
        if node.is_array and node.each and other.each and isinstance(sent, list) and isinstance(got, list):
            return self._elements(node, other, sent, got, path, held, rule)
        return self._value(node, other, sent, got, path, held, rule)

    def _value(
        self, node: Node, other: Node, sent: Json, got: Json, path: Path, held: set[tuple[str, str]], rule: str
    ) -> list[Finding]:
        if node.is_empty_object and isinstance(sent, dict) and isinstance(got, dict):
            # Of a type without members a server may ignore those that come, and show some that it has gained.
            both = sent.keys() & got.keys()
            sent, got = ({name: each[name] for name in both} for each in (sent, got))
        if self._shows(node, other, sent, got):
            held.add((rule, "echo"))
            return []
        return [self._finding(rule, path, sent, got)]

    def shows(self, node: Node, value: Json) -> bool:
        """Return whether a response is bound to show a top-level field with this value."""
        other = self.response.properties.get(node.place[0])
        return other is not None and bool(self._field(node, other, value, MISSING, node.place, set()))

    def exercised(self, body: Json) -> set[str]:
        """Return the rules of the echo that a response to this body is bound to show: no value means "not set"."""
        held = set[tuple[str, str]]()
        self.compare(body, self._bound(self.body, body), held)
        return {rule for rule, _ in held}

    def _bound(self, node: Node, sent: Json, path: Path = ()) -> Json:
        """Return what was sent without the members that may be missing from the response."""
        if not isinstance(sent, dict):
            return sent
        found: dict[str, Json] = {}
        for name, value in sent.items():
            child, place = node.properties.get(name), (*path, name)
            if child is not None and value is not None and not self._may_be_missing(child, value, place):
                found[name] = self._bound(child, value, place) if child.properties else value
        return found

    def _finding(self, rule: str, path: Path, sent: Json, got: Json) -> Finding:
        expected, actual = (shown(sent), "not in the response") if got is MISSING else shown_apart(sent, got)
        return Finding(rule, "echo", f"{where(path)} is {expected}, as sent", f"{where(path)} is {actual}", path)

    def _not_expected(self, node: Node, other: Node, sent: Json) -> bool:
        """Return whether the value means "not set", or is none that the response could show."""
        if not isinstance(sent, str):
            return False
        members = other.get("enum")
        if members is not None and sent not in members:
            return True
        entry = self.kinds(node).get("unset-member") if node.get("enum") is not None else None
        return entry is not None and bool(compiled(entry, "members").search(sent))

    def _may_be_missing(self, node: Node, sent: Json, path: Path) -> bool:
        """Return whether the table lets an empty or zero value be left out of the response."""
        if not any(entry["kind"] == "empty" for entry in self.tolerances.echo):
            return False
        if len(path) > 1:
            return sent == [] or is_zero(node, sent)
        return sent in ("", [], {}) and not isinstance(sent, bool)

    def _members(
        self, node: Node, other: Node, sent: Json, got: Json, path: Path, held: set[tuple[str, str]], rule: str
    ) -> list[Finding]:
        if not isinstance(got, dict):
            return [self._finding(rule, path, sent, got)]
        found: list[Finding] = []
        for name, value in sent.items():
            child, twin = node.properties.get(name), other.properties.get(name)
            if child is not None and twin is not None:
                found += self._field(child, twin, value, got.get(name, MISSING), (*path, name), held)
        if not found:
            held.add((rule, "echo"))
        return found

    def _elements(
        self, node: Node, other: Node, sent: list[Json], got: list[Json], path: Path, held: set[tuple[str, str]], rule: str
    ) -> list[Finding]:
        if len(sent) != len(got):
            expected = f"{where(path)} has {len(sent)} elements, as sent"
            return [Finding(rule, "echo", expected, f"{where(path)} has {len(got)} elements", path)]
        found: list[Finding] = []
        assert node.each is not None
        assert other.each is not None
        for index, (value, back) in enumerate(zip(sent, got, strict=True)):
            if node.each.is_object and isinstance(value, dict):
                found += self._members(node.each, other.each, value, back, (*path, index), held, rule)
            elif not self._shows(node.each, other.each, value, back):
                found.append(self._finding(rule, (*path, index), value, back))
        if found and sorted(map(repr, sent)) == sorted(map(repr, got)):
            return [
                Finding(rule, "echo", f"{where(path)} has its elements in the order sent", f"they come as {shown(got)}", path)
            ]
        found = found or self._unlike_its_equal(other.each, sent, got, path, rule)
        if not found:
            held.add((rule, "echo"))
        return found

    def _unlike_its_equal(self, other: Node, sent: list[Json], got: list[Json], path: Path, rule: str) -> list[Finding]:
        """Return what of an item that was sent twice is shown otherwise the second time: it was taken from another item."""
        first: dict[str, int] = {}
        for index, value in enumerate(sent) if other.is_object and len(sent) > 1 else ():
            before = first.setdefault(repr(value), index)
            known, back = got[before], got[index]
            if before == index or not isinstance(known, dict) or not isinstance(back, dict):
                continue
            for name, child in other.properties.items():
                is_its_own = child.get("format") in ("uuid", "date-time")
                if not is_its_own and not equal(known.get(name), back.get(name)):
                    place = (*path, index, name)
                    expected = f"{where(place)} is {shown(known.get(name))}, as in element {before}, which is equal"
                    return [Finding(rule, "echo", expected, f"{where(place)} is {shown(back.get(name))}", place)]
        return []

    def kinds(self, node: Node) -> dict[str, dict[str, Any]]:
        """Return the kinds of difference allowed at a field, looked up once."""
        if id(node) not in self._kinds:
            self._kinds[id(node)] = self.tolerances.kinds_at(node)
        return self._kinds[id(node)]

    def _shows(self, node: Node, other: Node, sent: Json, got: Json) -> bool:
        """Return whether a response shows a value that was sent, apart from members that only responses have."""
        return self.same(node, sent, got) or (
            type(sent) in CONTAINERS and self.same(node, sent, without_own(node, other, sent, got))
        )

    def same(self, node: Node, sent: Json, got: Json) -> bool:
        """Return whether two values of a field are equal, up to what the table allows."""
        if equal(sent, got):
            return True
        kinds = self.kinds(node)
        return any(_KINDS[kind](entry, sent, got) for kind, entry in kinds.items() if kind in _KINDS)


def equal(one: Json, other: Json) -> bool:
    """Return whether two values are equal as JSON: `1` and `1.0` are the same number, `true` and `1` are not the same value."""
    kind = _kind(one)
    if kind is not _kind(other):
        return False
    if kind is dict:
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if kind is list:
        return len(one) == len(other) and all(map(equal, one, other))
    return same_number(one, other) if kind is float else bool(one == other)


def _kind(value: Json) -> type:
    """Return the type of a value in JSON, which has one type of number."""
    return float if type(value) is int else type(value)


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def seconds_of(text: Json) -> Decimal | None:
    """Return a protobuf duration in seconds; None for another value."""
    if not isinstance(text, str) or not text.endswith("s"):
        return None
    try:
        return Decimal(text[:-1])
    except InvalidOperation:
        return None


def _duration(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    one, other = seconds_of(sent), seconds_of(got)
    return one is not None and one == other and _WRITTEN.fullmatch(got) is not None


_WRITTEN = re.compile(r"-?\d+(?:\.\d+)?s", re.ASCII)  # ProtoJSON writes no exponent; who reads a duration knows none


def _single(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    if not (_is_number(sent) and _is_number(got)):
        return False
    try:
        return bool(struct.pack("<f", sent) == struct.pack("<f", got)) or abs(sent - got) <= abs(sent) * 2.0**-23
    except OverflowError:
        return False


def _instant(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    one, other = instant(sent), instant(got)
    return one is not None and one == other


def instant(text: Json) -> datetime | None:
    """Return an RFC 3339 timestamp with its offset; None for another value."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _resolved(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    # An id is shown in place of the name: some other text in one piece.
    return isinstance(sent, str) and isinstance(got, str) and FORMATS["uuid"](got)


def _system_keys(entry: dict[str, Any], sent: Json, got: Json) -> bool:
    if not isinstance(sent, dict) or not isinstance(got, dict):
        return False
    own = compiled(entry, "keys")
    return equal(*({key: value for key, value in each.items() if not own.match(key)} for each in (sent, got)))


def _letters(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    return isinstance(sent, str) and isinstance(got, str) and sent.lower() == got.lower()


def _fresh(_entry: dict[str, Any], sent: Json, got: Json) -> bool:
    return isinstance(sent, str) and isinstance(got, str) and bool(sent) and bool(got)


_KINDS: dict[str, Callable[[dict[str, Any], Json, Json], bool]] = {
    "duration": _duration,
    "single-precision": _single,
    "instant": _instant,
    "resolved": _resolved,
    "system-keys": _system_keys,
    "letters": _letters,
    "fresh": _fresh,
}
