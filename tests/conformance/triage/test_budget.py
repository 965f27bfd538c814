"""The budget of triage: it is never exceeded, and what it does not cover is not sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.exchange import Exchange
from conformance.triage.budget import Resender, TriageBudget, TriageBudgetSpent
from strategies.case import Case, Side
from tests.conformance.triage.small import Server, case

COUNTS = st.lists(st.integers(0, 5), max_size=8)


@given(st.integers(0, 12), COUNTS)
def test_claims_are_granted_until_the_limit_is_reached(limit: int, counts: list[int]) -> None:
    budget = TriageBudget(limit)
    for count in counts:
        left = limit - budget.spent
        if count and not left:
            with pytest.raises(TriageBudgetSpent):
                budget.claim(count)
        else:
            assert budget.claim(count) == min(count, left)
    assert budget.spent == min(limit, sum(counts))


@given(st.integers(0, 12), COUNTS)
def test_as_many_requests_are_sent_as_are_claimed(limit: int, counts: list[int]) -> None:
    server, budget = Server(lambda _body: None), TriageBudget(limit)
    resender = Resender(server.send, server.send_all, budget)
    for count in counts:
        cases = [case({"rate": index / 10}) for index in range(count)]
        left = limit - budget.spent
        assert [each.case for each in resender.send_all(cases)] == cases[:left]
    assert len(server.received) == budget.spent <= limit


@given(st.integers(0, 4), st.integers(1, 4))
def test_requests_that_belong_together_are_sent_all_or_not_at_all(limit: int, count: int) -> None:
    server, budget, options = Server(lambda _body: None), TriageBudget(limit), list[dict[str, bool]]()

    def together(cases: list[Case], **how: bool) -> list[Exchange]:
        options.append(how)
        return server.send_all(cases)

    resender = Resender(server.send, together, budget)
    cases = [case({})] * count
    if count > limit:
        with pytest.raises(TriageBudgetSpent):
            resender.send_apart(cases)
        assert (budget.spent, options) == (0, [])
    else:
        assert [each.case for each in resender.send_apart(cases)] == cases
        assert (budget.spent, options) == (count, [{"retry": False, "fresh": True}])


def test_one_request_more_than_the_limit_is_not_sent() -> None:
    server = Server(lambda _body: None)
    resender = Resender(server.send, server.send_all, TriageBudget(2))
    for _ in range(2):
        assert resender.send(case({})).status == 201
    with pytest.raises(TriageBudgetSpent):
        resender.send(case({}))
    assert len(server.received) == 2


def test_a_budget_is_kept() -> None:
    case = Case(side=Side.ACCEPTS, label="", body={})
    answered = Exchange(case=case, number=1, status=201, headers={}, content=b"{}", seconds=0, at=0)
    budget = TriageBudget(4)
    resender = Resender(lambda _case: answered, lambda cases: [answered for _ in cases], budget)
    assert [resender.send(case), resender.send(case)] == [answered, answered]
    assert len(resender.send_all([case] * 3)) == 2
    for spent in (lambda: resender.send(case), lambda: resender.send_apart([case])):
        with pytest.raises(TriageBudgetSpent):
            spent()
    assert (budget.spent, resender.send_all([case])) == (4, [])
