"""A small contract, exchanges with it, findings, and results in which nothing is known yet."""

from __future__ import annotations

from functools import cache

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.http.redaction import Redaction
from conformance.profiles import Selection
from conformance.results.results import Results
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.rules import Area, Basis, Level, Rule
from strategies.case import Case, Side
from tests.openapi.synthetic import catalogued
from tests.strategies.schemas import Object

REQUEST: Object = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 3, "default": 1}}}
RESPONSE: Object = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "size": {"type": "integer", "default": 1}},
    "required": ["id"],
}
SECRET = "a-secret-key-of-some-length"


@cache
def catalogue() -> Catalogue:
    return catalogued(REQUEST, RESPONSE)


def results(*globs: str) -> Results:
    return Results(catalogue().contract, Redaction.of_values([SECRET]), Selection(globs))


def rule(identity: str = "body.size.maximum", basis: Basis = Basis.DOCUMENTED) -> Rule:
    return Rule(identity, Area.CONSTRAINT, Level.MUST, basis, "size MUST be at most 3.", None, "here")


def exchange(
    number: int = 1, status: int = 201, body: Json = None, side: Side = Side.ACCEPTS, error: str | None = None
) -> Exchange:
    case = Case(side=side, label="a label", rule="body.size.maximum", body={} if body is None else body)
    headers = {"content-type": "application/json", "x-other": "1"}
    redaction = Redaction.of_values([SECRET])
    content = b"" if error else b'{"id":"7"}'
    return Exchange(
        case=case,
        number=number,
        status=status,
        headers=headers,
        content=content,
        seconds=0.5,
        at=1.5,
        error=error,
        redaction=redaction,
    )


def finding(identity: str = "body.size.maximum", side: str = "rejects", expected: str = "400", actual: str = "201") -> Finding:
    return Finding(identity, side, expected, actual, ("size",))
