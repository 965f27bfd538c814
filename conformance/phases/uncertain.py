"""The part of the phase of bodies about values that a server may refuse: they share bodies, and refused ones are bisected.

What one refused pack shows is used for all others: a reason that is refused by itself is taken out of them before they are
bisected any further.

Which of several reasons it was, the refusal may say: where it names a value, or a member, these are tried first.

    {nul, 1e39, "0s"}  refused    {nul} accepted    {1e39, "0s"} refused    {1e39} refused    {"0s"} accepted
    {esc, 1e39}        refused    {esc} accepted    and 1e39 comes by itself
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.phases import refused_bounds
from conformance.session import Session
from openapi.schema.oracle import Oracle
from strategies.coverage.single_choice import without_need
from strategies.plan.may_packs import MayPack, UncertainValue, bisected, packed


@dataclass(frozen=True, slots=True)
class _Refused:
    """A refused pack, and the text of its refusal."""

    pack: MayPack
    text: str

    @property
    def reasons(self) -> list[str]:
        """Return the reasons for which it may have been refused."""
        return self.pack.reasons

    @property
    def suspected(self) -> frozenset[str]:
        """Return the reasons that the refusal names."""
        return self.pack.named_in(self.text)


async def run(session: Session) -> None:
    """Send packs of what may be refused, and bisect those that are, until each reason stands alone."""
    plan = session.plan
    planned = await computed(lambda: plan.may_packs)
    refused = await _refused(session, [pack for pack in planned if session.choice.has_part(pack.case)])
    alone: set[str] = set()  # reasons that are refused by themselves
    left: list[UncertainValue] = []  # values of these that other packs held
    by_themselves: list[UncertainValue] = []
    while refused:
        single = [each for each in refused if len(each.reasons) == 1]
        alone |= {each.reasons[0] for each in single}
        by_themselves += [value for each in single for value in each.pack.values]
        refused = [each for each in refused if len(each.reasons) > 1]
        explained = [each for each in refused if alone & set(each.reasons)]
        left += [value for each in explained for value in each.pack.values if value.reason in alone]
        chosen = explained or sorted(refused, key=lambda each: len(each.suspected) or len(each.reasons))[:1]
        parts = await computed(partial(_parts, plan.oracle, chosen, frozenset(alone)))
        refused = [*await _refused(session, parts), *(each for each in refused if each not in chosen)]
    by_reason = {value.reason: [each for each in left if each.reason == value.reason] for value in left}
    await _refused(session, [pack for values in by_reason.values() for pack in packed(plan.oracle, values)])
    await refused_bounds.run(session, [*by_themselves, *left])
    await session.run(session.choice.part_of(without_need(plan.oracle, plan.maker)))


def _parts(oracle: Oracle, refused: Iterable[_Refused], alone: frozenset[str]) -> list[MayPack]:
    """Return the packs without what is refused by itself; the halves of those that hold none of it."""
    found: list[MayPack] = []
    for each in refused:
        if alone & set(each.reasons):
            found += packed(oracle, (value for value in each.pack.values if value.reason not in alone))
        else:
            found += bisected(oracle, each.pack, each.suspected)
    return found


async def _refused(session: Session, packs: list[MayPack]) -> list[_Refused]:
    """Send packs; return those that the server refuses."""
    found: list[Exchange] = []
    sent = {id(pack.body): pack for pack in packs}
    await session.run((pack.case for pack in packs), then=found.append)
    return [_Refused(sent[id(each.case.body)], each.received) for each in found if session.checker.is_refusal(each)]
