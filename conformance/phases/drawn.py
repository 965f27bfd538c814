"""The phase of drawn bodies: Hypothesis explores around the plan, with valid and with invalid bodies."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.session import Session
from strategies.cases import Case, Side
from strategies.drawing import Bodies
from strategies.drawn import take

_BATCH = 100


def run(session: Session) -> None:
    """Sends drawn bodies; the same ones for the same seed."""
    bodies = Bodies(session.plan)
    session.run(_valid(session, bodies, session.profile.drawn))
    session.run(_invalid(session, bodies, session.profile.drawn_invalid))


def _valid(session: Session, bodies: Bodies, count: int) -> Iterator[Case]:
    for start in range(0, count, _BATCH):
        for index, body in enumerate(take(bodies.valid(), min(_BATCH, count - start), session.seed * 1009 + start)):
            yield Case(side=Side.ACCEPTS, label=f"drawn {start + index + 1}", body=body, phase="drawn")


def _invalid(session: Session, bodies: Bodies, count: int) -> Iterator[Case]:
    for start in range(0, count, _BATCH):
        for each in take(bodies.invalid(), min(_BATCH, count - start), session.seed * 1013 + start):
            yield Case(
                side=Side.REJECTS,
                label=f"{each.label}, drawn",
                rule=each.rule,
                body=each.body,
                culprit=each.path,
                phase="drawn",
            )
