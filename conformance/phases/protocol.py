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

_CHARSET, _CASE = "protocol.media-type-parameter", "protocol.media-type-case"


async def run(session: Session) -> None:
    """Verify the rules of the protocol."""
    await spellings.run(session)
    malformed = await computed(lambda: session.needed(_malformed(session)))
    await session.each(malformed, partial(check_invalid, session, kind="bad-syntax"))
    is_needed = not session.choice.is_thrifty or session.wants(_CHARSET) or session.wants(_CASE)
    if is_needed and await _takes_charset(session):
        await session.run(_with_charset(session))
    kinds = {case.label: kind for case, kind in _elsewhere(session)}
    elsewhere = (case for case, _ in _elsewhere(session) if session.wants(case.rule))
    await session.each(elsewhere, lambda exchange: _check_elsewhere(session, exchange, kinds[exchange.case.label]))


def _check_elsewhere(session: Session, exchange: Exchange, kind: str) -> None:
    if not session.intake.is_unjudged(exchange, exchange.case.rule, "rejects"):
        expect_status(session, exchange, exchange.case.rule, kind)


async def _takes_charset(session: Session) -> bool:
    """Return whether a valid body is accepted with a charset stated; if not, what is refused with one shows nothing else.

    The media type is in capital letters too: one request, and one object, for two rules. Only where that is refused, each of
    the two is tried alone.
    """
    media_type = session.catalogue.contract.media_type
    both = await _sent_as(session, _CHARSET, f"{media_type.upper()}; charset=utf-8")
    if both.is_success:
        for rule in (_CHARSET, _CASE):
            session.intake.hold(rule, "accepts", both)
        return True
    await _tried_alone(session, _CASE, media_type.upper())
    return await _tried_alone(session, _CHARSET, f"{media_type}; charset=utf-8")


async def _tried_alone(session: Session, rule: str, media_type: str) -> bool:
    """Return whether a valid body is accepted with a media type in this spelling."""
    exchange = await _sent_as(session, rule, media_type)
    if session.intake.is_unjudged(exchange, rule, "accepts") or session.baseline is None:
        return False
    if exchange.is_success:
        session.intake.hold(rule, "accepts", exchange)
    else:
        expected = f"status {session.catalogue.contract.status}, as with {session.catalogue.contract.media_type}"
        session.intake.suspect_whole(Finding(rule, "accepts", expected, f"status {exchange.status}"), exchange, refusal)
    return exchange.is_success


async def _sent_as(session: Session, rule: str, media_type: str) -> Exchange:
    headers = (("Content-Type", media_type),)
    label = f"a valid body, its media type {media_type}"
    return await session.send(Case(side=Side.PROBE, label=label, rule=rule, body=_valid(session), headers=headers))


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
