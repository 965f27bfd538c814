"""The part of the phase of bodies about null in place of members: taken for not set, or refused, and nothing else.

All members are null at once; only where that is refused, each one alone. A server that reads null as "not set" creates one
object that way, and one that refuses null creates none.
"""

from __future__ import annotations

from functools import partial

from conformance.http.exchange import Exchange
from conformance.phases import accepted_probes
from conformance.session import Session
from strategies.plan.all_invalid import ALL_INVALID, all_null, each_null


async def run(session: Session) -> None:
    """Send null for all members, and for each where that is refused."""
    found = await session.send_all(all_null(session.plan))
    for exchange in found:
        _note(session, exchange)
    if any(map(session.checker.is_refusal, found)) and not session.narrowing.is_partial:
        await session.each(each_null(session.plan), partial(_note, session))
    await session.examine()


def _note(session: Session, exchange: Exchange) -> None:
    if not session.intake.is_unjudged(exchange, ALL_INVALID, "robustness"):
        accepted_probes.judge(session, exchange)
