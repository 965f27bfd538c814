"""The phase of the protocol: bodies that are no JSON, methods, paths and media types that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from conformance.checks.finding import Finding
from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.phases import encodings as spellings
from conformance.phases.invalid_requests import check_invalid, expect_status
from conformance.phases.problems import refusal
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side
from strategies.negative.malformed import malformed_bodies

_CHARSET = "protocol.media-type-parameter"


async def run(session: Session) -> None:
    """Verify the rules of the protocol."""
    await spellings.run(session)
    malformed = await computed(lambda: session.needed(_malformed(session)))
    await session.each(malformed, partial(check_invalid, session, kind="bad-syntax"))
    is_needed = not session.choice.is_thrifty or session.wants(_CHARSET)
    if is_needed and await _takes_charset(session):
        await session.run(_with_charset(session))
    kinds = {case.label: kind for case, kind in _elsewhere(session)}
    elsewhere = (case for case, _ in _elsewhere(session) if session.wants(case.rule))
    await session.each(elsewhere, lambda exchange: _check_elsewhere(session, exchange, kinds[exchange.case.label]))


def _check_elsewhere(session: Session, exchange: Exchange, kind: str) -> None:
    if not session.intake.is_unjudged(exchange, exchange.case.rule, "rejects"):
        expect_status(session, exchange, exchange.case.rule, kind)


async def _takes_charset(session: Session) -> bool:
    """Return whether a valid body is accepted with a charset stated; if not, what is refused with one shows nothing else."""
    rule = _CHARSET
    case = Case(
        side=Side.PROBE, label="a valid body, its charset stated", rule=rule, body=_valid(session), headers=_charset(session)
    )
    exchange = await session.send(case)
    if session.intake.is_unjudged(exchange, rule, "accepts") or session.baseline is None:
        return False
    if exchange.is_success:
        session.intake.hold(rule, "accepts", exchange)
    else:
        expected = f"status {session.catalogue.contract.status}, as without the parameter"
        session.intake.suspect_whole(Finding(rule, "accepts", expected, f"status {exchange.status}"), exchange, refusal)
    return exchange.is_success


def _valid(session: Session) -> Json:
    return session.baseline.case.body if session.baseline is not None else session.seed_body


def _charset(session: Session) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", f"{session.catalogue.contract.media_type}; charset=utf-8"),)


def _with_charset(session: Session) -> Iterator[Case]:
    """Yield an invalid body whose media type has a parameter, as many clients send it: it is invalid all the same."""
    for rule, found in session.plan.violations.items():
        if session.catalogue.is_documented(rule) and isinstance(found[0].body, dict) and found[0].body:
            yield replace(
                session.plan.rejected(found[0]), headers=_charset(session), label=f"{found[0].label}, its charset stated"
            )
            return


def _malformed(session: Session) -> Iterator[Case]:
    """Yield bodies that are no JSON."""
    for label, raw in malformed_bodies(session.plan.oracle, session.plan.reads):
        yield Case(side=Side.PROBE, label=label, rule="protocol.malformed-json", raw=raw)


def _elsewhere(session: Session) -> Iterator[tuple[Case, str]]:
    """Yield requests for what is not there, each with its kind in the table of tolerances."""
    path, body = session.catalogue.contract.path, session.seed_body
    for method in ("PUT", "PATCH"):
        yield (
            Case(side=Side.PROBE, label=f"{method} {path}", rule="protocol.method", method=method, body=body),
            "other-method",
        )
    other = f"{path}-conformance"
    yield (
        Case(side=Side.PROBE, label=f"POST {other}", rule="protocol.unknown-path", path=other, body=body),
        "other-path",
    )
    for media in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        headers = (("Content-Type", media),)
        label = f"content type {media}"
        yield (
            Case(side=Side.PROBE, label=label, rule="protocol.media-type", body=body, headers=headers),
            "other-media",
        )
