"""Leaks: what a call shows although only another one was given it, and nothing that anybody may come by otherwise."""

from __future__ import annotations

import pytest

from conformance.checks.leaks import Leaks
from openapi.json_types import Json
from tests.conformance.checks.small import checker

LONG = "a text that nobody comes by"
RULE = ("state.own-values", "state")


def leaks() -> Leaks:
    return Leaks(checker().echo)


def judged(known: Leaks, sent: Json, got: Json) -> tuple[list[str], set[tuple[str, str]]]:
    held = set[tuple[str, str]]()
    return [each.rule for each in known.check(sent, got, held)], held


def test_only_members_that_nothing_says_how_to_fill_in_are_looked_at() -> None:
    assert leaks().names == ["note", "tags"]


@pytest.mark.parametrize(("name", "value"), [("note", LONG), ("tags", {"a": LONG})])
def test_a_value_that_only_another_call_was_given_is_a_leak(name: str, value: Json) -> None:
    known = leaks()
    assert judged(known, {name: value}, {name: value}) == ([], set())
    found = known.check({"rate": 1}, {name: value}, set())
    assert [(each.rule, each.side, each.path) for each in found] == [("state.own-values", "state", (name,))]
    assert LONG in found[0].actual


def test_the_order_of_members_makes_no_other_value() -> None:
    known = leaks()
    judged(known, {"tags": {"a": LONG, "b": "x"}}, {})
    assert judged(known, {"rate": 1}, {"tags": {"b": "x", "a": LONG}})[0] == ["state.own-values"]


@pytest.mark.parametrize("shown", [None, "", "another text that was never sent", LONG[:5]])
def test_what_was_never_sent_is_no_leak_and_shows_the_rule_to_hold(shown: Json) -> None:
    known = leaks()
    judged(known, {"note": LONG}, {})
    assert judged(known, {"rate": 1}, {"note": shown}) == ([], {RULE})


def test_before_anything_was_sent_nothing_is_shown_to_hold() -> None:
    assert judged(leaks(), {"rate": 1}, {"note": LONG}) == ([], set())


@pytest.mark.parametrize(("length", "leaks_out"), [(9, False), (10, True)])
def test_a_short_value_may_be_come_by_otherwise(length: int, leaks_out: bool) -> None:
    known = leaks()
    judged(known, {"note": "x" * length}, {})
    assert bool(judged(known, {"rate": 1}, {"note": "x" * length})[0]) is leaks_out


def test_what_a_call_shows_that_was_given_nothing_is_the_servers_own() -> None:
    known = leaks()
    judged(known, {}, {"note": LONG})
    judged(known, {"note": LONG}, {"note": LONG})
    assert judged(known, {"rate": 1}, {"note": LONG}) == ([], {RULE})


def test_a_value_of_one_member_is_no_leak_in_another() -> None:
    known = leaks()
    judged(known, {"tags": {"a": LONG}}, {})
    assert judged(known, {"rate": 1}, {"note": {"a": LONG}})[0] == []


def test_of_many_values_the_oldest_are_forgotten() -> None:
    known = leaks()
    texts = [f"{LONG} {index}" for index in range(1001)]
    for text in texts:
        judged(known, {"note": text}, {})
    leaked = [bool(judged(known, {"rate": 1}, {"note": text})[0]) for text in (texts[0], texts[1], texts[-1])]
    assert leaked == [False, True, True]


def test_numbers_and_texts_that_few_can_write_are_compared_as_well() -> None:
    known = leaks()
    for value in ({"n": 2**70, "pad": LONG}, "\ud800 and more to it"):
        judged(known, {"tags": value}, {})
        assert judged(known, {"rate": 1}, {"tags": value})[0] == ["state.own-values"]
