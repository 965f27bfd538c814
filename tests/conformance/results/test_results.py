"""Results: each failure is reported once and counted, evidence is kept up to a limit, and no secret stands in a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.rules import Basis
from reports.record.entries import Outcome
from tests.conformance.results.small import SECRET, exchange, finding, results, rule

MAXIMUM = "body.size.maximum"


def test_the_same_failure_again_is_counted_and_another_one_is_kept_beside_it() -> None:
    found = results()
    for number in (1, 2, 3):
        found.fail(finding(), exchange(number))
    found.fail(finding(expected="another"), exchange(4))
    assert [(each.exchange, each.occurrences) for each in found[MAXIMUM].failures] == [(1, 3), (4, 1)]
    assert found.failing(lambda _rule: True) == 1
    assert found.failing(lambda rule: rule != MAXIMUM) == 0


@given(st.integers(1, 9))
def test_of_many_different_failures_three_are_kept_and_none_is_lost_in_the_count(count: int) -> None:
    found = results()
    for number in range(count):
        found.fail(finding(expected=f"expected {number}"), exchange(number + 1))
    assert [each.exchange for each in found[MAXIMUM].failures] == [*range(1, count + 1)][:3]
    assert sum(each.occurrences for each in found[MAXIMUM].failures) == count


def test_one_exchange_shows_a_side_to_fail_once() -> None:
    found = results()
    for side in ("rejects", "rejects", "accepts"):
        found.fail(finding(side=side), exchange(1))
    assert [(each.side, each.occurrences) for each in found[MAXIMUM].failures] == [("rejects", 1), ("accepts", 1)]


def test_a_failure_holds_request_response_and_the_fields_in_question() -> None:
    found = results()
    found.fail(finding(actual=f"it shows {SECRET}"), exchange(body={"size": 4}), intermittent=True)
    found.fail(finding("body.type"), exchange(2), offending_fields=[("a", 0), ("b",)])
    (one,), (other,) = found[MAXIMUM].failures, found["body.type"].failures
    assert (one.request.body, one.status, one.intermittent) == ('{"size":4}', 201, True)
    assert (one.offending_fields, other.offending_fields) == (["/size"], ["/a/0", "/b"])
    assert (one.cause, other.cause, other.intermittent) == (MAXIMUM, "body.type", False)
    assert SECRET not in one.actual
    assert found[MAXIMUM].exchanges == [1]


@given(st.lists(st.integers(1, 60)))
def test_exchanges_that_bear_on_a_rule_are_counted_and_the_first_twenty_are_kept(numbers: list[int]) -> None:
    found, in_order = results(), sorted(numbers)
    for number in in_order:
        found.bear({MAXIMUM}, number)
    seen = list(dict.fromkeys(in_order))
    (judged,) = found.verdicts([rule()], strict=False)
    assert (judged.cases, judged.exchanges) == (len(seen), seen[:20])


def test_one_exchange_bears_on_each_rule_once() -> None:
    found = results()
    found.bear({"one"}, 1)
    found.bear({"one", "two"}, 1)
    found.bear({"two"}, 1)
    found.bear({"one"}, 2)
    cases = {each.rule: each.cases for each in found.verdicts([rule("one"), rule("two")], strict=False)}
    assert cases == {"one": 2, "two": 1}


def test_what_held_is_counted_by_rule_and_side() -> None:
    found = results()
    found.hold(MAXIMUM, "rejects", exchange(1, 400))
    found.hold_all([(MAXIMUM, "rejects"), (MAXIMUM, "accepts"), ("body.type", "accepts")], exchange(2))
    assert found.times(MAXIMUM, "rejects") == 2
    assert found.times(MAXIMUM, "accepts") == 1
    assert found.times("body.type", "rejects") == 0
    one, other = found.verdicts([rule(), rule("body.type")], strict=False)
    assert one.sides == {"rejects": Outcome.PASS, "accepts": Outcome.PASS}
    assert other.sides == {"accepts": Outcome.PASS}


def test_the_first_reason_counts_and_holds_no_secret() -> None:
    found = results()
    for reason in (f"no connection with {SECRET}", "another"):
        found.unjudge(MAXIMUM, "accepts", reason)
        found.skip("body.type", reason)
    assert found[MAXIMUM].unjudged["accepts"].startswith("no connection with")
    assert SECRET not in found[MAXIMUM].unjudged["accepts"]
    assert found["body.type"].skipped == f"no connection with {SECRET}"


def test_failures_of_a_status_can_be_taken_back() -> None:
    found = results()
    found.fail(finding(), exchange(1, 201))
    found.fail(finding(side="accepts"), exchange(2, 429))
    found.owe("body.type", "status.refused")
    found.disregard([429, 503], "a rate limit")
    assert [each.exchange for each in found[MAXIMUM].failures] == [1]
    assert found[MAXIMUM].unjudged == {"accepts": "a rate limit"}
    assert found["body.type"].skipped is None
    assert found["body.type"].owed == {"rejects"}


def test_a_failure_of_a_rule_that_is_not_selected_is_not_reported() -> None:
    found = results("body.size.*")
    found.fail_at(finding("body.type"), exchange(1))
    assert found.failing(lambda _rule: True) == 0
    found.fail_at(finding(), exchange(1), intermittent=True)
    assert [each.intermittent for each in found[MAXIMUM].failures] == [True]


def test_a_copy_is_changed_without_effect_on_the_first() -> None:
    found = results()
    found.fail(finding(), exchange(1))
    other = found.copy()
    other.fail(finding(expected="another"), exchange(2))
    other.unjudge(MAXIMUM, "accepts", "why")
    assert len(found[MAXIMUM].failures) == 1
    assert not found[MAXIMUM].unjudged
    assert len(other[MAXIMUM].failures) == 2


@pytest.mark.parametrize(
    ("identity", "side", "explains"),
    [
        (MAXIMUM, "accepts", True),
        ("response.size.type", "shape", True),
        (MAXIMUM, "rejects", False),
        ("state.size", "accepts", False),
        ("body.other.type", "accepts", False),
    ],
)
def test_a_field_that_fails_for_itself_explains_more_unless_it_only_accepts_too_much(
    identity: str, side: str, explains: bool
) -> None:
    found = results()
    found.fail(finding(identity, side), exchange(1))
    assert found.is_explained("size") is explains


def test_a_server_error_is_one_of_a_rule_that_counts() -> None:
    found = results()
    found.fail(finding(), exchange(1, 499))
    assert not found.has_crash(lambda _rule: True)
    found.fail(finding(side="accepts"), exchange(2, 500))
    assert found.has_crash(lambda rule: rule == MAXIMUM)
    assert not found.has_crash(lambda rule: rule != MAXIMUM)


def test_what_was_not_refused_as_it_should_be_does_not_pass_and_names_the_rule_that_shows_it() -> None:
    found = results()
    found.hold(MAXIMUM, "accepts", exchange(1))
    found.owe(MAXIMUM, "status.refused")
    (judged,) = found.verdicts([rule()], strict=False)
    assert judged.outcome is Outcome.SKIP
    assert "status.refused" in str(judged.reason)


def test_strictness_is_handed_on() -> None:
    found, implied = results(), rule(basis=Basis.IMPLIED)
    found.fail(finding(), exchange(1))
    assert [each.outcome for strict in (True, False) for each in found.verdicts([implied], strict=strict)] == [
        Outcome.FAIL,
        Outcome.OBSERVED,
    ]
