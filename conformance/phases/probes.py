"""The phase of probes: undocumented behaviour is tried and recorded, so that a change is noticed.

A violation is only a 5xx response, or one to an accepted body that no response may look like.

Each accepted probe creates an object. So probes share requests, and those of one that is refused are tried in two halves, then
alone. An accepted request shows all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from conformance.concurrency.planning import computed
from conformance.http.exchange import Exchange
from conformance.phases import accepted_probes
from conformance.session import Session
from openapi.catalogue import MUTATORS, entries, probes
from strategies.case import Case
from strategies.coverage.probes import joined, probe_cases, sharing
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
    await _in_groups(session, list(_groups(session, cases)), of_pack)
    await session.each([each for each in cases if (each.rule, each.label) not in shown], partial(_observe, session))
    await session.examine()


def _groups(session: Session, cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    """Yield the probes that share a request, and those that share a body."""
    yield from sharing(probes(session.catalogue.contract), cases)
    yield from sharing(entries(MUTATORS, "mutators"), cases)


async def _in_groups(session: Session, groups: Sequence[Sequence[Case]], take: Callable[[Exchange], None]) -> None:
    """Try groups of probes, and the halves of those that are not accepted, down to two."""
    while groups := [each for each in groups if len(each) > 1]:
        requests = list(map(joined, groups))
        tried = {case.aims: group for case, group in zip(requests, groups, strict=True)}
        found = await session.send_all(requests)
        for exchange in found:
            take(exchange)
        refused = [tried[each.case.aims] for each in found if not each.is_success]
        groups = [half for group in refused for half in (group[: len(group) // 2], group[len(group) // 2 :])]


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
