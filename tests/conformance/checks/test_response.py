"""The shape of a response: each rule of its schema, and what no schema can say of ids, times, headers and words for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult, Finding
from conformance.checks.response import NIL
from openapi.json_types import Json, Path
from tests.conformance.checks.small import DATE, ID, SHOWN, STATED, checker, exchange, failing, judged, stated_checker
from tests.openapi.synthetic import catalogued


def changed(**members: Json) -> dict[str, Json]:
    return {**SHOWN, **members}


def test_an_ordinary_response_shows_rules_to_hold_and_none_to_fail() -> None:
    found = judged(SHOWN)
    assert failing(found) == set()
    held = {rule for rule, side in found.held if side == "shape"}
    assert {"response.json", "response.content-type", "response.nil-id", "response.plausible-times"} <= held
    assert {"response.id.required", "response.count.maximum", "response.kind.enum"} <= held


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"count": 10}, "response.count.maximum"),
        ({"count": "1"}, "response.count.type"),
        ({"kind": "KIND_THREE"}, "response.kind.enum"),
        ({"id": "7"}, "response.id.format"),
        ({"inner": {"size": "x"}}, "response.inner.size.type"),
        ({"tags": {"a": 7}}, "response.tags.*.type"),
        ({"id": NIL}, "response.nil-id"),
        ({"created": "2026-01-05T11:00:00Z"}, "response.plausible-times"),
        ({"created": "2026-01-05T09:00:00Z"}, "response.plausible-times"),
    ],
)
def test_what_is_wrong_with_one_member_fails_its_rule_alone(members: dict[str, Json], rule: str) -> None:
    found = judged(changed(**members))
    assert failing(found) == {rule}
    assert (rule, "shape") not in found.held
    (finding,) = found.findings
    assert finding.path[:1] == (next(iter(members)),)
    assert next(iter(members)) in finding.actual


def test_a_required_member_that_is_missing_is_named() -> None:
    found = judged({name: value for name, value in SHOWN.items() if name != "id"})
    assert failing(found) == {"response.id.required"}
    assert "id is not in the response" in found.findings[0].actual


@pytest.mark.parametrize("minutes", [-49, 0, 49])
def test_a_clock_may_be_wrong_by_less_than_a_time_zone(minutes: int) -> None:
    moment = f"2026-01-05T{10 if minutes >= 0 else 9:02d}:{minutes % 60:02d}:00Z"
    found = judged(changed(created=moment))
    assert failing(found) == set()
    assert ("response.plausible-times", "shape") in found.held


@pytest.mark.parametrize("moment", [None, "soon", 7, "2026-01-05T10:00:00"])
def test_what_is_no_moment_is_no_wrong_one(moment: Json) -> None:
    found = judged(changed(created=moment))
    assert "response.plausible-times" not in failing(found) | {rule for rule, _ in found.held}


def test_without_a_date_the_time_is_ours() -> None:
    assert failing(judged(SHOWN, date="")) == {"response.plausible-times"}
    assert failing(judged(SHOWN, date="no date")) == {"response.plausible-times"}
    assert failing(judged(SHOWN, date=DATE)) == set()


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        (b"", "it is empty"),
        (b"{", "no JSON that can be read"),
        (b"[]", "it is []"),
        (b"7", "it is 7"),
        (b'{"id":"' + ID.encode() + b'","count":1,"count":1}', '"count" comes twice'),
    ],
)
def test_what_is_no_object_of_json_fails_that_rule(content: bytes, actual: str) -> None:
    found = judged(None, content=content)
    (finding,) = [each for each in found.findings if each.rule == "response.json"]
    assert actual in finding.actual
    assert ("response.json", "shape") not in found.held


def test_an_empty_response_that_says_it_is_encoded_is_said_to_be_so() -> None:
    found = judged(None, content=b"", content_encoding="br")
    assert "not in br as it says" in found.findings[0].actual


@pytest.mark.parametrize(("media", "holds"), [("application/json; charset=utf-8", True), ("text/html", False), ("", False)])
def test_the_content_type_is_judged_by_itself(media: str, holds: bool) -> None:
    found = judged(SHOWN, content_type=media)
    assert failing(found) == (set() if holds else {"response.content-type"})
    assert (("response.content-type", "shape") in found.held) is holds
    assert holds or (media or "is missing") in found.findings[0].actual


@pytest.mark.parametrize("word", ["None", "null", "undefined", "nil", "NaN"])
def test_a_word_for_nothing_is_no_null(word: str) -> None:
    found = judged(changed(note=word))
    assert failing(found) == {"response.note.type"}
    assert word in found.findings[0].actual
    assert failing(judged(changed(note=word), {"note": word})) == set(), "it was sent"
    assert failing(judged(changed(note=word), inherits=True)) == set(), "another call may have sent it"
    assert failing(judged(changed(note=f"{word}!"))) == set()


def test_null_in_place_of_a_nested_member_is_forgiven_and_in_place_of_a_required_one_not() -> None:
    assert failing(judged(changed(inner={"size": None, "text": None}))) == set()
    assert failing(judged(changed(id=None))) == {"response.id.type"}


def test_what_only_shows_what_was_sent_is_not_the_fault_of_the_server() -> None:
    assert failing(judged(changed(kind="KIND_X"), {"kind": "KIND_X"})) == set()
    assert failing(judged(changed(kind="KIND_X"), {"kind": "KIND_Y"})) == {"response.kind.enum"}
    assert failing(judged(changed(inner={"size": "x"}), {"inner": {"size": "x"}})) == set()


def test_one_rule_can_be_asked_for_whatever_was_sent() -> None:
    wrong = exchange(changed(kind="KIND_X"), {"kind": "KIND_X"})
    (finding,) = checker().responses.violations_of("response.kind.enum", wrong)
    assert finding.path == ("kind",)
    assert checker().responses.violations_of("response.count.maximum", wrong) == []


def stated(sent: Json, shown: Json, *query: tuple[str, str], inherits: bool = False) -> tuple[dict[str, Finding], set[str]]:
    """The rules about exchanges that a response shows violated, with their findings, and those that hold."""
    found, one = CheckResult(), exchange({**SHOWN, **shown}, sent)
    one = replace(one, case=replace(one.case, query=query))
    stated_checker().responses.check(one, found, inherits=inherits)
    names = [f"response.{each['id']}" for each in STATED]
    failed = {each.rule: each for each in found.findings if each.rule in names}
    sides = {"response.note-comes-back": "echo", "response.count-without-rate": "default", "response.kind-is-shown": "shape"}
    held = {(rule, side) for rule, side in found.held if rule in names}
    assert {*held, *((rule, each.side) for rule, each in failed.items())} <= {*sides.items()}
    return failed, {rule for rule, _ in held}


NOTE, COUNT, KIND = (f"response.{each['id']}" for each in STATED)


def test_rules_about_exchanges_hold_where_their_premise_does() -> None:
    assert stated({}, {}) == ({}, {NOTE, COUNT})
    assert stated({"rate": 1}, {}) == ({}, {NOTE})
    assert stated({"rate": 1}, {}, ("kind", "1")) == ({}, {NOTE, KIND})
    assert stated({"note": "a"}, {"label": "a"})[1] == {NOTE, COUNT}


@pytest.mark.parametrize(
    ("sent", "shown", "rule", "path", "parts"),
    [
        ({"note": "a"}, {"label": "b"}, NOTE, ("label",), ['/label of the response is "b"', '/body/note of the request "a"']),
        ({"note": "2s"}, {"label": "3.0s"}, NOTE, ("label",), ["3.0s"]),
        ({"note": "2s"}, {"label": 2}, NOTE, ("label",), ["is 2,"]),
        ({}, {"count": 1}, COUNT, ("count",), ["/response/count", "0 was expected"]),
    ],
)
def test_a_violated_rule_about_exchanges_fails_at_its_place(
    sent: Json, shown: Json, rule: str, path: Path, parts: list[str]
) -> None:
    failed, held = stated(sent, shown)
    assert failed.keys() == {rule}
    assert rule not in held
    assert failed[rule].path == path
    assert all(part in failed[rule].actual for part in parts)
    assert failed[rule].expected == stated_checker().catalogue.rules[rule].requirement


def test_a_member_that_a_rule_about_exchanges_demands_is_missed_in_the_response() -> None:
    failed, _ = stated({}, {"kind": None}, ("kind", "1"))
    assert failed == {}
    without = {name: value for name, value in SHOWN.items() if name != "kind"}
    one = exchange(without)
    one = replace(one, case=replace(one.case, query=(("kind", "1"),)))
    (finding,) = [each for each in stated_checker().check(one).findings if each.rule == KIND]
    assert (finding.side, finding.path) == ("shape", ())
    assert "/response" in finding.actual


@pytest.mark.parametrize(("sent", "label"), [("2s", "2.000s"), (None, "b"), ("a", None), (1, 1.0)])
def test_two_values_are_equal_as_json_or_as_durations_and_one_alone_says_nothing(sent: Json, label: Json) -> None:
    assert NOTE in stated({"note": sent}, {"label": label})[1]


def test_of_a_call_that_inherits_only_rules_about_itself_are_judged() -> None:
    assert stated({"note": "a"}, {"label": "b", "count": 1}, ("kind", "1"), inherits=True) == ({}, {KIND})


def test_a_case_exercises_the_rules_whose_premise_its_request_satisfies() -> None:
    def exercised(sent: Json, *query: tuple[str, str]) -> set[str]:
        case = replace(exchange(SHOWN, sent).case, query=query)
        found = stated_checker().responses.exercised_by(case)
        assert found.keys() == {NOTE, COUNT, KIND}
        return {rule for rule, is_so in found.items() if is_so}

    assert exercised({}) == exercised(["no object"]) == {NOTE, COUNT}
    assert exercised({"rate": 1}) == {NOTE}
    assert exercised({"rate": 1}, ("kind", "1")) == {NOTE, KIND}


NEST: Any = {
    "type": "object",
    "properties": {
        "size": {"type": "integer"},
        "flag": {"type": "boolean"},
        "text": {"type": "string"},
        "list": {"type": "array", "items": {}},
        "map": {"type": "object", "additionalProperties": {}},
    },
}


@pytest.mark.parametrize(
    ("name", "value", "is_excused"),
    [
        ("size", 0, True),
        ("flag", False, True),
        ("text", "", True),
        ("list", [], True),
        ("size", 1, False),
        ("flag", True, False),
        ("text", "0", False),
        ("map", {}, False),
        ("size", None, False),
    ],
)
def test_a_nested_member_that_was_sent_as_nothing_may_be_left_out(name: str, value: Json, is_excused: bool) -> None:
    nested = {**NEST, "required": [name]}
    request, response = (
        {"type": "object", "properties": {"nest": each, "nests": {"type": "array", "items": each}}} for each in (NEST, nested)
    )
    catalogue = catalogued(request, response)
    responses = Checker(catalogue, checker().tolerances).responses
    for sent, shown, rule in (
        ({"nest": {name: value}}, {"nest": {}}, f"response.nest.{name}.required"),
        ({"nests": [{}, {name: value}]}, {"nests": [{name: 1}, {}]}, f"response.nests.*.{name}.required"),
    ):
        found = CheckResult()
        responses.check(exchange(shown, sent), found, inherits=False)
        assert (rule in failing(found)) is not is_excused
    unsent: list[Json] = [{}, {"nest": None}, {"nest": 7}, {"nests": []}]
    for body in unsent:
        found = CheckResult()
        responses.check(exchange({"nest": {}, "nests": [{}]}, body), found, inherits=False)
        assert {f"response.nest.{name}.required", f"response.nests.*.{name}.required"} <= failing(found), "it was not sent"


def test_a_member_that_was_sent_as_nothing_is_missed_at_the_top() -> None:
    catalogue = catalogued(NEST, {**NEST, "required": ["size"]})
    found = CheckResult()
    Checker(catalogue, checker().tolerances).responses.check(exchange({}, {"size": 0}), found, inherits=False)
    assert failing(found) == {"response.size.required"}


def test_a_moment_that_was_sent_or_lies_ahead_is_not_judged_by_the_clock() -> None:
    moment = {"type": "string", "format": "date-time"}
    members = {"due": moment, "expires": moment, "dateCreated": moment, "registered": moment, "name": {"type": "string"}}
    catalogue = catalogued({"type": "object", "properties": {"due": moment}}, {"type": "object", "properties": members})
    judging = Checker(catalogue, checker().tolerances).responses
    far = "2001-01-01T00:00:00Z"
    for name in members:
        found = CheckResult()
        judging.check(exchange({name: far}), found, inherits=False)
        assert failing(found) == ({"response.plausible-times"} if name in ("dateCreated", "registered") else set())
