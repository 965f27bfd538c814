"""The end of a run: a violation of each kind once more, for checks that stop after some hundred requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.session import Session
from strategies.case import Case


async def run(session: Session) -> None:
    """Send one documented violation of each kind at the end, when the server has served many requests."""
    await session.run(_once_more(session))


def _once_more(session: Session) -> Iterator[Case]:
    met = set[str]()
    for rule, found in session.plan.violations.items():
        kind = rule.rsplit(".", 1)[-1]
        if kind not in met and session.catalogue.is_documented(rule):
            met.add(kind)
            yield replace(session.plan.rejected(found[-1]), label=f"{found[-1].label}, at the end of the run")
