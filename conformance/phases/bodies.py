"""The phase of bodies: packs of all that must be accepted, what may be refused, then one rejection a request."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.session import Session
from openapi.json_types import Json
from strategies.alike import alike
from strategies.cases import Case, Side

_ALL_WRONG = 6


def run(session: Session) -> None:
    """Verifies every rule of the body, and on the way those of echo, defaults and answers."""
    plan, profile = session.plan, session.profile
    session.run(plan.accepts())
    session.run(plan.pairs())
    session.run(plan.combinations(profile.combinations))
    session.run(alike(plan.oracle, plan.lacking))
    session.run(plan.may())
    session.run(_rejections(session))
    if profile.each_may:
        session.run(plan.each_may())
    for exchange in session.exchanges(_all_wrong(session)):
        session.is_unjudged(exchange, exchange.case.rule, "robustness")


def _all_wrong(session: Session) -> Iterator[Case]:
    """Bodies in which every member is wrong, in ever other ways; servers stumble over what they collect of it."""
    wrong: dict[str, list[Json]] = {}
    for rule, found in session.plan.violations.items():
        for each in found if session.catalogue.is_documented(rule) else ():
            name = next(iter(each.path), None)
            if isinstance(name, str) and isinstance(each.body, dict) and name in each.body:
                wrong.setdefault(name, []).append(each.body[name])
    rule = "robustness.server-error"
    for number in range(_ALL_WRONG if wrong and session.wants(rule) else 0):
        body = {name: values[number * (index + 1) % len(values)] for index, (name, values) in enumerate(wrong.items())}
        yield Case(side=Side.PROBE, label=f"every member wrong, {number + 1}", rule=rule, body=body)


def _rejections(session: Session) -> Iterator[Case]:
    yield from session.plan.rejects()
    yield from session.plan.amid_others() if session.profile.amid_others else session.plan.deep_in_lists()
