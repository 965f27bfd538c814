"""A small contract, and a server of it that refuses or accepts bodies as a function says; no request is sent anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from conformance.http.exchange import Exchange
from conformance.http.redaction import Redaction
from conformance.profiles import Selection
from conformance.results.results import Results
from conformance.triage.budget import Resender, TriageBudget
from conformance.triage.triage import Triage
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import NO_BODY, Aim, Case, Side
from tests.openapi.synthetic import catalogued
from tests.strategies.schemas import Object

INNER: Object = {
    "type": "object",
    "properties": {"a": {"type": "integer", "maximum": 9}, "b": {"type": "string"}},
    "required": ["a"],
}
NAMED: Object = {
    "x-rule": "note-fits-rate",
    "not": {"required": ["note", "rate"], "properties": {"note": {"const": "forbidden"}}},
}
REQUEST: Object = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "kind": {"type": "string", "enum": ["KIND_ONE", "KIND_TWO", "KIND_THREE"]},
        "note": {"type": "string"},
        "wait": {"type": "string", "pattern": "^[0-9]+s$"},
        "flag": {"type": "boolean"},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "labels": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "propertyNames": {"pattern": "^[a-z ]+$"},
        },
        "inner": INNER,
        "items": {"type": "array", "items": INNER},
        "way": {
            "type": "object",
            "properties": {"one": {"type": "object"}, "two": {"type": "object"}},
            "maxProperties": 1,
            "minProperties": 1,
        },
    },
    "allOf": [NAMED],
}
RESPONSE: Object = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
FULL: Json = {
    "rate": 0.5,
    "kind": "KIND_TWO",
    "note": "a longer note",
    "wait": "30s",
    "flag": True,
    "tags": {"x": "y"},
    "inner": {"a": 1, "b": "text"},
    "items": [{"a": 1}, {"a": 2, "b": "x"}],
}
Refuses = Callable[[Json], object]  # a status, or whether a body is refused with 400


def checker_of(request: Object) -> Checker:
    """The checker of a contract that takes bodies of this schema."""
    catalogue = catalogued(request, RESPONSE)
    return Checker(catalogue, tolerances_of(catalogue.contract))


def oracle_of(checking: Checker) -> Oracle:
    return Oracle(checking.catalogue.contract.request, "body", checking.catalogue.body)


@cache
def checker() -> Checker:
    return checker_of(REQUEST)


@cache
def oracle() -> Oracle:
    return oracle_of(checker())


def case(body: Json, *aims: Aim, side: Side = Side.ACCEPTS, rule: str = "") -> Case:
    return Case(side=side, label="", body=body, aims=aims, rule=rule)


@dataclass
class Server:
    """A server that refuses what `refuses` says, and violates nothing else; `received` are the bodies sent to it."""

    refuses: Refuses
    received: list[Json] = field(default_factory=list)

    def send(self, sent: Case) -> Exchange:
        """Return the exchange of a case."""
        self.received.append(sent.body)
        found = self.refuses(None if sent.body is NO_BODY else sent.body)
        status = 201 if found is None or found is False else 400 if found is True else int(str(found))
        content = {"id": str(len(self.received))} if status < 300 else {"detail": "No"}
        return Exchange(
            case=sent,
            number=len(self.received),
            status=status,
            headers={"content-type": "application/json"},
            content=json.dumps(content).encode(),
            seconds=0,
            at=0,
            error="no connection" if status == 0 else None,
        )

    def send_all(self, cases: list[Case], **_options: bool) -> list[Exchange]:
        """Return the exchanges of several cases."""
        return [self.send(each) for each in cases]


def results(*globs: str, of: Checker | None = None) -> Results:
    return Results((of or checker()).catalogue.contract, Redaction(), Selection(globs))


def triaged(server: Server, *sent: Case, limit: int = 500, globs: tuple[str, ...] = ()) -> Triage:
    """The triage of what the checks find in the exchanges of these cases."""
    triage = Triage(oracle(), checker(), results(*globs), TriageBudget(limit))
    for each in sent:
        exchange = server.send(each)
        found = checker().check(exchange)
        triage.results.hold_all(found.held, exchange)
        triage.add(exchange, found.findings)
    server.received.clear()
    baseline = server.send(case({}))
    server.received.clear()
    triage.run(Resender(server.send, server.send_all, triage.budget), baseline)
    return triage


def failed(found: Results) -> dict[str, tuple[Json, list[str]]]:
    """The body and the offending fields by which each failed rule is reported."""
    rules = {rule: found[rule].failures for rule in checker().catalogue.rules if found[rule].failures}
    return {rule: (json.loads(each[0].request.body or "null"), each[0].offending_fields) for rule, each in rules.items()}
