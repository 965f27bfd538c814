"""The phase of drawn bodies: Hypothesis explores around the plan, with valid and with invalid bodies."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.session import Session
from strategies.cases import Case, Side
from strategies.drawing import Bodies
from strategies.one_by_one import one_by_one


def run(session: Session) -> None:
    """Sends drawn bodies; the same ones for the same seed."""
    bodies = Bodies(session.plan)
    session.run(_valid(session, bodies))
    session.run(_invalid(session, bodies))


def _valid(session: Session, bodies: Bodies) -> Iterator[Case]:
    for number, body in enumerate(one_by_one(bodies.valid(), session.profile.drawn, session.seed * 1009), start=1):
        yield Case(side=Side.ACCEPTS, label=f"drawn {number}", body=body, phase="drawn")


def _invalid(session: Session, bodies: Bodies) -> Iterator[Case]:
    for each in one_by_one(bodies.invalid(), session.profile.drawn_invalid, session.seed * 1013):
        yield Case(
            side=Side.REJECTS,
            label=f"{each.label}, drawn",
            rule=each.rule,
            body=each.body,
            culprit=each.path,
            phase="drawn",
        )
