"""Where an account lacks what fields need, a refusal of them is no violation; where it has it, each of their values counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.profiles import PROFILES
from conformance.selfcheck.trials import Bench
from emulator.fault import Fault
from emulator.messages import Exchange, Reply, refusal
from tests.conformance.servers import catalogue
from tests.plans import our_plan

Refused = Callable[[dict[str, Any]], bool]


def refusing(refused: Refused) -> Fault:
    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return refusal(400, "It is not for this account.") if verdict is None and refused(exchange.body) else verdict

    return Fault(name="refusing", family="needs", summary="refuses", expects=("body.externalVoice*",), accepted=accepted)


def failed(refused: Refused) -> tuple[str, ...]:
    one = Bench(catalogue(), PROFILES["smoke"], our_plan())
    vars(one)["faults"] = {"refusing": refusing(refused)}  # none of the others, which take a second to make
    trial = one.try_fault("refusing")
    assert trial.outcome == ("fails" if trial.failed else "conforms")
    return trial.failed


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(lambda body: "externalVoice" in body, id="no key"),
        pytest.param(lambda body: "lmnt" in body.get("externalVoice", {}), id="no key of one provider"),
        pytest.param(lambda body: bool(body.get("experimentalSettings")), id="unknown settings"),
    ],
)
def test_refusing_what_needs_something_is_no_violation(refused: Refused) -> None:
    assert failed(refused) == ()


def test_refusing_a_value_of_what_is_taken_otherwise_is_a_violation() -> None:
    found = failed(lambda body: body.get("externalVoice", {}).get("lmnt", {}).get("speed") == 2)
    assert found == ("body.externalVoice.lmnt.speed.maximum",)
