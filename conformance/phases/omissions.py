"""The part of the phase of bodies about members that only a type implies to be needed: many are left out at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.session import Session
from strategies.case import Case, Side
from strategies.plan.omissions import Omissions, is_lenient, omitted_together


def are_together(session: Session) -> bool:
    """Return whether such members are left out together: where requests are scarce, and none of these rules can fail."""
    return session.profile.few and not session.strict and not session.narrowing.is_narrow


def without_omissions(session: Session, cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the negative cases but for those whose members are left out together; the first shows the smallest body."""
    met = 0
    for case in cases:
        met += is_lenient(session.plan, case.rule)
        if met < 2 or not is_lenient(session.plan, case.rule):
            yield case


async def run(session: Session) -> None:
    """Leave out together what is only implied to be needed; what a refusal leaves open, one by one."""
    packs = await computed(partial(omitted_together, session.plan))
    refused: list[Case] = []
    sent = {id(pack.body): pack for pack in packs}
    wanted = (pack.cases[0] for pack in packs if any(session.wants(each.rule) for each in pack.cases))
    await session.each(wanted, lambda exchange: refused.extend(_left_open(session, exchange, sent[id(exchange.case.body)])))
    await session.run(refused)


def _left_open(session: Session, exchange: Exchange, pack: Omissions) -> list[Case]:
    """Judge a body in which members are missing; return the cases that it leaves open."""
    if exchange.is_success or len(pack.alone) == 1:
        for case in pack.cases:
            of_this = replace(exchange, case=case)
            session.intake.take(of_this, session.checker.check(of_this))
        return []
    if session.checker.is_crash(exchange):
        session.intake.is_unjudged(exchange, exchange.case.rule, Side.REJECTS)
    return [session.plan.rejected(each) for each in pack.alone]
