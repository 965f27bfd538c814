"""The part of the phase of the protocol about spellings: whoever reads JSON must not care how it is written."""

from __future__ import annotations

from conformance.checks.echo import Echo
from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.session import Session
from strategies.bodies.encodings import spellings
from strategies.case import Case, Side

_RULE = "protocol.spelling"


async def run(session: Session) -> None:
    """Send one body in several spellings, and compare what becomes of each with what becomes of the usual one."""
    if not session.wants(_RULE):
        return
    found = await session.send_all(
        Case(side=Side.PROBE, label=f"JSON {label}", rule=_RULE, body=body, raw=raw)
        for label, body, raw in spellings(session.plan.oracle, session.plan.lacking)
    )
    if not found or not found[0].is_success:
        return  # what else is wrong with the body, other rules tell
    usual, *others = found
    known = {finding.rule for finding in _unlike(session.checker.echo, usual)}
    for each in others:
        if not session.intake.is_unjudged(each, _RULE, "accepts"):
            _check(session, each, known)


def _check(session: Session, exchange: Exchange, known: set[str]) -> None:
    case = exchange.case
    if not exchange.is_success:
        expected = f"status {session.catalogue.contract.status} ({case.label}), as for the usual spelling"
        session.intake.fail_at(Finding(_RULE, "accepts", expected, f"status {exchange.status}"), exchange)
        return
    invalid = [finding for finding in _unlike(session.checker.echo, exchange) if finding.rule not in known]
    if invalid:
        session.intake.fail_at(
            Finding(_RULE, "accepts", f"{invalid[0].expected} ({case.label})", invalid[0].actual, invalid[0].path), exchange
        )
    else:
        session.intake.hold(_RULE, "accepts", exchange)


def _unlike(echo: Echo, exchange: Exchange) -> list[Finding]:
    """Return what of the body does not come back."""
    return echo.compare(exchange.case.body, exchange.json, set())
