"""The phase of the second generator: Schemathesis reads the same description, generates on its own and applies its own checks.

Its checks know JSON Schema, and nothing of sentences, nulls of unset members or values that parsers coerce. So what it holds
against acceptance and refusal is implied at most; the oracle has the last word on whether a body is valid.
"""

from __future__ import annotations

import datetime
import json
import warnings
from functools import partial
from typing import Any

import httpx

from conformance.checks.as_read import Reading
from conformance.checks.finding import Finding
from conformance.concurrency.planning import computed
from conformance.http.exchange import NOT_JSON, Exchange
from conformance.phases.problems import Problem, acceptance, refusal
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side
from strategies.values.leniency import is_certain
from strategies.values.sampling import take

# Which of its checks apply to which responses.
_ON_SUCCESS = ("content_type_conformance", "response_schema_conformance")
_ON_ALL = ("not_a_server_error",)


async def run(session: Session) -> None:
    """Generate positive and negative cases and let Schemathesis check the responses."""
    rules = [rule for rule in session.catalogue.rules if rule.startswith("schemathesis.")]
    if session.profile.second_generator and any(map(session.wants, rules)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            await _run(session)


async def _run(session: Session) -> None:
    for rule, is_positive in (
        ("schemathesis.positive_data_acceptance", True),
        ("schemathesis.negative_data_rejection", False),
    ):
        drawn = await computed(partial(_drawn, session, rule, is_positive=is_positive))
        exchanges = await session.send_all([case for _, case in drawn])
        for (each, _), exchange in zip(drawn, exchanges, strict=True):
            _check(session, each, exchange, rule, accepts=is_positive)


def _drawn(session: Session, rule: str, *, is_positive: bool) -> list[tuple[Any, Case]]:
    """Return what Schemathesis draws, each with the case to be sent."""
    import schemathesis

    contract = session.catalogue.contract
    document = json.loads(json.dumps(contract.document))
    operation = schemathesis.openapi.from_dict(_without_extras(document))[contract.template][contract.method]
    modes = schemathesis.GenerationMode
    strategy = operation.as_strategy(generation_mode=modes.POSITIVE if is_positive else modes.NEGATIVE)
    drawn = take(strategy, session.profile.second_generator, session.seed)
    return [(each, case) for each in drawn if (case := _case(each, rule)) is not None]


def _without_extras(document: Json) -> Json:
    """Return the description as it is documented: without our own extensions, and without keywords that are only implied."""
    if isinstance(document, dict):
        about = document.get("x-rules", {})
        implied = {keyword for keyword, entry in about.items() if entry.get("basis") != "documented"}
        return {
            key: _without_extras(value) for key, value in document.items() if not key.startswith("x-") and key not in implied
        }
    return [_without_extras(each) for each in document] if isinstance(document, list) else document


def _case(drawn: Any, rule: str) -> Case | None:
    """Return the case that Schemathesis drew, to be sent by our own client; None for one that is no JSON request."""
    if not isinstance(drawn.body, (dict, list, str, int, float, bool, type(None))):
        return None
    query = tuple((name, _spelled(value)) for name, value in (drawn.query or {}).items())
    try:
        raw = json.dumps(drawn.body).encode()
    except (TypeError, ValueError):
        return None
    return Case(side=Side.PROBE, label="drawn by Schemathesis", rule=rule, raw=raw, query=query, phase="schemathesis")


def _spelled(value: Json) -> str:
    return json.dumps(value) if isinstance(value, (bool, dict, list, type(None))) else str(value)


def _check(session: Session, drawn: Any, exchange: Exchange, rule: str, *, accepts: bool) -> None:
    if session.intake.is_unjudged(exchange, "schemathesis.not_a_server_error", "accepts"):
        return
    names = (*_ON_ALL, *(_ON_SUCCESS if exchange.is_success else ()))
    for name in names:
        said = partial(_problem, session, drawn, name=name)
        _note(session, f"schemathesis.{name}", exchange, said, f"what its check {name} demands")
    body = json.loads(exchange.case.raw or b"null")
    plan, is_valid = session.plan, isinstance(body, dict) and session.plan.oracle.is_valid(body)
    may_be_refused = accepts and not is_certain(plan.oracle.root, body, plan.lacking)
    parent = any(name == session.checker.parent_parameter for name, _ in exchange.case.query)
    if accepts == is_valid and not may_be_refused and not parent and exchange.is_success != accepts:
        problem = refusal if accepts else acceptance
        _note(session, rule, exchange, problem, "acceptance" if accepts else "refusal")
    elif exchange.is_success == accepts:
        session.intake.hold(rule, "accepts" if accepts else "rejects", exchange)


def _note(session: Session, rule: str, exchange: Exchange, problem: Problem, expected: str) -> None:
    side = "rejects" if rule.endswith("rejection") else "accepts" if rule.endswith("acceptance") else "shape"
    found = problem(exchange)
    if found is None:
        session.intake.hold(rule, side, exchange)
    else:
        session.intake.suspect_whole(Finding(rule, side, expected, found), exchange, problem)


def _problem(session: Session, drawn: Any, exchange: Exchange, name: str) -> str | None:
    """Return what a check of Schemathesis says of a response; None if it is content."""
    problem = _problem_of(session, drawn, exchange, name, exchange.content)
    if problem is None or not exchange.is_success or exchange.json is NOT_JSON:
        return problem
    # It knows nothing of members that are unset: a reading that does can forgive, and never accuse.
    as_read = json.dumps(Reading(session.catalogue.response).of(exchange.json)).encode()
    return problem and _problem_of(session, drawn, exchange, name, as_read)


def _problem_of(session: Session, drawn: Any, exchange: Exchange, name: str, content: bytes) -> str | None:
    from schemathesis.core.failures import FailureGroup

    headers = {key: value for key, value in exchange.headers.items() if key not in ("content-length", "content-encoding")}
    request = httpx.Request(session.catalogue.contract.method, session.target.url + session.catalogue.contract.path)
    response = httpx.Response(exchange.status, headers=headers, content=content, request=request)
    response.elapsed = datetime.timedelta(seconds=exchange.seconds)
    try:
        drawn.validate_response(response, checks=[_checks()[name]])
    except FailureGroup as group:
        return "; ".join(f"{failure.title}: {failure.message}"[:300] for failure in group.exceptions)
    return None


def _checks() -> dict[str, Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

    return {
        "content_type_conformance": content_type_conformance,
        "response_schema_conformance": response_schema_conformance,
        "not_a_server_error": not_a_server_error,
    }
