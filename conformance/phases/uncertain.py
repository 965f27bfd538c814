"""The part of the phase of bodies about values that a server may refuse: they share bodies, and refused ones are bisected.

What one refused pack shows is used for all others: a reason that is refused by itself is taken out of them before they are
bisected any further.

    {nul, 1e39, "0s"}  refused    {nul} accepted    {1e39, "0s"} refused    {1e39} refused    {"0s"} accepted
    {esc, 1e39}        refused    {esc} accepted    and 1e39 comes by itself
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.session import Session
from openapi.schema.oracle import Oracle
from strategies.coverage.single_choice import without_need
from strategies.plan.may_packs import MayPack, UncertainValue, bisected, packed


async def run(session: Session) -> None:
    """Send packs of what may be refused, and bisect those that are, until each reason stands alone."""
    plan = session.plan
    planned = await computed(lambda: plan.may_packs)
    refused = await _refused(session, [pack for pack in planned if session.choice.has_part(pack.case)])
    alone: set[str] = set()  # reasons that are refused by themselves
    left: list[UncertainValue] = []  # values of these that other packs held
    while refused:
        alone |= {pack.reasons[0] for pack in refused if len(pack.reasons) == 1}
        refused = [pack for pack in refused if len(pack.reasons) > 1]
        explained = [pack for pack in refused if alone & set(pack.reasons)]
        left += [each for pack in explained for each in pack.values if each.reason in alone]
        chosen = explained or refused[:1]
        parts = await computed(partial(_parts, plan.oracle, chosen, frozenset(alone)))
        refused = [*await _refused(session, parts), *(pack for pack in refused if pack not in chosen)]
    by_reason = {value.reason: [each for each in left if each.reason == value.reason] for value in left}
    await _refused(session, [pack for values in by_reason.values() for pack in packed(plan.oracle, values)])
    await session.run(session.choice.part_of(without_need(plan.oracle, plan.maker)))


def _parts(oracle: Oracle, packs: Iterable[MayPack], alone: frozenset[str]) -> list[MayPack]:
    """Return the packs without what is refused by itself; the halves of those that hold none of it."""
    found: list[MayPack] = []
    for pack in packs:
        if alone & set(pack.reasons):
            found += packed(oracle, (each for each in pack.values if each.reason not in alone))
        else:
            found += bisected(oracle, pack)
    return found


async def _refused(session: Session, packs: list[MayPack]) -> list[MayPack]:
    """Send packs; return those that the server refuses."""
    found: list[Exchange] = []
    sent = {id(pack.body): pack for pack in packs}
    await session.run((pack.case for pack in packs), then=found.append)
    return [sent[id(each.case.body)] for each in found if session.checker.is_refusal(each)]
