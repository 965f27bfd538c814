"""Requests that must be refused for something else than their body."""

from __future__ import annotations

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.session import Session


def check_invalid(session: Session, exchange: Exchange, kind: str) -> None:
    """Judges a request that must be refused for something else than its body."""
    rule, table = exchange.case.rule, session.checker.tolerances
    if session.is_unjudged(exchange, rule, "rejects"):
        return
    if table.allows(kind, exchange.status):
        session.hold(rule, "rejects", exchange)
        return
    expected = f"status {table.says(kind)} ({exchange.case.label})"
    # What is refused, but with a status that says something else, is not the rule's own failure.
    named = rule if exchange.is_success and not session.accepts_anything else "status.refused"
    if named != rule:
        session.results.owe(rule, named)
    session.fail_at(Finding(named, "rejects", expected, f"status {exchange.status}"), exchange)
