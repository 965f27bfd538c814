"""Checks of one's own as values: what may be registered, and what a function may return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openapi.own_checks import About, Observed, OwnCheckError, Problem, check
from openapi.rules import Area, Basis, Level
from tests.plans import our_catalogue

CREATED = Observed(body={}, status=201, json={"callId": "x"})


@check("acme.id", "SHOULD", "callId SHOULD be long.", about="any", basis="implied")
def is_long(exchange: Observed) -> Iterator[str | Problem]:
    if len(exchange.json["callId"]) < 5:
        yield "it is short"
        yield Problem("it is very short", "a long one", ("callId",))


def test_a_function_becomes_a_rule_with_its_line() -> None:
    rule = is_long.rule
    assert (rule.id, rule.area, rule.level, rule.basis) == ("acme.id", Area.OWN, Level.SHOULD, Basis.IMPLIED)
    file, _, line = rule.source.rpartition(":")
    assert Path(file).samefile(__file__)
    assert Path(__file__).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("@check(")
    assert is_long.about is About.ANY


def test_it_is_called_as_the_function() -> None:
    assert is_long(CREATED) == [Problem("it is short"), Problem("it is very short", "a long one", ("callId",))]


@pytest.mark.parametrize(("returned", "problems"), [(None, []), ([], []), ("wrong", [Problem("wrong")])])
def test_what_a_function_may_return(returned: Any, problems: list[Problem]) -> None:
    assert check("acme.a", "MUST", "a MUST b.")(lambda _exchange: returned)(CREATED) == problems


@pytest.mark.parametrize("returned", [True, False, 3, [3], [None]])
def test_another_type_is_an_error_and_no_problem_of_the_server(returned: Any) -> None:
    with pytest.raises(TypeError, match="wrong"):
        check("acme.a", "MUST", "a MUST b.")(lambda _exchange: returned)(CREATED)


@pytest.mark.parametrize(
    ("invalid", "problem"),
    [
        ({"identity": "acme"}, "words with dots"),
        ({"level": "WILL"}, "level is WILL; give MUST, SHOULD, MAY"),
        ({"sentence": "a is b."}, "its sentence has no MUST"),
        ({"about": "never"}, "about is never; give created, refused, any"),
        ({"basis": "hoped"}, "basis is hoped"),
    ],
)
def test_what_is_invalid_is_named(invalid: dict[str, Any], problem: str) -> None:
    with pytest.raises(OwnCheckError, match=problem):
        check(**{"identity": "acme.a", "level": "MUST", "sentence": "a MUST b.", **invalid})(lambda _exchange: None)


def test_their_rules_stand_behind_those_of_the_catalogue() -> None:
    catalogue = our_catalogue().with_own([is_long])
    assert list(catalogue.rules)[-1] == "acme.id"
    assert [each.id for each in catalogue.select(["acme.*"])] == ["acme.id"]


@pytest.mark.parametrize("taken", ["body.temperature.maximum", "body.mine", "response.mine", "auth.mine"])
def test_ids_of_the_suite_are_taken_whether_there_is_such_a_rule_or_not(taken: str) -> None:
    own = check(taken, "MUST", "a MUST b.")(lambda _exchange: None)
    with pytest.raises(OwnCheckError, match="begin with another word"):
        our_catalogue().with_own([own])


def test_an_id_is_given_once() -> None:
    with pytest.raises(OwnCheckError, match=r"acme\.id: two checks have this id"):
        our_catalogue().with_own([is_long]).with_own([is_long])
