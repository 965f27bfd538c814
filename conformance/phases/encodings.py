"""The part of the phase of the protocol about spellings: whoever reads JSON must not care how it is written."""

from __future__ import annotations

from conformance.checks.echo import Echo
from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.phases.problems import refusal
from conformance.session import Session
from strategies.bodies.encodings import spellings
from strategies.case import Case, Side

_RULE = "protocol.spelling"
_FEW = 3  # of the spellings, the usual one first, where few requests are to decide the rule


async def run(session: Session) -> None:
    """Send one body in several spellings, and compare what becomes of each with what becomes of the usual one."""
    if not session.wants(_RULE):
        return
    cases = (
        Case(side=Side.PROBE, label=f"JSON {label}", rule=_RULE, body=body, raw=raw)
        for label, body, raw in spellings(session.plan.oracle, session.plan.lacking)
    )
    found = await session.send_all(session.needed(cases, _FEW))
    if not found or not found[0].is_success:
        return  # what else is invalid about the body, other rules report
    usual, *others = found
    known = {finding.rule for finding in _unlike(session.checker.echo, usual)}
    for each in others:
        if not session.intake.is_unjudged(each, _RULE, "accepts"):
            _check(session, each, known)


def _check(session: Session, exchange: Exchange, known: set[str]) -> None:
    case = exchange.case
    if not exchange.is_success:
        expected = f"status {session.catalogue.contract.status} ({case.label}), as for the usual spelling"
        finding = Finding(_RULE, "accepts", expected, f"status {exchange.status}")
        session.intake.suspect_whole(finding, exchange, refusal)
        return
    echo = session.checker.echo
    invalid = [finding for finding in _unlike(echo, exchange) if finding.rule not in known]
    if invalid:
        session.intake.suspect_whole(
            Finding(_RULE, "accepts", f"{invalid[0].expected} ({case.label})", invalid[0].actual, invalid[0].path),
            exchange,
            lambda again: next((each.actual for each in _unlike(echo, again) if each.rule not in known), None),
        )
    else:
        session.intake.hold(_RULE, "accepts", exchange)


def _unlike(echo: Echo, exchange: Exchange) -> list[Finding]:
    """Return what of the body does not come back."""
    return echo.compare(exchange.case.body, exchange.json, set())
