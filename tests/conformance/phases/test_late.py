"""Violations at the end of a run: one of each keyword and member, or every documented one, some beside a query."""

from __future__ import annotations

import pytest

from conformance.run import PHASES
from emulator.fault import Fault
from emulator.faults.dsl.making import accepts_if
from emulator.messages import Exchange, Reply
from reports.record.entries import Outcome
from tests.conformance.servers import conforming
from tests.conformance.sessions import ending_with


@pytest.mark.parametrize(
    ("name", "keyword"), [("initialOutputMedium", "enum"), ("languageHint", "type"), ("temperature", "maximum")]
)
def test_a_check_of_any_member_that_has_stopped_is_found(name: str, keyword: str) -> None:
    """A phase of its own shows it, so that no earlier attempt can."""
    stopped = Fault(
        name="stopped",
        family="rare",
        summary="",
        expects=(),
        accepted=accepts_if(lambda body: name in body),
    )
    ending = ending_with(conforming(faults=[stopped]), {"late": PHASES["late"]})
    assert f"body.{name}.{keyword}" in {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}


def test_a_check_that_nobody_makes_beside_a_parent_call_is_found() -> None:
    """Whatever else it is beside: the parent call is the first one, from which nothing is taken over."""

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        is_invalid = "priorCallId" in exchange.query and verdict is not None and verdict.status == 400
        return None if is_invalid and "temperature" in exchange.sent else verdict

    unchecked = Fault(name="unchecked", family="state", summary="", expects=(), accepted=accepted)
    ending = ending_with(conforming(faults=[unchecked]), {"late": PHASES["late"]})
    assert "body.temperature.maximum" in {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}
