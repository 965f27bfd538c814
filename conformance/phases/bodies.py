"""The phase of bodies: packs of all that must be accepted, what may be refused, then one rejection a request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from conformance.session import Session
from strategies.case import Case
from strategies.coverage.special_bodies import lengthy, near_equal
from strategies.plan.all_invalid import ALL_INVALID, all_invalid


def run(session: Session) -> None:
    """Verifies every rule of the body, and on the way those of echo, defaults and answers."""
    plan, profile = session.plan, session.profile
    session.run(plan.accepts())
    session.run(plan.pairs())
    session.run(plan.combinations(profile.combinations))
    session.run(chain(near_equal(plan.oracle, plan.lacking), lengthy(plan.oracle, plan.lacking)))
    session.run(plan.may())
    session.run(_rejections(session))
    if profile.each_may:
        session.run(plan.each_may())
    if session.wants(ALL_INVALID):
        for exchange in session.exchanges(all_invalid(plan)):
            session.is_unjudged(exchange, ALL_INVALID, "robustness")


def _rejections(session: Session) -> Iterator[Case]:
    yield from session.plan.rejects()
    yield from session.plan.in_context() if session.profile.in_context else session.plan.deep_in_lists()
