"""Confirming: what the same request shows again is reported, what it does not is intermittent, and an outage is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, repeat

import pytest

from conformance.checks.finding import Finding, Suspect
from conformance.checks.own.judging import SIDE
from conformance.http.exchange import Exchange
from conformance.triage.budget import Resender, TriageBudget
from conformance.triage.confirming import Confirmer, Unjudged, named
from strategies.case import Key, Side
from tests.conformance.triage.small import Server, case, checker, results

MAXIMUM = "body.rate.maximum"


def confirmer(*statuses: int, globs: tuple[str, ...] = ()) -> tuple[Confirmer, Server]:
    """A confirmer of a server that responds with these statuses, the last one for ever."""
    upcoming: Iterator[int] = chain(statuses, repeat(statuses[-1]))
    server = Server(lambda _body: next(upcoming))
    return Confirmer(checker(), results(*globs), Resender(server.send, server.send_all, TriageBudget(99))), server


def suspect(
    server: Server, rule: str = MAXIMUM, *, side: str = "rejects", is_sequel: bool = False, attribute: bool = False
) -> Suspect:
    exchange = server.send(case({"rate": 2}, side=Side.REJECTS, rule=MAXIMUM))
    finding = Finding(rule, side, "400", "201: accepted", attribute=attribute)

    def judge(again: Exchange) -> Finding | None:
        return finding if again.status == exchange.status else None

    return Suspect(exchange, finding, judge, is_sequel=is_sequel)


def test_what_is_shown_again_is_confirmed_by_one_request() -> None:
    confirming, server = confirmer(201)
    assert confirming.is_confirmed(suspect(server))
    assert len(server.received) == 2
    assert confirming.results.failing(lambda _rule: True) == 0


@pytest.mark.parametrize(
    ("statuses", "rule", "seen"),
    [
        ((201, 400, 400), "robustness.repeatable", 1),
        ((201, 400, 201, 400), MAXIMUM, 2),
        ((201, 400, 201, 201), MAXIMUM, 3),
        ((500, 400, 400), "robustness.server-error", 1),
    ],
)
def test_what_is_not_shown_again_is_intermittent(statuses: tuple[int, ...], rule: str, seen: int) -> None:
    confirming, server = confirmer(*statuses)
    assert not confirming.is_confirmed(suspect(server))
    (failure,) = confirming.results[rule].failures
    assert failure.intermittent
    assert failure.actual.endswith(f"(seen {seen} of 4 times)")
    assert failure.side == ("rejects" if rule == MAXIMUM else "robustness")
    assert len(server.received) == 4


@pytest.mark.parametrize(("statuses", "seen"), [((201, 400, 400), 1), ((201, 400, 201, 400), 2), ((201, 400, 201, 201), 3)])
def test_a_check_of_ones_own_that_found_something_once_is_in_error_and_accuses_no_server(
    statuses: tuple[int, ...], seen: int
) -> None:
    confirming, server = confirmer(*statuses)
    assert confirming.is_confirmed(suspect(server, side=SIDE)) is False
    error, failures = confirming.results[MAXIMUM].suite_error, confirming.results[MAXIMUM].failures
    if seen == 1:
        assert confirming.results.failing(lambda _rule: True) == 0
        assert error == "the check found it once in 4 exchanges of one request: 201: accepted"
    else:
        assert error is None
        assert [each.actual for each in failures] == [f"201: accepted (seen {seen} of 4 times)"]


def test_one_of_several_requests_in_a_row_keeps_its_rule() -> None:
    confirming, server = confirmer(201, 400)
    assert not confirming.is_confirmed(suspect(server, is_sequel=True))
    assert [each.intermittent for each in confirming.results[MAXIMUM].failures] == [True]


@pytest.mark.parametrize(("status", "rule"), [(400, "status.created"), (500, "robustness.server-error")])
def test_a_refused_pack_without_a_cause_has_a_rule_all_the_same(status: int, rule: str) -> None:
    exchange = Server(lambda _body: status).send(case({}))
    finding = Finding("", "accepts", "201", str(status), attribute=True)
    assert named(finding, exchange).rule == rule
    assert named(Finding(MAXIMUM, "rejects", "", ""), exchange).rule == MAXIMUM
    confirming, server = confirmer(status, 201, status, status)
    assert not confirming.is_confirmed(suspect(server, ""))
    assert confirming.results[rule].failures


@pytest.mark.parametrize("status", [0, 429, 503])
def test_an_outage_confirms_nothing_and_accuses_nothing(status: int) -> None:
    confirming, server = confirmer(201, status)
    with pytest.raises(Unjudged):
        confirming.is_confirmed(suspect(server))
    with pytest.raises(Unjudged):
        confirming.ask(case({}))
    assert confirming.results.failing(lambda _rule: True) == 0


@pytest.mark.parametrize(
    ("first", "again", "key", "raises"),
    [(201, 401, Key.RIGHT, True), (201, 401, Key.NONE, False), (401, 401, Key.RIGHT, False)],
)
def test_a_key_that_is_refused_by_now_says_nothing(first: int, again: int, key: Key, raises: bool) -> None:
    confirming, server = confirmer(first, again)
    one = suspect(server)
    one = replace(one, exchange=replace(one.exchange, case=replace(one.exchange.case, key=key)))
    if raises:
        with pytest.raises(Unjudged, match="the key was refused"):
            confirming.is_confirmed(one)
    else:
        assert confirming.is_confirmed(one) is (first == again)


def test_what_many_findings_need_is_sent_once_for_each_rule_and_side() -> None:
    confirming, server = confirmer(201)
    suspects = [suspect(server), suspect(server), suspect(server, "body.kind.enum"), suspect(server, "", attribute=True)]
    server.received.clear()
    confirming.repeat(suspects)
    assert confirming.repeated.keys() == {suspects[0].exchange.number, suspects[2].exchange.number}
    assert all(each.case.phase == "shrink" for each in confirming.repeated.values())
    assert len(server.received) == 2
    assert confirming.is_confirmed(suspects[0])
    assert len(server.received) == 2, "that one was sent already"


def test_what_is_not_selected_or_known_is_not_sent_again() -> None:
    confirming, server = confirmer(201, globs=("body.kind.*",))
    kind = suspect(server, "body.kind.enum")
    confirming.repeat([suspect(server), kind])
    assert confirming.repeated.keys() == {kind.exchange.number}
    confirming.results.fail(kind.finding, kind.exchange)
    confirming.repeat([kind])
    assert confirming.repeated == {}
