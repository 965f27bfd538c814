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
from strategies.plan.mutators import mutations
from strategies.plan.probe_packs import probe_packs

_FEW = 5  # cases of each rule, where few requests are to decide it


async def run(session: Session) -> None:
    """Try every probe and every mutator: those in packs together, and alone what no accepted pack has shown."""
    cases, packs = await computed(partial(_planned, session))
    shown = set[tuple[str, str]]()  # rules with the labels of their probes

    def of_pack(exchange: Exchange) -> None:
        if not session.intake.is_unjudged(exchange, None, "probe") and exchange.is_success:
            for aim in exchange.case.aims:
                shown.add((aim.rule, aim.label))
                _note(session, exchange, aim.rule, aim.label)
            accepted_probes.judge(session, exchange)

    await session.each(packs, of_pack)
    await session.each([each for each in cases if (each.rule, each.label) not in shown], partial(_observe, session))
    await session.examine()


def _planned(session: Session) -> tuple[list[Case], list[Case]]:
    """Return the probes that are needed, and the packs in which they are tried first."""
    made = list(mutations(session.plan, session.profile.mutated_fields))
    cases = session.needed((*probe_cases(session.catalogue.contract), *(each.case for each in made)), _FEW)
    return cases, list(probe_packs(session.plan.oracle, (each for each in made if each.case in cases)))


def _observe(session: Session, exchange: Exchange) -> None:
    rule = exchange.case.rule
    if not session.intake.is_unjudged(exchange, rule, "probe"):
        _note(session, exchange, rule, exchange.case.label)
        accepted_probes.judge(session, exchange)


def _note(session: Session, exchange: Exchange, rule: str, label: str) -> None:
    happened = "accepted" if exchange.is_success else "refused"
    session.results[rule].observed.setdefault(f"{happened} ({exchange.status})", []).append(label)
