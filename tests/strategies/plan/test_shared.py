"""A shared plan makes the same cases as any other, once, and forgets what was not asked for in a long time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from strategies.case import Case, Side
from strategies.plan.shared import SharedPlan
from tests.strategies.plan.small import catalogue, plan, planned

KINDS = ("accepts", "pairs", "may", "rejects", "in_context", "deep_in_lists")


def test_a_shared_plan_makes_the_same_cases_once() -> None:
    shared = SharedPlan(catalogue())
    for name in KINDS:
        assert list(getattr(shared, name)()) == list(getattr(planned(), name)())
    assert [id(each) for each in shared.rejects()] == [id(each) for each in shared.rejects()]


def shared() -> SharedPlan:
    return SharedPlan(catalogue())


@pytest.mark.parametrize("rounds", [1, 4])
def test_combinations_of_other_rounds_are_others(rounds: int) -> None:
    of = shared()
    assert list(of.combinations(9)) == list(plan().combinations(9))
    assert list(of.combinations(rounds)) == list(plan().combinations(rounds))
    assert list(of.combinations(rounds)) != list(of.combinations(9))
    assert [id(each) for each in of.combinations(rounds)] == [id(each) for each in of.combinations(rounds)]


def counted(of: SharedPlan, name: str, made: list[str]) -> list[Case]:
    """The one case of a list under a name; the name is noted when it has to be made."""

    def make() -> Iterator[Case]:
        made.append(name)
        yield Case(side=Side.PROBE, label=name)

    return list(of.keep(name, make))


def test_a_list_is_made_once_however_often_it_is_asked_for() -> None:
    of, made = shared(), list[str]()
    for name in ("one", "two", "one", "two", "one"):
        (case,) = counted(of, name, made)
        assert case.label == name
    assert made == ["one", "two"]


def test_of_many_lists_the_least_recently_used_is_forgotten() -> None:
    of, made = shared(), list[str]()
    names = [f"seed {index}" for index in range(24)]
    for name in (*names, names[0], "one more", *names[2:], names[0]):
        counted(of, name, made)
    assert made == [*names, "one more"], "all but one are still there"
    counted(of, names[1], made)
    assert made == [*names, "one more", names[1]]


def test_one_caller_takes_nothing_from_another() -> None:
    of = shared()
    first, second = of.rejects(), of.rejects()
    next(first)
    assert list(second) == list(of.rejects())
    assert [*first] == list(of.rejects())[1:]


def test_a_plan_for_another_parser_begins_with_lists_of_its_own() -> None:
    of = shared()
    assert list(of.rejects()) != list(replace(of, reads=frozenset({"protobuf"})).rejects())


def test_the_plan_for_a_server_that_lacks_something_is_made_once_and_is_that_of_any_other_plan() -> None:
    of, lacking = shared(), frozenset({"name"})
    assert of.without(lacking) is of.without(frozenset({"name"}))
    for name in KINDS:
        assert list(getattr(of.without(lacking), name)()) == list(getattr(plan().without(lacking), name)())
    assert of.without(frozenset({"other"})).lacking == {"other"}
    assert of.without(lacking).lacking == lacking
