"""The phase of the third generator: hypothesis-jsonschema reads the schema of the request and draws bodies on its own.

The oracle says what each one is: valid, or in violation of one rule unknown to the generator. A valid one must be accepted, the
other one refused. Findings are confirmed, shrunk and attributed as those of any body.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from conformance.concurrency.planning import computed
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case, Side
from strategies.fuzzing.schema_bodies import bodies_by_schema, disputed
from strategies.values.leniency import is_certain
from strategies.values.sampling import take

_LABEL = "drawn by hypothesis-jsonschema"


async def run(session: Session) -> None:
    """Send drawn bodies; the same ones for the same seed."""
    if session.profile.third_generator:
        await session.run(session.choice.part_of(await computed(partial(_drawn, session))))


def _drawn(session: Session) -> list[Case]:
    count, seed = session.profile.third_generator, session.seed
    # A plan that many runs share draws once: the generator takes seconds to read a schema.
    bodies = session.plan.keep(f"third generator {count} {seed}", lambda: iter(_bodies(session, count, seed)))
    return [case for number, body in enumerate(bodies, start=1) for case in _cases(session, body, f"{_LABEL} {number}")]


def _bodies(session: Session, count: int, seed: int) -> list[Json]:
    return take(bodies_by_schema(session.catalogue.contract.request), count, seed * 1019)


def _cases(session: Session, body: Json, label: str) -> Iterator[Case]:
    """Yield the case that a body is; nothing where it violates several rules, or the oracle disputes that it is valid."""
    plan = session.plan
    violated = plan.oracle.violated(body)
    for rule in disputed(violated):
        session.results[rule].suite_error = f"the suite's own error: {label} is invalid to the oracle alone"
    if not violated:
        side = Side.ACCEPTS if is_certain(plan.oracle.root, body, plan.lacking) else Side.MAY
        yield Case(side=side, label=label, body=body, phase="drawn")
    elif len(violated) == 1 and not disputed(violated):
        [(rule, paths)] = violated.items()
        if session.catalogue.is_documented(rule):
            yield Case(side=Side.REJECTS, label=label, rule=rule, offending_path=paths[0], body=body, phase="drawn")
