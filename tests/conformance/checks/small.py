"""A small contract with a member of each kind that a response is judged by, its checker, and exchanges with it."""

from __future__ import annotations

import json
from functools import cache

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult
from conformance.checks.tolerances import tolerances_of
from conformance.http.exchange import Exchange
from openapi.catalogue import catalogue_of
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.openapi.synthetic import catalogued, description, loaded, overlay
from tests.strategies.schemas import Object

INNER: Object = {"type": "object", "properties": {"size": {"type": "integer", "default": 2}, "text": {"type": "string"}}}
SHARED: Object = {
    "rate": {"type": "number", "format": "float", "default": 0.5},
    "note": {"type": ["string", "null"]},
    "kind": {"type": "string", "enum": ["KIND_UNSPECIFIED", "KIND_ONE", "KIND_TWO"], "default": "KIND_ONE"},
    "tags": {"type": "object", "additionalProperties": {"type": "string"}},
    "inner": INNER,
}
OWN: Object = {
    "id": {"type": "string", "format": "uuid"},
    "created": {"type": "string", "format": "date-time"},
    "count": {"type": "integer", "maximum": 9, "default": 0},
}
REQUEST: Object = {"type": "object", "properties": SHARED}
RESPONSE: Object = {"type": "object", "properties": {**OWN, **SHARED}, "required": ["id"]}
ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
DATE = "Mon, 05 Jan 2026 10:00:00 GMT"
SHOWN: Json = {
    "id": ID,
    "created": "2026-01-05T10:00:00Z",
    "count": 0,
    "rate": 0.5,
    "note": None,
    "kind": "KIND_ONE",
    "tags": {},
    "inner": {},
}


@cache
def checker() -> Checker:
    """The checker of the small contract."""
    catalogue = catalogued(REQUEST, RESPONSE)
    return Checker(catalogue, tolerances_of(catalogue.contract))


STATED: list[Object] = [
    {
        "id": "note-comes-back",
        "area": "echo",
        "requirement": "The note MUST come back in the label.",
        "when": {},
        "equal": {"response": "/label", "request": "/body/note"},
    },
    {
        "id": "count-without-rate",
        "area": "default",
        "requirement": "count MUST be 0 where no rate is sent.",
        "when": {"properties": {"body": {"properties": {"rate": False}}}},
        "then": {"properties": {"response": {"properties": {"count": {"const": 0}}}}},
    },
    {
        "id": "kind-is-shown",
        "requirement": "kind MUST be shown where the query asks for it.",
        "when": {"properties": {"query": {"required": ["kind"]}}},
        "then": {"properties": {"response": {"required": ["kind"]}}},
    },
]


@cache
def stated_checker() -> Checker:
    """The checker of the small contract with rules about exchanges."""
    response = {**RESPONSE, "properties": {**RESPONSE["properties"], "label": {}}}
    parameters = [{"name": "kind", "in": "query", "schema": {"type": "string"}}]
    operation = {"x-exchange-rules": STATED, "parameters": parameters}
    action = {"target": "$.paths['/api/calls'].post", "update": operation}
    catalogue = catalogue_of(loaded(description(REQUEST, response), overlay(action)))
    return Checker(catalogue, tolerances_of(catalogue.contract))


def exchange(shown: Json, sent: Json = None, *, content: bytes | None = None, **headers: str) -> Exchange:
    """An accepted body with its response; `headers` replace those of a usual one, by names with underscores."""
    case = Case(side=Side.ACCEPTS, label="", body={} if sent is None else sent)
    usual = {"content-type": "application/json", "date": DATE} | {
        name.replace("_", "-"): each for name, each in headers.items()
    }
    body = json.dumps(shown).encode() if content is None else content
    kept = {name: value for name, value in usual.items() if value}
    return Exchange(case=case, number=1, status=201, headers=kept, content=body, seconds=0.1, at=0.0)


def judged(
    shown: Json, sent: Json = None, *, inherits: bool = False, content: bytes | None = None, **headers: str
) -> CheckResult:
    """The outcome of checking the shape of a response."""
    found = CheckResult()
    checker().responses.check(exchange(shown, sent, content=content, **headers), found, inherits=inherits)
    return found


def failing(found: CheckResult) -> set[str]:
    """The rules that failed."""
    return {each.rule for each in found.findings}
