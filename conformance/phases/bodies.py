"""The phase of bodies: packs of all that must be accepted, one rejection a request, then what goes step by step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

from conformance.concurrency.branches import Work
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
    special = chain(near_equal(plan.oracle, plan.lacking), lengthy(plan.oracle, plan.lacking))
    await session.run(part_of(chain(plan.accepts(), plan.pairs(), plan.combinations(profile.combinations), special)))
    await session.run(_rejections(session))
    await session.gather(list(_step_by_step(session)))


def _step_by_step(session: Session) -> Iterator[Work[None]]:
    """Yield works whose requests follow from the responses before them: while one waits, the others go on."""
    yield partial(uncertain.run, session)
    if omissions.are_together(session):
        yield partial(omissions.run, session)
    if session.wants(ALL_INVALID):
        yield partial(_all_invalid, session)
        yield partial(nesting, session)
        yield partial(nulls.run, session)


async def _all_invalid(session: Session) -> None:
    plan = session.plan
    cases = chain(all_invalid(plan), all_undocumented(plan), nested(plan.oracle, few=session.profile.few))
    await session.each(session.needed(cases), lambda exchange: _note(session, exchange))


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
