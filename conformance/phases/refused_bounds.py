"""Strings that a server may refuse, refused at a documented bound: a fault if one of their form is taken that is shorter.

maxLength: 16    "de-Latn-DE-x-abc" refused    "de-Latn-DE-x-ab" accepted: what is refused is the length
"""

from __future__ import annotations

from collections.abc import Iterable

from conformance.checks.finding import Finding
from conformance.phases.problems import refusal
from conformance.session import Session
from openapi.schema.paths import at, with_value
from strategies.case import Aim, Case, Side
from strategies.plan.may_packs import UncertainValue


async def run(session: Session, refused: Iterable[UncertainValue]) -> None:
    """Send a shorter example in place of each value of the greatest length, and that value once more if it is accepted."""
    for value in refused:
        shorter = _one_less(session, value)
        if shorter is not None and session.wants(value.aim.rule):
            await _compare(session, value, shorter)


async def _compare(session: Session, value: UncertainValue, shorter: str) -> None:
    rule, label = value.aim.rule, f"one character less: {shorter}"
    body = with_value(value.body, value.path, shorter)
    less = await session.send(Case(side=Side.MAY, label=label, aims=(Aim(rule, value.path, label),), body=body))
    if not less.is_success:
        return
    label = f"the greatest length, where {shorter} is accepted"
    exchange = await session.send(Case(side=Side.PROBE, label=label, rule=rule, body=value.body))
    if not session.intake.is_unjudged(exchange, rule, "accepts") and not exchange.is_success:
        expected = f"status {session.catalogue.contract.status}, since {shorter}, one character less, is accepted"
        session.intake.suspect_whole(
            Finding(rule, "accepts", expected, f"status {exchange.status}", value.path), exchange, refusal
        )
        await session.examine()


def _one_less(session: Session, value: UncertainValue) -> str | None:
    """Return an example with one character less than a value of the greatest length; None for other values."""
    node, text = session.plan.oracle.root.at(value.path), at(value.body, value.path)
    if node is None or not isinstance(text, str) or len(text) != node.get("maxLength"):
        return None
    return next((each for each in node.get("examples", ()) if isinstance(each, str) and len(each) == len(text) - 1), None)
