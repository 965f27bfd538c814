"""A refused pack is taken apart, and only what is refused again and again is reported."""

from __future__ import annotations

from itertools import count

import pytest

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.http.redaction import NOTHING_SECRET
from conformance.profiles import Selection
from conformance.results.results import Results
from conformance.triage.bisecting import Isolator
from conformance.triage.refused_fields import RefusedFields
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.servers import catalogue
from tests.conformance.sessions import checker, plan

PACK: Json = {
    "systemPrompt": "x😀",
    "languageHint": "de",
    "metadata": {"a": "b", "c": "d"},
    "initialMessages": [{"role": "MESSAGE_ROLE_USER", "text": "hello"}],
    "recordingEnabled": True,
    "maxDuration": "60s",
}


def exchange_of(case: Case, number: int, status: int) -> Exchange:
    """Return the exchange of a case."""
    return Exchange(case=case, number=number, status=status, headers={}, content=b"{}", seconds=0.0, at=0.0)


@pytest.mark.parametrize("chance", range(8, 17))
@pytest.mark.parametrize("status", [400, 500])
def test_what_is_refused_once_by_chance_is_not_reported(chance: int, status: int) -> None:
    """One request beside those with an emoji is refused, each in its turn."""
    numbers = count(1)

    def send(case: Case) -> Exchange:
        number = next(numbers)
        is_refused = "😀".encode() in (case.content or b"") or number == chance
        return exchange_of(case, number, status if is_refused else 201)

    results = Results(catalogue().contract, NOTHING_SECRET, Selection(()))
    known = RefusedFields(plan().oracle)
    isolator = Isolator(plan().oracle, checker(), results, send, known)
    case = Case(side=Side.ACCEPTS, label="pack", body=PACK)
    isolator.isolate(exchange_of(case, 0, status), Finding("", "accepts", "201", str(status), attribute=True))
    reported = [each for rule in catalogue().rules for each in results[rule].failures]
    assert [each.offending_fields for each in reported] == [["/systemPrompt"]]
    assert "😀" in (reported[0].request.body or "")
