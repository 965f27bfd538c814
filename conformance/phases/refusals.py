"""A request that is refused, sent to see that nothing of it is left behind."""

from __future__ import annotations

from dataclasses import replace

from conformance.http.exchange import Exchange
from conformance.phases.on_object import Query
from conformance.session import Session
from openapi.json_types import Json
from strategies.case import Case


async def send_rich_refusal(session: Session, query: Query = ()) -> Exchange | None:
    """Send a large body that is to be refused for one thing. Return its exchange; None where no rule can be violated so."""
    case = _rich_refusal(session)
    if case is None:
        return None
    refused = await session.send(replace(case, query=query, label=f"{case.label}, in a rich body"))
    if not session.triage.accepts_anything:
        session.intake.settle(refused)
    return refused


def _rich_refusal(session: Session) -> Case | None:
    rows = session.plan.maker.packs(session.plan.oracle.root)
    # What is empty could be seen nowhere.
    objects = (row.value for row in rows if isinstance(row.value, dict))
    rich: Json = max(objects, key=lambda body: sum(map(bool, body.values())), default={})
    for rule, found in session.plan.violations.items():
        body = {**rich, **found[0].body} if isinstance(found[0].body, dict) else {}
        if session.catalogue.is_documented(rule) and list(session.plan.oracle.violated(body)) == [rule]:
            return session.plan.rejected(replace(found[0], body=body))
    return None
