"""Alternatives and contradictions beside a parent call: each overrides the others, and nothing that it excludes stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.phases.conflicts import EXCLUSIVE
from conformance.run import PHASES
from emulator.fault import Fault
from reports.record.entries import Outcome
from tests.conformance.servers import conforming
from tests.conformance.sessions import ending_with
from tests.emulator.planted import FAULTS


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("web-socket-stays", "state.medium.overridden"),
        ("lmnt-voice-stays", "response.externalVoice.maxProperties"),
        ("settings-stay-beside-speaker", "state.parent-exclusive"),
    ],
)
def test_an_alternative_of_the_parent_call_that_stays_is_found(fault: str, rule: str) -> None:
    ending = ending_with(conforming(faults=[FAULTS[fault]]), {"state": PHASES["state"]})
    assert rule in {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}


def test_a_body_that_is_refused_beside_what_it_excludes_is_seen_in_the_verdict() -> None:
    """No rule fails, since nobody documents it, but none passes in silence either."""
    refusing = Fault(
        name="conflict",
        family="state",
        summary="a body that excludes what its prior call has is refused",
        expects=(),
        variant=lambda variant: replace(variant, parent_conflict="refused"),
    )
    ending = ending_with(conforming(faults=[refusing]), {"state": PHASES["state"]})
    found = next(each for each in ending.verdicts if each.rule == EXCLUSIVE)
    assert found.outcome is Outcome.OBSERVED
    assert found.observed is not None
    assert "externalVoice over voice" in found.observed
    assert "voice over externalVoice" in found.observed
