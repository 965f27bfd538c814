"""The phase of examples: bodies that failed in an earlier run are sent before all others."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.observed import Checks
from conformance.http.exchange import Exchange
from conformance.session import Session
from openapi.own_checks import Observed
from strategies.case import Case, Side


async def run(session: Session) -> None:
    """Send the bodies; those that fail no more are forgotten."""
    examples = session.examples
    if examples is None:
        return
    checks = Checks(session.catalogue)

    def cases() -> Iterator[Case]:
        for number, body in enumerate(examples.bodies(), start=1):
            yield checks.case(Observed(body=body, status=0), f"failed before {number}")

    def forgotten(exchange: Exchange) -> None:
        result = session.checker.check(exchange)
        # A body that may be refused shows nothing by being so.
        if result.unjudged is None and not result.findings and (exchange.case.side is not Side.MAY or exchange.is_success):
            examples.forget(exchange.case.body)

    await session.run(list(cases()), then=forgotten)
