"""Operations that a server does not serve: left out of the contract's own description, a failure of another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from conformance.phases import auth, state
from openapi.catalogue import Catalogue
from reports.record.entries import Outcome, Verdict
from tests.conformance.servers import Received, Reply, catalogue, conforming
from tests.conformance.sessions import ending_with

SELECTED = ("state.delete", "state.delete-isolated", "auth.delete", "state.read-back")


def verdicts(own: bool) -> dict[str, Verdict]:
    """The verdicts on a server that deletes nothing, by our description or by the same as another one."""
    served = conforming()

    def respond(received: Received) -> Reply | None:
        return Reply(405, b'{"detail": "Method not allowed."}') if received.method == "DELETE" else served(received)

    contract = replace(catalogue().contract, is_own=own)
    given: Catalogue = replace(catalogue(), contract=contract)
    checker = Checker(given, tolerances_of(contract))
    phases = {"auth": auth.run, "state": state.run}
    ending = ending_with(respond, phases, catalogue=given, shared_checker=checker, select=SELECTED)
    return {each.rule: each for each in ending.verdicts}


@pytest.mark.parametrize("own", [True, False])
def test_an_operation_that_is_not_served_is_left_out_of_the_contracts_own_description_alone(own: bool) -> None:
    found = verdicts(own)
    expected = Outcome.SKIP if own else Outcome.FAIL
    assert (found["state.delete"].outcome, found["auth.delete"].outcome) == (expected, expected)
    assert found["state.read-back"].outcome is Outcome.PASS
    isolated = found["state.delete-isolated"]  # nothing shows whether others stay as they were
    assert isolated.outcome is Outcome.SKIP
    reason = "is not served: it got 405" if own else "nothing was deleted: the server responded with status 405"
    assert reason in str(isolated.reason)
