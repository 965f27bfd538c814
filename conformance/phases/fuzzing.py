"""The phase of drawn bodies: Hypothesis explores around the plan, with valid and with invalid bodies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from conformance.session import Session
from strategies.case import Case, Side
from strategies.fuzzing.batching import one_by_one
from strategies.fuzzing.body_strategies import Bodies


async def run(session: Session) -> None:
    """Send drawn bodies; the same ones for the same seed."""
    plan, profile, seed = session.plan, session.profile, session.seed
    bodies = Bodies(plan)
    # Drawn in the thread of planning: a plan that keeps cases draws all of them before the first is sent.
    valid = chain.from_iterable(plan.keep(f"drawn {profile.drawn} {seed}", lambda: _valid(session, bodies)) for _ in "1")
    await session.run(session.choice.part_of(valid))
    name = f"drawn invalid {profile.drawn_invalid} {seed}"
    invalid = chain.from_iterable(plan.keep(name, lambda: _invalid(session, bodies)) for _ in "1")
    await session.run(invalid, are_verified=True)


def _valid(session: Session, bodies: Bodies) -> Iterator[Case]:
    batches = one_by_one(bodies.valid_batches(), session.profile.drawn, session.seed * 1009)
    for number, body in enumerate(islice(chain.from_iterable(batches), session.profile.drawn), start=1):
        yield Case(side=Side.ACCEPTS, label=f"drawn {number}", body=body, phase="drawn")


def _invalid(session: Session, bodies: Bodies) -> Iterator[Case]:
    batches = one_by_one(bodies.invalid_batches(), session.profile.drawn_invalid, session.seed * 1013)
    for each in islice(chain.from_iterable(batches), session.profile.drawn_invalid):
        yield Case(
            side=Side.REJECTS,
            label=f"{each.label}, drawn",
            rule=each.rule,
            body=each.body,
            offending_path=each.path,
            phase="drawn",
        )
