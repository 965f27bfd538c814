"""Findings: which of several is reported, and how values are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.finding import Finding, Suspect, as_found, most_specific, shown, shown_apart, where
from openapi.json_types import Json
from tests.conformance.checks.small import SHOWN, exchange


def finding(rule: str, side: str, *path: str) -> Finding:
    return Finding(rule, side, "", "", path)


def test_the_most_specific_finding_is_reported() -> None:
    shape = finding("response.a.type", "shape", "a")
    default, echo = finding("body.a.default", "default", "a"), finding("body.a.echo", "echo", "a")
    elsewhere = finding("body.b.echo", "echo", "b")
    assert most_specific([echo, default, shape, elsewhere], lambda _rule: True) == [shape, elsewhere]
    assert most_specific([echo, default], lambda _rule: True) == [default]
    assert most_specific([echo], lambda _rule: True) == [echo]
    assert most_specific([], lambda _rule: True) == []
    assert most_specific([echo, default], lambda rule: rule == echo.rule) == [echo, default]
    assert most_specific([echo, default], lambda _rule: False) == [default]


def test_findings_about_a_part_explain_those_about_the_whole() -> None:
    inner, outer = finding("response.a.b.type", "shape", "a", "b"), finding("body.a.echo", "echo", "a")
    assert most_specific([outer, inner], lambda _rule: True) == [inner]


def test_a_missing_member_explains_its_echo_and_no_other() -> None:
    missing = finding("response.a.required", "shape")
    echoes = [finding("body.a.echo", "echo", "a"), finding("body.b.echo", "echo", "b")]
    assert most_specific([*echoes, missing], lambda _rule: True) == [echoes[1], missing]


def test_long_values_are_shown_where_they_differ() -> None:
    assert shown_apart("a" * 900 + "bc", "a" * 900 + "c") == (
        f'…{"a" * 60}bc" (904 characters)',
        f'…{"a" * 60}c" (903 characters)',
    )
    assert shown_apart("b" + "a" * 900, "c" + "a" * 900)[0] == f'"b{"a" * 258}… (903 characters)'
    assert shown_apart(1, "x") == ("1", '"x"')


def test_a_path_is_shown_as_a_pointer_and_the_whole_in_words() -> None:
    assert where(("a", 0, "b/c")) == "/a/0/b~1c"
    assert where(()) == "the body"


@pytest.mark.parametrize(("length", "is_cut"), [(298, False), (299, True)])
def test_a_value_is_cut_where_it_is_long(length: int, is_cut: bool) -> None:
    text = shown("x" * length)
    assert text.endswith(f"… ({length + 2} characters)") is is_cut
    assert len(text.partition("…")[0]) == (260 if is_cut else length + 2)
    assert shown("ü") == '"ü"'


@pytest.mark.parametrize("begin", [0, 100, 236, 237, 400, 1000])
def test_of_two_long_values_the_difference_is_shown(begin: int) -> None:
    one, other = ("a" * begin + each + "b" * 900 for each in ("<one>", "<other>"))
    first, second = shown_apart(one, other)
    assert "<one>" in first
    assert "<other>" in second
    assert max(len(first), len(second)) < 340
    assert first.endswith("characters)")
    assert first.startswith("…") is (begin > 236)


def test_a_value_that_ends_where_the_other_goes_on_is_shown_to_its_end() -> None:
    first, second = shown_apart("a" * 500, "a" * 500 + "b")
    assert first == f'…{"a" * 60}" (502 characters)'
    assert second == f'…{"a" * 60}b" (503 characters)'


def test_of_statements_about_one_place_those_of_a_keyword_come_first_and_those_of_the_echo_last() -> None:
    ranked = [
        finding("response.a.type", "shape", "a"),
        finding("body.a.default", "default", "a"),
        finding("response.a-matches-b", "shape", "a"),
        finding("body.a.echo", "echo", "a"),
    ]
    for index, least in enumerate(ranked):
        for more in ranked[:index]:
            assert most_specific([least, more], lambda _rule: True) == [more]
        assert most_specific([least, least], lambda _rule: True) == [least, least]


def test_what_is_about_no_place_or_of_another_kind_explains_nothing() -> None:
    place, whole = finding("body.a.echo", "echo", "a"), finding("response.json", "shape")
    other = finding("status.created", "accepts", "a")
    assert most_specific([place, whole, other], lambda _rule: True) == [place, whole, other]
    later = finding("body.a.echo", "echo", "ab")
    assert most_specific([later, finding("response.a.type", "shape", "a")], lambda _rule: True)[0] == later
    outer = finding("response.a.type", "shape", "a")
    assert most_specific([finding("body.a.b.echo", "echo", "a", "b"), outer], lambda _rule: True) == [outer]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (({}, {}), ({"a": 1}, {})),
        (({"a": 1}, {}), ({}, {"query": (("q", "1"),)})),
        (({"a": 1}, {}), ({}, {"query_text": "q"})),
        (({}, {}), ({}, {"raw": b"{ }  "})),
    ],
)
def test_a_request_is_the_plainer_the_less_there_is_in_it(one: tuple[Json, Json], other: tuple[Json, Json]) -> None:
    def plainness(body: Json, changes: Json) -> tuple[bool, int]:
        sent = exchange(SHOWN, body)
        suspect = Suspect(replace(sent, case=replace(sent.case, **changes)), finding("a", "b"), lambda _exchange: None)
        return suspect.plainness

    assert plainness(*one) < plainness(*other)


def test_a_finding_is_named_as_it_was_found() -> None:
    one = finding("body.a.echo", "echo")
    assert as_found(one) is one
