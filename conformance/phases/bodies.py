"""The phase of bodies: packs of all that must be accepted, what may be refused, then one rejection a request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from conformance.http.exchange import Exchange
from conformance.phases import nulls, omissions, uncertain
from conformance.session import Session
from strategies.case import Case
from strategies.coverage.special_bodies import lengthy, near_equal, nested, nested_most
from strategies.plan.all_invalid import ALL_INVALID, all_invalid, all_undocumented
from strategies.plan.omissions import is_lenient


async def run(session: Session) -> None:
    """Verify every rule of the body, and on the way those of echo, defaults and responses."""
    plan, profile = session.plan, session.profile
    part_of = session.choice.part_of
    await session.run(part_of(plan.accepts()))
    await session.run(part_of(plan.pairs()))
    await session.run(part_of(plan.combinations(profile.combinations)))
    await session.run(part_of(chain(near_equal(plan.oracle, plan.lacking), lengthy(plan.oracle, plan.lacking))))
    await uncertain.run(session)
    await session.run(_rejections(session))
    if omissions.are_together(session):
        await omissions.run(session)
    if session.wants(ALL_INVALID):
        await session.each(
            session.needed(chain(all_invalid(plan), all_undocumented(plan), nested(plan.oracle, few=profile.few))),
            lambda exchange: _note(session, exchange),
        )
        await nesting(session)
        await nulls.run(session)


async def nesting(session: Session) -> None:
    """Send a body with nesting of one depth after the other, until one is accepted: each accepted one creates an object."""
    depths = 1 if session.narrowing.is_partial else None
    cases = islice(nested_most(session.plan.oracle), depths) if session.profile.few else ()
    for case in session.needed(cases):
        exchange = await session.send(case)
        _note(session, exchange)
        if exchange.is_success:
            return


def _note(session: Session, exchange: Exchange) -> None:
    session.intake.is_unjudged(exchange, ALL_INVALID, "robustness")


def _rejections(session: Session) -> Iterator[Case]:
    rejects = session.plan.rejects()
    yield from omissions.without_omissions(session, rejects) if omissions.are_together(session) else rejects
    in_context = session.plan.in_context() if session.profile.in_context else session.plan.deep_in_lists()
    # A member that may be missing may be so anywhere, and each time an object is created.
    yield from (case for case in in_context if session.strict or not is_lenient(session.plan, case.rule))
