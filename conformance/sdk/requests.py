"""Checks of the request that a client makes of an intended call."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.sdk.calls import IntendedCall
from conformance.sdk.comparison import ABSENT, Change, Difference, differences, equal
from conformance.sdk.findings import Carriage, Deviation, shown
from conformance.sdk.recording import Arrived
from openapi.catalogue import Catalogue, default_of
from openapi.json_types import Json, Path, pointer
from openapi.schema.nodes import Node, tree
from openapi.schema.oracle import Oracle


class RequestChecks:
    """Compares what arrived with what was intended, and holds it against the description."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._oracle = Oracle(catalogue.contract.request, "body", catalogue.body)
        self._request, self._response = catalogue.body, catalogue.response
        self._parameters = {parameter.name: tree(parameter.schema) for parameter in catalogue.contract.parameters}

    def sent(self, call: IntendedCall, arrived: Arrived) -> Iterator[Deviation]:
        """Yield how the request differs from the intended call, and which rules it violates where the call does not."""
        yield from self._query(call, arrived)
        try:
            body = arrived.json
        except ValueError:
            yield Deviation("invalid request", "", "a JSON body", repr(arrived.body[:160]))
            return
        for each in differences(dict(call.body), body):
            yield self._difference(each)
        violated = self._oracle.violated(body) if self._oracle.is_valid(dict(call.body)) else {}
        for rule, paths in violated.items():
            if _value(body, paths[0]) is None and _value(dict(call.body), paths[0]) is ABSENT:
                continue  # reported as redundant: a standard parser reads null as a member that is not set
            place = self._oracle.place(paths[0])
            yield Deviation("invalid request", place, f"{rule} holds", shown(_value(body, paths[0])), pointer(*paths[0]))

    def _difference(self, each: Difference) -> Deviation:
        place = self._oracle.place(each.path)
        expected, actual = shown(each.expected), shown(each.actual)
        if each.change is not Change.INVENTED:
            return Deviation(str(each.change), place, expected, actual, pointer(*each.path))
        if len(each.path) == 1 and each.path[0] in self._parameters:
            return Deviation("query in body", place, "in the query alone", f"in the body: {actual}", pointer(*each.path))
        node = self._request.at(each.path)
        kind = _invention(node, self._response.at(each.path), each.actual)
        return Deviation(kind, place, expected, actual, pointer(*each.path))

    def _query(self, call: IntendedCall, arrived: Arrived) -> Iterator[Deviation]:
        sent = dict(arrived.query)
        for name, value in call.query.items():
            expected = in_query(value)
            if name not in sent:
                yield Deviation("dropped", f"?{name}", expected, "absent")
            elif sent[name] != expected:
                yield Deviation("mangled", f"?{name}", expected, sent[name])
        for name in sent.keys() - call.query.keys():
            found = default_of(self._parameters[name]) if name in self._parameters else None
            kind = "redundant" if found is not None and in_query(found[0]) == sent[name] else "invented"
            yield Deviation(kind, f"?{name}", "absent", sent[name])

    def carriage(self, call: IntendedCall, arrived: Arrived) -> Carriage:
        """Return what became of the member that the call aims at."""
        if call.member.startswith("?"):
            kinds = {each.kind for each in self._query(call, arrived) if each.member == call.member}
        else:
            try:
                body = arrived.json
            except ValueError:
                return Carriage.MANGLED
            found = (each for each in differences(dict(call.body), body) if _related(each.path, call.path))
            kinds = {str(each.change) for each in found}
        if "mangled" in kinds or "invented" in kinds:
            return Carriage.MANGLED
        return Carriage.DROPPED if "dropped" in kinds else Carriage.CARRIED


def _invention(node: Node | None, other: Node | None, value: Json) -> str:
    """Return the kind of an invented member: one that says no more than its absence is harmless by comparison."""
    if value is None or value in ([], {}):
        return "redundant"
    for each in (node, other):
        found = default_of(each) if each is not None else None
        if found is not None and equal(found[0], value):
            return "redundant"
    return "invented"


def _related(one: Path, other: Path) -> bool:
    """Return whether one path leads to, into or around what the other leads to."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _value(body: Json, path: Path) -> Json:
    for step in path:
        try:
            body = body[step]
        except (LookupError, TypeError):
            return ABSENT
    return body


def in_query(value: Json) -> str:
    """Return a JSON value as a query parameter spells it."""
    return value if isinstance(value, str) else json.dumps(value)
