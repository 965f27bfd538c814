"""Alternatives and contradictions beside a parent call: each overrides the others, and nothing that it excludes stays."""

from __future__ import annotations

import pytest

from conformance.run import PHASES
from reports.record.entries import Outcome
from tests.conformance.servers import conforming
from tests.conformance.sessions import ending_with
from tests.emulator.planted import FAULTS


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("web-socket-stays", "status.created"),
        ("lmnt-voice-stays", "response.externalVoice.maxProperties"),
        ("settings-stay-beside-speaker", "state.parent-exclusive"),
    ],
)
def test_an_alternative_of_the_parent_call_that_stays_is_found(fault: str, rule: str) -> None:
    ending = ending_with(conforming(faults=[FAULTS[fault]]), {"state": PHASES["state"]})
    assert rule in {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}
