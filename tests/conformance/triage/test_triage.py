"""Triage: what waits is confirmed and reported once by its cause, within a budget, and nothing counts as verified by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from conformance.triage.budget import Resender, TriageBudget
from conformance.triage.silence import CONFIRMATIONS, CONTROLS
from conformance.triage.triage import Triage
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.triage import small


def _status(status: int, _body: Json) -> int:
    return status


def rejected(body: Json, rule: str = "body.rate.maximum") -> Case:
    return small.case(body, side=Side.REJECTS, rule=rule)


def test_a_violation_that_is_accepted_is_reported_by_the_smallest_body_that_is() -> None:
    server = small.Server(lambda _body: None)
    triage = small.triaged(server, rejected({**small.FULL, "rate": 2}), globs=("body.*",))
    assert small.failed(triage.results) == {"body.rate.maximum": ({"rate": 2}, ["/rate"])}
    (failure,) = triage.results["body.rate.maximum"].failures
    assert (failure.side, failure.intermittent, failure.status) == ("rejects", False, 201)
    assert not triage.is_needed


def test_a_smaller_body_that_is_not_shown_twice_is_not_reported_in_place_of_the_one_that_was() -> None:
    seen: list[Json] = []

    def refuses(body: Json) -> bool:
        """Accept a small body the first time alone."""
        seen.append(body)
        return len(body) < len(small.FULL) and seen.count(body) > 1

    triage = small.triaged(small.Server(refuses), rejected({**small.FULL, "rate": 2}), globs=("body.*",))
    assert small.failed(triage.results)["body.rate.maximum"][0] == {**small.FULL, "rate": 2}


def test_a_body_that_cannot_be_smaller_is_confirmed_once() -> None:
    server = small.Server(lambda _body: None)
    small.triaged(server, rejected({"rate": 2}))
    assert server.received == [{"rate": 2}]


@pytest.mark.parametrize("limit", [0, 500])
@pytest.mark.parametrize("order", [1, -1])
def test_of_findings_about_a_rule_the_plainest_is_reported_and_the_others_are_counted(limit: int, order: int) -> None:
    server = small.Server(lambda _body: None)
    cases = [rejected({"rate": 2, "note": "x" * size}) for size in (90, 9, 50)] + [rejected({"rate": 3})]
    triage = small.triaged(server, *cases[::order], limit=limit)
    assert small.failed(triage.results)["body.rate.maximum"][0] == {"rate": 3}
    (failure,) = triage.results["body.rate.maximum"].failures
    assert failure.occurrences == 1 if limit == 0 else failure.occurrences <= 4
    assert len(server.received) == triage.budget.spent < 9


def test_a_refused_pack_is_reported_by_its_cause_and_the_rest_of_it_is_verified() -> None:
    triage = small.triaged(small.Server(lambda body: "flag" in body), small.case(small.FULL))
    assert small.failed(triage.results) == {"body.flag.type": ({"flag": True}, ["/flag"])}
    assert not triage.left_packs
    assert triage.results.times("status.created", "accepts") > 0


def test_a_failure_that_is_not_shown_again_is_reported_as_intermittent_and_accuses_no_field() -> None:
    shown = iter([True])
    triage = small.triaged(small.Server(lambda _body: next(shown, False)), small.case(small.FULL))
    assert small.failed(triage.results).keys() == {"robustness.repeatable"}
    assert [each.intermittent for each in triage.results["robustness.repeatable"].failures] == [True]


@pytest.mark.parametrize(("first", "then"), [(201, 404), (404, 201), (201, 500), (500, 201)])
def test_another_failure_of_the_same_request_confirms_nothing(first: int, then: int) -> None:
    statuses = iter([first])
    server = small.Server(lambda body: None if body == {} else next(statuses, then))
    triage = small.triaged(server, rejected({"rate": 2}))
    rule = "robustness.server-error" if first == 500 else "robustness.repeatable"
    assert [each.intermittent for each in triage.results[rule].failures] == [True]
    assert small.failed(triage.results).keys() == {rule}


@pytest.mark.parametrize(
    ("reported", "owed"), [("body.rate.maximum", set()), ("status.refused", {"rejects"}), ("a", {"rejects"})]
)
def test_a_rule_whose_violation_shows_another_rule_does_not_pass(reported: str, owed: set[str]) -> None:
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(9))
    exchange = small.Server(lambda _body: None).send(rejected({"rate": 2}))
    (finding,) = small.checker().check(exchange).findings
    triage.add(exchange, [replace(finding, rule="".join(list(reported)))])
    assert triage.results["body.rate.maximum"].owed == owed


def test_a_server_that_accepts_everything_has_one_fault() -> None:
    rules = ("body.rate.maximum", "body.rate.minimum", "body.rate.type")
    cases = [replace(rejected({"rate": 2 + index}), rule=rules[index % 3]) for index in range(25)]
    triage = small.triaged(small.Server(lambda _body: None), *cases)
    assert triage.accepts_anything
    assert small.failed(triage.results).keys() == {"status.refused"}
    assert triage.results["body.rate.maximum"].skipped == "nearly every invalid body was accepted: see status.refused"
    few = small.triaged(small.Server(lambda _body: None), *cases[:1])
    assert not few.accepts_anything
    assert small.failed(few.results).keys() == {"body.rate.maximum"}


def test_what_was_refused_in_the_wrong_words_does_not_pass() -> None:
    triage = small.triaged(small.Server(lambda body: 404 if body == {"rate": 2} else None), rejected({"rate": 2}))
    assert small.failed(triage.results).keys() == {"status.refused"}
    assert triage.results["body.rate.maximum"].owed == {"rejects"}


@pytest.mark.parametrize("limit", [0, 1, 2, 5])
def test_within_any_budget_a_failure_is_reported(limit: int) -> None:
    server = small.Server(lambda body: "flag" in body)
    triage = small.triaged(server, rejected({**small.FULL, "rate": 2}), small.case({"flag": True, "note": "x"}), limit=limit)
    assert triage.budget.spent <= limit
    assert len(server.received) == triage.budget.spent
    assert small.failed(triage.results)
    assert not triage.is_needed


def test_only_selected_rules_are_triaged() -> None:
    server = small.Server(lambda _body: None)
    triage = small.triaged(server, rejected({"rate": 2}), rejected({"kind": "X"}, "body.kind.enum"), globs=("body.kind.*",))
    assert small.failed(triage.results).keys() == {"body.kind.enum"}
    assert all("rate" not in body for body in server.received)


def test_an_outage_leaves_what_was_found_unjudged() -> None:
    down = iter([None])
    triage = small.triaged(small.Server(lambda body: None if body == {} else next(down, 503)), rejected({"rate": 2}))
    assert small.failed(triage.results) == {}
    assert triage.results["body.rate.maximum"].unjudged.keys() == {"rejects"}


def test_what_waits_makes_its_rules_uncertain_until_it_is_reported() -> None:
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(9))
    waits = [triage.is_needed]
    exchange = small.Server(lambda _body: None).send(rejected({"rate": 2}))
    triage.add(exchange, small.checker().check(exchange).findings)
    waits.append(triage.is_needed)
    assert triage.uncertain() == {"body.rate.maximum"}
    triage.conclude()
    assert [*waits, triage.is_needed] == [False, True, False]
    (failure,) = triage.results["body.rate.maximum"].failures
    assert failure.actual.endswith("(the run ended before this was triaged)")


def silenced(responds: Callable[[Json], bool], count: int = 1) -> Triage:
    """The triage of bodies that got no response, on a server that responds to some."""
    server = small.Server(lambda body: None if responds(body) else 0)
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99))
    for index in range(count):
        triage.add_silent(server.send(replace(small.case({"rate": index / 9}), offending_path=("rate",))))
    waits = [triage.is_needed]
    triage.run(Resender(server.send, server.send_all, triage.budget), server.send(small.case({})))
    assert [*waits, triage.is_needed] == [True, False]
    return triage


def test_what_never_gets_a_response_is_reported_and_what_does_or_an_outage_is_not() -> None:
    found = silenced(lambda body: body == {})
    (failure,) = found.results["robustness.responds"].failures
    assert (failure.side, failure.offending_fields, failure.actual) == ("robustness", ["/rate"], "no connection")
    assert small.failed(silenced(lambda _body: True).results) == {}
    assert small.failed(silenced(lambda _body: False).results) == {}


def test_of_many_that_got_no_response_a_few_are_sent_again() -> None:
    assert silenced(lambda body: body == {}, count=5).budget.spent == 3 * (CONFIRMATIONS + CONTROLS)


def test_what_is_too_large_is_sent_in_parts() -> None:
    server = small.Server(lambda body: 413 if len(json.dumps(body)) > 17_000 else None)
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99))
    exchange = server.send(small.case({"note": "x" * 9_000, "inner": {"a": 1, "b": "y" * 9_000}}))
    triage.add_too_large(exchange)
    waits = [triage.is_needed]
    triage.run(Resender(server.send, server.send_all, triage.budget), exchange)
    assert [*waits, triage.is_needed] == [True, False]
    assert small.failed(triage.results) == {}
    assert triage.results.times("body.note.type", "accepts") + triage.results.times("body.inner.a.required", "accepts") > 0


def test_a_sequel_is_reported_as_it_is_named_and_by_its_first_request() -> None:
    server = small.Server(lambda _body: None)
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99))
    exchange = server.send(rejected({"rate": 2}))
    (finding,) = small.checker().check(exchange).findings
    triage.add_sequel(exchange, finding, replace(finding, rule="status.refused"))
    crash = small.Server(lambda _body: 500).send(small.case({"note": "x"}))
    triage.add_crash(crash, small.checker().check(crash).findings[0])
    assert triage.uncertain() == {"status.refused", "robustness.server-error", "body.rate.maximum"}
    crashing = small.Server(lambda body: 500 if "note" in body else None)
    triage.run(Resender(crashing.send, crashing.send_all, triage.budget), exchange)
    assert small.failed(triage.results).keys() == {"status.refused", "robustness.server-error"}
    (failure,) = triage.results["robustness.server-error"].failures
    assert failure.actual == "status 500"


@pytest.mark.parametrize("crashes", [False, True])
def test_what_several_requests_in_a_row_have_shown_keeps_its_rule_though_one_of_them_shows_it_no_more(crashes: bool) -> None:
    first = small.Server(lambda _body: 500 if crashes else None).send(rejected({"rate": 2}))
    finding = small.checker().check(first).findings[0]
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99))
    if crashes:
        triage.add_crash(first, finding)
    else:
        triage.add_sequel(first, finding, replace(finding, rule="body.type"))
    server = small.Server(lambda _body: 400)
    triage.run(Resender(server.send, server.send_all, triage.budget), first)
    (rule,) = small.failed(triage.results)
    (failure,) = triage.results[rule].failures
    assert (rule, failure.intermittent) == ("robustness.server-error" if crashes else "body.type", True)
    assert server.received == [{"rate": 2}] * 3


def test_of_a_server_error_the_status_that_is_shown_again_is_reported() -> None:
    first = small.Server(lambda _body: 501).send(small.case({"note": "x"}))
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99))
    triage.add_crash(first, small.checker().check(first).findings[0])
    server = small.Server(lambda _body: 500)
    triage.run(Resender(server.send, server.send_all, triage.budget), first)
    assert [each.actual for each in triage.results["robustness.server-error"].failures] == ["status 500"]


def test_packs_that_are_taken_apart_to_the_end_leave_nothing_unjudged() -> None:
    for limit, is_left in ((500, False), (3, True)):
        triage = small.triaged(small.Server(lambda body: "flag" in body), small.case(small.FULL), limit=limit)
        assert triage.left_packs is is_left
        unjudged = {rule for rule in small.checker().catalogue.rules if triage.results[rule].unjudged}
        assert bool(unjudged) is is_left


def test_of_findings_that_cannot_fail_a_run_one_of_each_kind_is_confirmed() -> None:
    server = small.Server(lambda _body: None)
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(99), counts=lambda _rule: False)
    for body, rule in (({"rate": 2}, "body.rate.maximum"), ({"inner": {"a": 10}}, "body.inner.a.maximum")):
        exchange = server.send(rejected(body, rule))
        triage.add(exchange, small.checker().check(exchange).findings)
    server.received.clear()
    triage.run(Resender(server.send, server.send_all, triage.budget), exchange)
    assert small.failed(triage.results).keys() == {"body.rate.maximum", "body.inner.a.maximum"}
    assert len({json.dumps(body) for body in server.received} - {"{}"}) == 1, "the other is believed"


def test_packs_that_are_left_say_so_of_all_that_they_would_have_verified() -> None:
    sent = small.case({"flag": True, "note": "x"})
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(0))
    exchange = small.Server(lambda _body: True).send(sent)
    triage.add(exchange, small.checker().check(exchange).findings)
    triage.run(Resender(small.Server(lambda _body: True).send, lambda _cases: [], triage.budget), exchange)
    assert triage.left_packs
    assert small.failed(triage.results).keys() == {"status.created"}
    reasons = {rule: triage.results[rule].unjudged for rule in small.checker().accepted_with(sent)}
    assert all("refused with others; the budget of 0 requests" in each["accepts"] for each in reasons.values())


@pytest.mark.parametrize(
    ("status", "body", "reported"),
    [
        (400, {"flag": True}, set()),
        (499, {"flag": True}, set()),
        (500, {"flag": False}, {"robustness.server-error"}),
        (501, {"flag": False}, {"robustness.server-error"}),
        (400, {"note": "x"}, {"status.created"}),
    ],
)
def test_a_pack_that_is_refused_for_what_is_known_is_not_reported_again(status: int, body: Json, reported: set[str]) -> None:
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(9))
    triage.refused_fields.add([("flag",)])
    exchange = small.Server(partial(_status, status)).send(small.case(body))
    triage.add(exchange, small.checker().check(exchange).findings)
    triage.conclude()
    assert small.failed(triage.results).keys() == reported


@pytest.mark.parametrize("body", [[1, 2, 3], [], "text", 7])
def test_a_body_that_is_no_object_is_reported_as_it_is(body: Json) -> None:
    server = small.Server(lambda _body: None)
    triage = small.triaged(server, rejected(body, "body.type"))
    assert small.failed(triage.results) == {"body.type": (body, [])}
    assert server.received == [body], "it is confirmed, and not made smaller"


def test_what_responses_of_a_status_have_shown_can_be_taken_back() -> None:
    triage = Triage(small.oracle(), small.checker(), small.results(), TriageBudget(9))
    for status in (201, 403):
        exchange = small.Server(partial(_status, status)).send(rejected({"rate": 2}))
        triage.add(exchange, small.checker().check(exchange).findings)
    triage.disregard([403], "the key was revoked")
    assert triage.uncertain() == {"body.rate.maximum"}
    assert triage.results["status.refused"].unjudged == {"rejects": "the key was revoked"}
