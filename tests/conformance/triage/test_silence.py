"""A request that never gets a response is reported apart from chance and from an outage."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from conformance.http.exchange import Exchange
from conformance.run import PHASES
from conformance.triage.budget import Resender, TriageBudget
from conformance.triage.silence import CONFIRMATIONS, CONTROLS, stays_silent
from reports.record.entries import Outcome
from strategies.case import Case
from tests.conformance.clients import case
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import checker, ending_with

BASELINE = case(0)


def exchange(sent: Case, *, responds: bool) -> Exchange:
    error = None if responds else "ReadError"
    return Exchange(case=sent, number=1, status=201 if responds else 0, headers={}, content=b"{}", seconds=0, at=0, error=error)


def confirmed(responds: Callable[[Case], bool]) -> bool:
    """Return whether a silent request is confirmed where requests get a response or not."""

    def together(cases: list[Case], **options: bool) -> list[Exchange]:
        assert options == {"retry": False, "fresh": True}
        return [exchange(each, responds=responds(each)) for each in cases]

    resender = Resender(lambda _case: exchange(BASELINE, responds=True), together, TriageBudget(1_000))
    return stays_silent(exchange(case(1), responds=False), BASELINE, checker(), resender) is not None


def is_baseline(sent: Case) -> bool:
    return bool(sent.body == BASELINE.body)


def test_a_body_that_never_gets_a_response_while_others_do_is_a_finding() -> None:
    assert confirmed(is_baseline)


def test_an_outage_is_no_finding() -> None:
    assert not confirmed(lambda _sent: False)


@pytest.mark.parametrize("missed", range(CONFIRMATIONS))
def test_one_response_to_the_body_is_enough_to_acquit(missed: int) -> None:
    seen = Counter[bool]()

    def responds(sent: Case) -> bool:
        seen[is_baseline(sent)] += 1
        return is_baseline(sent) or seen[False] == missed + 1

    assert not confirmed(responds)


def test_chance_accuses_nobody() -> None:
    """Of requests that have failed by chance already, next to none fails by chance as often again."""
    chance = random.Random(7)
    assert sum(confirmed(lambda _sent: chance.random() >= 0.2) for _ in range(5_000)) == 0
    assert 0.2**4 * 0.2**CONFIRMATIONS * 500 < 1e-5
    assert CONTROLS >= 4


@pytest.mark.parametrize(("without", "is_finding"), [(0, True), (1, True), (2, False), (4, False)])
def test_three_of_four_others_have_to_get_a_response(without: int, is_finding: bool) -> None:
    others = iter([False] * without)
    assert confirmed(lambda sent: is_baseline(sent) and next(others, True)) is is_finding


def test_one_that_was_not_sent_as_often_as_it_takes_is_no_finding() -> None:
    resender = Resender(
        lambda _case: exchange(BASELINE, responds=True),
        lambda cases, **_options: [exchange(each, responds=is_baseline(each)) for each in cases[:-2]],
        TriageBudget(1_000),
    )
    assert stays_silent(exchange(case(1), responds=False), BASELINE, checker(), resender) is None


def test_what_is_shown_is_the_latest_request_without_a_response() -> None:
    sent: list[Exchange] = []

    def together(cases: list[Case], **_options: bool) -> list[Exchange]:
        sent.extend(exchange(each, responds=is_baseline(each)) for each in cases)
        return sent

    resender = Resender(lambda _case: exchange(BASELINE, responds=True), together, TriageBudget(1_000))
    shown = stays_silent(exchange(case(1), responds=False), BASELINE, checker(), resender)
    assert shown is [each for each in sent if each.error is not None][-1]
    assert {each.case.phase for each in sent} == {"shrink"}


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_a_run_over_a_line_that_resets_by_chance_accuses_no_server(rate: float) -> None:
    server, chance = conforming(), random.Random(1)

    def resetting(received: Received) -> Reply | None:
        return None if chance.random() < rate else server(received)

    ending = ending_with(resetting, {"auth": PHASES["auth"], "protocol": PHASES["protocol"]}, concurrency=8)
    assert not [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]


def test_a_body_that_brings_down_its_connection_is_found_over_a_line_that_resets_by_chance() -> None:
    server, chance = conforming(), random.Random(3)

    def resetting(received: Received) -> Reply | None:
        return None if b'"twilio"' in received.body or chance.random() < 0.05 else server(received)

    ending = ending_with(resetting, {"bodies": PHASES["bodies"]}, concurrency=8, select=("body.medium.*", "robustness.*"))
    failures = {each.rule: each.failures for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert list(failures) == ["robustness.responds"]
    assert all("twilio" in str(each.request.body) for each in failures["robustness.responds"])
