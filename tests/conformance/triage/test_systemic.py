"""A server that accepts nearly every invalid body has one fault, which is reported once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.finding import Finding, Suspect
from conformance.triage.systemic import systemic
from strategies.case import Side
from tests.conformance.triage.small import Server, case

DOCUMENTED, OTHER = ("body.rate.maximum", "body.rate.minimum", "body.rate.type"), "body.rate.other"


def suspect(status: int = 201, *, rule: str = "", side: str = "rejects", size: int = 0, of: Side = Side.REJECTS) -> Suspect:
    """Return a suspect of a rule, by its size of one of the documented ones."""
    rule = rule or DOCUMENTED[size % len(DOCUMENTED)]
    exchange = Server(lambda _body: status).send(case({"note": "x" * size}, side=of, rule=rule))
    return Suspect(exchange, Finding(rule, side, "400", f"{status}: accepted"), lambda _exchange: None)


def found(accepted: int, refused: int, *, others: int = 0) -> bool:
    waiting = [suspect(size=index) for index in range(accepted)] + [suspect(rule=OTHER) for _ in range(others)]
    return systemic(waiting, refused, DOCUMENTED.__contains__) is not None


@given(st.integers(0, 40), st.integers(0, 12))
def test_it_takes_twenty_and_four_times_as_many_as_were_refused(accepted: int, refused: int) -> None:
    assert found(accepted, refused) is (accepted >= 20 and accepted >= 4 * refused)


@pytest.mark.parametrize(("documented", "others", "is_one"), [(19, 30, False), (20, 30, True)])
def test_only_documented_rules_count(documented: int, others: int, is_one: bool) -> None:
    assert found(documented, 0, others=others) is is_one


@pytest.mark.parametrize("rule", ["auth.required", "status.refuse", "status.refused.type", "x-own"])
def test_a_rule_of_any_name_but_the_one_about_refusing_counts(rule: str) -> None:
    waiting = [suspect(rule=rule if index > 1 else "", size=index) for index in range(20)]
    assert systemic(waiting, 0, lambda _rule: True) is not None


@pytest.mark.parametrize(("rules", "is_one"), [(1, False), (2, False), (3, True)])
def test_one_rule_alone_may_have_as_many_violations(rules: int, *, is_one: bool) -> None:
    waiting = [suspect(rule=DOCUMENTED[index % rules], size=index) for index in range(40)]
    assert (systemic(waiting, 0, DOCUMENTED.__contains__) is not None) is is_one


def test_it_is_shown_by_the_plainest_body_and_counts_all() -> None:
    waiting = [suspect(size=size) for size in (9, 3, *range(20, 40))] + [suspect(422, rule=OTHER)]
    one = systemic(waiting, 2, DOCUMENTED.__contains__)
    assert one is not None
    assert one.exchange is waiting[1].exchange
    assert (one.finding.rule, one.finding.side) == ("status.refused", "rejects")
    assert one.finding.actual == "201: accepted, as 22 of 25 invalid bodies were"
    assert list(one.explained) == waiting[:22]


@pytest.mark.parametrize(
    "other",
    [
        suspect(rule="status.refused"),
        suspect(side="accepts"),
        suspect(of=Side.ACCEPTS),
    ],
)
def test_what_says_nothing_of_an_invalid_body_is_neither_counted_nor_explained(other: Suspect) -> None:
    waiting = [suspect(size=index) for index in range(19)]
    assert systemic([*waiting, other], 0, lambda _rule: True) is None
    one = systemic([*waiting, suspect(), other], 0, lambda _rule: True)
    assert one is not None
    assert other not in one.explained
