"""Defaults: judged where nothing was sent and the response must show it, and by value."""

from __future__ import annotations

import pytest

from conformance.checks.defaults import value_at
from conformance.checks.echo import MISSING
from conformance.checks.finding import Finding
from openapi.json_types import Json
from tests.conformance.checks.small import SHOWN, checker

RATE, KIND, COUNT, SIZE = "body.rate.default", "body.kind.default", "response.count.default", "body.inner.size.default"


def judged(sent: Json, got: Json) -> tuple[list[Finding], set[str]]:
    held = set[tuple[str, str]]()
    found = checker().defaults.check(sent, got, held)
    assert {side for _, side in held} <= {"default"}
    return found, {rule for rule, _ in held}


def failing(sent: Json, got: Json) -> set[str]:
    return {each.rule for each in judged(sent, got)[0]}


def test_each_documented_default_is_known_with_its_side() -> None:
    assert {(each.rule, each.in_body) for each in checker().defaults.defaults} == {
        (RATE, True),
        (KIND, True),
        (SIZE, True),
        (COUNT, False),
    }
    assert {each.rule for each in checker().defaults.defaults} <= checker().catalogue.rules.keys()


def test_a_member_that_was_not_sent_comes_back_with_its_default() -> None:
    assert judged({}, SHOWN) == ([], {RATE, KIND, COUNT})
    (finding,) = judged({}, {**SHOWN, "rate": 0.6})[0]
    assert (finding.rule, finding.path) == (RATE, ("rate",))
    assert "0.5" in finding.expected
    assert "0.6" in finding.actual


def test_a_member_that_was_sent_has_no_default_and_one_of_the_response_always_has() -> None:
    assert failing({"rate": 0.6, "kind": "KIND_TWO"}, {**SHOWN, "rate": 0.6, "kind": "KIND_TWO"}) == set()
    assert failing({"rate": 0.5}, {**SHOWN, "count": 3}) == {COUNT}


def test_the_member_of_an_enum_that_means_nothing_was_set_is_as_good_as_none() -> None:
    assert failing({"kind": "KIND_UNSPECIFIED"}, {**SHOWN, "kind": "KIND_TWO"}) == {KIND}
    assert failing({"kind": "KIND_UNSPECIFIED"}, SHOWN) == set()


@pytest.mark.parametrize("inner", [None, {}, {"size": None}, {"text": "x"}])
def test_a_nested_member_may_be_left_out(inner: Json) -> None:
    got = {**SHOWN, "inner": inner}
    assert SIZE not in failing({"inner": {"text": "x"}}, got) | judged({"inner": {"text": "x"}}, got)[1]


def test_a_nested_member_that_is_shown_has_its_default() -> None:
    assert SIZE in judged({}, {**SHOWN, "inner": {"size": 2}})[1]
    assert failing({}, {**SHOWN, "inner": {"size": 3}}) == {SIZE}
    assert failing({"inner": {"size": 3}}, {**SHOWN, "inner": {"size": 3}}) == set()


def test_a_server_that_fills_in_nothing_may_leave_out_all_and_not_some() -> None:
    bare = {"id": SHOWN["id"]}
    assert judged({}, bare) == ([], set())
    assert failing({}, {**bare, "rate": 0.5}) == {KIND, COUNT}
    found = {each.rule: each.actual for each in judged({}, {**bare, "count": 0})[0]}
    assert found.keys() == {RATE, KIND}
    assert all("is not in the response" in actual for actual in found.values())


def test_the_value_of_a_single_is_compared_by_its_precision() -> None:
    assert failing({}, {**SHOWN, "rate": 0.5000000001}) == set()
    assert failing({}, {**SHOWN, "rate": "0.5"}) == {RATE}


def test_a_place_is_looked_up_in_objects_alone() -> None:
    value: Json = {"a": {"b": None}, "c": [1]}
    assert value_at(value, ("a", "b")) is None
    assert value_at(value, ("a",)) == {"b": None}
    assert value_at(value, ()) is value
    for place in (("x",), ("a", "x"), ("c", "0"), ("a", "b", "x")):
        assert value_at(value, place) is MISSING
