"""The run tag: a mark in what a run creates on a server of others. By it an object is found when nobody knows its id.

A response may be lost on the way, or the process killed while it is awaited: an object exists, and no journal has its id.

    body   {"a": 1}                                   as planned, judged and shrunk
    sent   {"a": 1, "labels": {"run": "4f3a9c01"}}    as recorded
    seen   the response without the tag

No check sees the tag, so it changes no verdict. Where it could, it is off: in a case whose rule is about the member that holds
it, and in bytes that are no JSON object. It is off in a body where that member is no map of strings, and in the first one where
it is empty: more of them would be lost with a killed run. It is off with a parent, from which an object takes the tag over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from conformance.http.json_body import json_of
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.json_types import Json
from strategies.case import Case, Side, dumps
from strategies.values.place_schema import admits

_COUNTS_MEMBERS = ("minProperties", "maxProperties")


@dataclass(frozen=True)
class RunTag:
    """The tag of a run: `value` under `key` in the `member` of a body."""

    member: str
    key: str
    value: str

    @classmethod
    def of(cls, catalogue: Catalogue, value: str) -> RunTag | None:
        """Return the tag with a value; None where no contract says where it goes, or the description does not admit it."""
        place = catalogue.contract.data.created.tag
        node = None if place is None else catalogue.body.properties.get(place.member)
        if place is None or node is None or not admits(node, {place.key: value}):
            return None
        if any(catalogue.body.get(keyword) is not None for keyword in _COUNTS_MEMBERS):
            return None  # one member more would violate a rule, or keep one
        return cls(place.member, place.key, value)

    def content(self, case: Case, contract: Contract) -> bytes | None:
        """Return the bytes of a body with the tag; None where a case is sent as it is."""
        is_creation = case.path is None and case.method in ("", contract.method)
        body = _object_in(case) if is_creation and self.member not in case.rule.split(".") else None
        if body is None or case.content is None:
            return None
        if self.member in body:
            labels = body[self.member]
            is_map = case.raw is None and isinstance(labels, dict) and all(map(_is_string, labels.values()))
            is_extended = is_map and (labels or not self._is_first_empty(case.content))
            return dumps({**body, self.member: {**labels, self.key: self.value}}) if is_extended else None
        if any(name == contract.data.created.parent for name, _ in case.query):
            return None
        end = case.content.rindex(b"}")  # spliced in, so that all else is spelled as it was
        own = dumps({self.member: {self.key: self.value}})[1:-1]
        return case.content[:end] + (b"," if body else b"") + own + case.content[end:]

    def _is_first_empty(self, content: bytes) -> bool:
        """Return whether a body is the first one of the run whose member is empty."""
        if not self._empty:
            self._empty.append(content)
        return content == self._empty[0]

    @cached_property
    def _empty(self) -> list[bytes]:
        return []

    def is_on(self, created: Json) -> bool:
        """Return whether an object, as a response shows it, has this tag."""
        labels = created.get(self.member) if isinstance(created, dict) else None
        return isinstance(labels, dict) and labels.get(self.key) == self.value

    def without(self, created: Json) -> Json:
        """Return an object as it would be without the tag."""
        if not self.is_on(created):
            return created
        labels = {name: value for name, value in created[self.member].items() if name != self.key}
        return {**created, self.member: labels}


def _object_in(case: Case) -> dict[str, Json] | None:
    """Return the object that a case sends, spelled oddly as it may be by a probe; None where it sends no object."""
    if case.raw is None:
        return case.body if isinstance(case.body, dict) else None
    if case.side is not Side.PROBE:
        return None
    value = json_of(case.raw)
    return value if isinstance(value, dict) else None


def _is_string(value: Json) -> bool:
    return isinstance(value, str)
