"""A verdict follows from the evidence: a failure counts most, then what could not be judged, then what was seen to hold."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.results.result import RuleResult, verdict
from openapi.rules import Basis
from reports.record.entries import Failure, Outcome, Request, Verdict
from tests.conformance.results.small import rule

SIDES = ("accepts", "rejects")


def failure(side: str = "rejects", actual: str = "201: accepted") -> Failure:
    request = Request(method="POST", path="/api/calls")
    return Failure(
        side=side, request=request, response=None, expected="400", actual=actual, offending_fields=[], cause="r", exchange=1
    )


def judged(result: RuleResult, *held: str, basis: Basis = Basis.DOCUMENTED, strict: bool = False) -> Verdict:
    return verdict(rule(basis=basis), result, held=held, cases=len(held), strict=strict)


RESULTS = st.builds(
    lambda failed, unjudged, owed, error: RuleResult(
        failures=[failure(side) for side in failed],
        unjudged=dict.fromkeys(unjudged, "no connection"),
        owed=frozenset(owed),
        suite_error=error,
    ),
    *(st.lists(st.sampled_from(SIDES), unique=True) for _ in range(3)),
    st.none() | st.just("the suite broke"),
)
HELD = st.lists(st.sampled_from(SIDES), unique=True)


@given(RESULTS, HELD)
def test_a_documented_rule_fails_if_and_only_if_a_failure_was_seen(result: RuleResult, held: list[str]) -> None:
    found = judged(result, *held)
    assert (found.outcome is Outcome.FAIL) is bool(result.failures)
    assert found.failures == result.failures
    assert {side for side, each in found.sides.items() if each is Outcome.FAIL} == {each.side for each in result.failures}


@given(RESULTS, HELD)
def test_a_rule_passes_if_and_only_if_all_that_it_owes_held_and_nothing_is_against_it(
    result: RuleResult, held: list[str]
) -> None:
    clean = not result.failures and result.suite_error is None and not set(result.unjudged) - set(held)
    passes = clean and bool(held) and result.owed <= set(held)
    assert (judged(result, *held).outcome is Outcome.PASS) is passes


@given(RESULTS, HELD)
def test_what_was_not_judged_is_an_error_with_its_reason_unless_it_was_seen_elsewhere(
    result: RuleResult, held: list[str]
) -> None:
    found = judged(result, *held)
    errors = {side for side, each in found.sides.items() if each is Outcome.ERROR}
    assert errors == set(result.unjudged) - set(held) - {each.side for each in result.failures}
    if found.outcome is Outcome.ERROR:
        assert found.reason == (result.suite_error or "no connection")


@given(RESULTS, HELD, st.booleans())
def test_only_documented_rules_fail_and_implied_ones_when_it_is_strict(
    result: RuleResult, held: list[str], strict: bool
) -> None:
    for basis in (Basis.IMPLIED, Basis.UNDOCUMENTED):
        found = judged(result, *held, basis=basis, strict=strict)
        fails = strict and basis is Basis.IMPLIED
        assert (found.outcome is Outcome.FAIL) is (fails and bool(result.failures))
        assert found.failures == (result.failures if fails else [])
        if result.failures and not fails:
            assert Outcome.OBSERVED in found.sides.values()
            assert found.observed == "does not hold: 201: accepted"


def test_what_nobody_documents_is_observed_to_hold() -> None:
    found = judged(RuleResult(), "accepts", basis=Basis.UNDOCUMENTED)
    assert (found.outcome, found.observed) == (Outcome.OBSERVED, "holds")
    assert judged(RuleResult(), "accepts").observed is None
    nothing = judged(RuleResult(), basis=Basis.UNDOCUMENTED)
    assert (nothing.outcome, nothing.observed) == (Outcome.SKIP, None)


@pytest.mark.parametrize(("count", "listed"), [(1, "a"), (4, "a, b, c, d"), (5, "a, b, c, d and 1 more"), (9, "and 5 more")])
def test_what_was_observed_is_one_line_whatever_the_order(count: int, listed: str) -> None:
    places = list("abcdefghi"[:count])
    for some in (places, places[::-1], places * 2):
        found = judged(RuleResult(observed={"201": some, "400": ["z"]}), "accepts")
        assert found.outcome is Outcome.OBSERVED
        assert found.observed is not None
        assert found.observed.startswith("201: a")
        assert found.observed.endswith(f"{listed}; 400: z")


@pytest.mark.parametrize(("held", "skipped"), [*product([(), ("accepts",)], [None, "a reason"])])
def test_a_skipped_rule_has_a_reason(held: tuple[str, ...], skipped: str | None) -> None:
    found = judged(RuleResult(owed=frozenset({"rejects"}), skipped=skipped), *held)
    assert found.outcome is Outcome.SKIP
    usual = "this profile sends no violation of it" if held else "no request of this profile bears on it"
    assert found.reason == (skipped or usual)
    assert found.sides == (dict.fromkeys(held, Outcome.PASS) | {"rejects": Outcome.SKIP} if held else {})


def test_a_copy_is_equal_and_changes_alone() -> None:
    first = RuleResult(failures=[failure()], unjudged={"accepts": "x"}, exchanges=[1])
    second = first.copy()
    assert second == first
    second.failures.clear()
    second.unjudged.clear()
    second.exchanges.append(2)
    assert first == RuleResult(failures=[failure()], unjudged={"accepts": "x"}, exchanges=[1])
