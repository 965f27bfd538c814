"""The part of the phase of bodies about null in place of members: taken for not set, or refused, and nothing else.

All members are null at once; where that is refused, all of one type; where that is refused, each one alone. So are the members
within each property. A server that reads null as "not set" creates one object that way, or one for each type that it reads so,
and one that refuses null creates none.
"""

from __future__ import annotations

from functools import partial

from conformance.http.exchange import Exchange
from conformance.phases import accepted_probes
from conformance.session import Session
from strategies.plan.all_invalid import ALL_INVALID, all_null, nested_nulls, nulls_by_type


async def run(session: Session) -> None:
    """Send null for all members, and for fewer of them where that is refused."""
    note = partial(_note, session)
    found = await session.send_all(all_null(session.plan))
    for exchange in found:
        note(exchange)
    if not session.narrowing.is_partial:
        by_type = list(nulls_by_type(session.plan)) if any(map(session.checker.is_refusal, found)) else []
        groups = [*by_type, *filter(None, [nested_nulls(session.plan)])]
        together = await session.send_all(group[0] for group in groups)
        for exchange in together:
            note(exchange)
        refused = (group for group, exchange in zip(groups, together, strict=True) if not exchange.is_success)
        await session.each((case for _, *alone in refused for case in alone), note)
    await session.examine()


def _note(session: Session, exchange: Exchange) -> None:
    if not session.intake.is_unjudged(exchange, ALL_INVALID, "robustness"):
        accepted_probes.judge(session, exchange)
