"""A budget bounds the cases of each rule by its keyword."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from strategies.plan.budget import EVERY, LIKELIEST, CaseBudget
from strategies.plan.plan import Plan
from tests.strategies.plan.small import catalogue


def spent(budget: CaseBudget) -> Counter[str]:
    """Return how many negative cases each rule has."""
    return Counter(case.rule for case in Plan(catalogue(), budget).rejects() if case.offending_path)


def test_what_is_not_named_has_the_number_of_others() -> None:
    budget = CaseBudget(keywords={"enum": 3}, others=1)
    assert (budget.of("enum"), budget.of("type")) == (3, 1)
    assert EVERY.of("enum") is None


@pytest.mark.parametrize("number", [1, 2])
def test_a_keyword_bounds_its_rules_alone(number: int) -> None:
    budget = replace(LIKELIEST, keywords={**LIKELIEST.keywords, "enum": number}, coerced=0)
    usual, bounded = spent(replace(LIKELIEST, coerced=0)), spent(budget)
    enums = [rule for rule in usual if rule.endswith(".enum")]
    assert enums
    assert all(bounded[rule] < usual[rule] for rule in enums)
    assert {rule: bounded[rule] for rule in usual if rule not in enums} == {
        rule: usual[rule] for rule in usual if rule not in enums
    }


def test_without_bounds_every_violation_is_sent() -> None:
    plan = Plan(catalogue(), EVERY)
    assert sum(spent(EVERY).values()) == sum(bool(each.path) for found in plan.violations.values() for each in found)
