"""Requests that must be refused for something else than their body."""

from __future__ import annotations

from functools import partial

from conformance.checks.finding import Finding
from conformance.checks.tolerances import Tolerances
from conformance.http.exchange import Exchange
from conformance.session import Session


def expect_status(session: Session, exchange: Exchange, rule: str, kind: str, named: str | None = None) -> None:
    """Check that a request gets a status of its kind; else the rule fails, or the one that it is `named` by."""
    table = session.checker.tolerances
    judge = partial(_other_status, table=table, kind=kind, rule=named or rule)
    finding = judge(exchange)
    if finding is None:
        session.intake.hold(rule, "rejects", exchange)
    else:
        session.intake.suspect(finding, exchange, judge)


def _other_status(exchange: Exchange, table: Tolerances, kind: str, rule: str) -> Finding | None:
    if table.allows(kind, exchange.status):
        return None
    expected = f"status {table.says(kind)} ({exchange.case.label})"
    return Finding(rule, "rejects", expected, f"status {exchange.status}")


def check_invalid(session: Session, exchange: Exchange, kind: str) -> None:
    """Check a request that must be refused for something else than its body."""
    rule = exchange.case.rule
    if session.intake.is_unjudged(exchange, rule, "rejects"):
        return
    # What is refused, but with a status that says something else, is not the rule's own failure.
    named = rule if exchange.is_success and not session.triage.accepts_anything else "status.refused"
    if named != rule and not session.checker.tolerances.allows(kind, exchange.status):
        session.results.owe(rule, named)
    expect_status(session, exchange, rule, kind, named)
