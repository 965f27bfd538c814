"""The phase of probes: undocumented behaviour is tried and recorded, so that a change is noticed.

A violation is only a 5xx response, or one to an accepted body that no response may look like.
"""

from __future__ import annotations

from functools import partial

from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.phases import accepted_probes
from conformance.session import Session
from strategies.case import Case
from strategies.coverage.probes import probe_cases
from strategies.plan.mutators import mutated

_FEW = 5  # cases of each rule, where few requests are to decide it


async def run(session: Session) -> None:
    """Try every probe and every mutator."""
    await session.each(await computed(partial(_cases, session)), partial(_observe, session))
    await session.examine()


def _cases(session: Session) -> list[Case]:
    cases = (*probe_cases(session.catalogue.contract), *mutated(session.plan, session.profile.mutated_fields))
    return session.needed(cases, _FEW)


def _observe(session: Session, exchange: Exchange) -> None:
    rule = exchange.case.rule
    if session.intake.is_unjudged(exchange, rule, "probe"):
        return
    happened = "accepted" if exchange.is_success else "refused"
    places = session.results[rule].observed.setdefault(f"{happened} ({exchange.status})", [])
    places.append(exchange.case.label)
    accepted_probes.judge(session, exchange)
