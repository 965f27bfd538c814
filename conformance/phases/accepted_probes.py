"""Responses to probes that a server accepts: nobody says whether it must, but what it shows then is an object like any other.

A server that takes {"size": null} for a size that is not set shows the default. One that shows null breaks the type of the
member in its response, whatever was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.session import Session
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Case


def judge(session: Session, exchange: Exchange) -> None:
    """Suspect what the response to an accepted probe shows against the schema of responses; nothing else of it is judged."""
    for finding in _of_schema(session, exchange):

        def again(other: Exchange, rule: str = finding.rule) -> Finding | None:
            return next((each for each in _of_schema(session, other) if each.rule == rule), None)

        session.intake.suspect(finding, exchange, again)


def _of_schema(session: Session, exchange: Exchange) -> Iterator[Finding]:
    creates = not exchange.case.method and session.catalogue.contract.is_created(exchange.status)
    if not creates:
        return  # another method, or an error in the dress of success
    try:
        case = replace(exchange.case, body=_excuse(session.plan.oracle, exchange.case), raw=None)
    except (ValueError, RecursionError):
        return  # what was sent cannot be known from what the server read
    found = session.checker.responses.of_schema(replace(exchange, case=case))
    # What lacks a member in the request may lack it in the response: {"part": ""} reads as {} to some parsers.
    yield from (each for each in found if not (each.path and each.rule.endswith(".required")))


def _excuse(oracle: Oracle, case: Case) -> Json:
    """Return the body that excuses a response that shows it: that of the case if it is valid, else an empty one.

    Raises ValueError or RecursionError for bytes that are no JSON to our reader.
    """
    body = json.loads(case.raw) if case.raw is not None else case.body
    return body if isinstance(body, dict) and oracle.is_valid(body) else {}
