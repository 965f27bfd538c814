"""A request that is refused, sent to see that nothing of it is left behind."""

from __future__ import annotations

from dataclasses import replace

from conformance.session import Session
from openapi.json_types import Json
from strategies.cases import Case


def rich_refusal(session: Session) -> Case | None:
    """A body with as much as there is that is refused for one thing; None where no rule is there to be broken."""
    rows = session.plan.maker.rows(session.plan.oracle.root)
    # What is empty could be seen nowhere.
    rich: Json = max((row.value for row in rows), key=lambda body: sum(map(bool, body.values())), default={})
    for rule, found in session.plan.violations.items():
        body = {**rich, **found[0].body} if isinstance(found[0].body, dict) else {}
        if session.catalogue.is_documented(rule) and list(session.plan.oracle.broken(body)) == [rule]:
            return session.plan.rejected(replace(found[0], body=body))
    return None
