"""Reducing and attribution: a small body that still shows the failure, is still valid, and names its rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.checks.finding import Finding
from conformance.triage.attribution import Attribution
from conformance.triage.shrinking import Reducer, guesses
from openapi.json_types import Json, Path
from openapi.schema.paths import at, paths_in, without
from strategies.case import Case, Side
from strategies.values.leniency import is_certain
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with, plan
from tests.conformance.triage import small
from tests.emulator.planted import FAULTS


def has_note(shows: Callable[[str], object], body: Json) -> bool:
    """A note in the body that shows the failure."""
    return "note" in body and bool(shows(body["note"]))


WHOLE: Json = {
    **small.FULL,
    "labels": {"a": "x", "b c": "y"},
    "items": [{"a": index, "b": "long"} for index in range(9)],
    "way": {"one": {"any": [1, 2]}},
}
PATHS = [("rate",), ("kind",), ("flag",), ("tags", "x"), ("labels", "b c"), ("inner", "b"), ("way", "one"), ("note",)]


@settings(max_examples=20)
@given(st.sets(st.sampled_from(PATHS), min_size=1, max_size=3))
def test_a_reduced_body_shows_the_failure_and_nothing_can_be_left_out_of_it(needed: set[Path]) -> None:
    received: list[Json] = []

    def shows(candidate: Json) -> bool:
        received.append(candidate)
        return all(at(candidate, path) is not None for path in needed)

    reducer = Reducer(small.oracle(), 500)
    smallest = reducer.shrink(WHOLE, shows)
    assert all(map(small.oracle().is_valid, [smallest, *received]))
    assert len(received) == reducer.spent < 100
    assert all(at(smallest, path) is not None for path in needed)
    for path in filter(None, paths_in(smallest)):
        less = without(smallest, path)
        assert not (small.oracle().is_valid(less) and all(at(less, each) is not None for each in needed)), path


@pytest.mark.parametrize("index", [0, 31, 63])
def test_one_member_of_many_is_found_by_halves(index: int) -> None:
    reducer = Reducer(small.oracle())
    tags: Json = {"tags": {f"n{number}": "" for number in range(64)}}
    assert reducer.shrink(tags, lambda body: f"n{index}" in body.get("tags", {})) == {"tags": {f"n{index}": ""}}
    assert reducer.spent < 20
    reducer = Reducer(small.oracle())
    items: Json = {"items": [{"a": number - 60} for number in range(64)]}
    assert reducer.shrink(items, lambda body: {"a": index - 60} in body.get("items", [])) == {"items": [{"a": index - 60}]}
    assert reducer.spent < 20


@pytest.mark.parametrize(
    ("text", "needed", "shortest"),
    [
        ("a text", "", "x"),
        ("ab", "b", "b"),
        ("a long text with a word in it", "word", "word"),
        ("words and ümlaut", "ü", "ü"),
        ("aüö b", "öb", "öb"),
        (" a text", " ", " x"),
        ("a text ", " ", "x "),
        ("x" * 300, "x" * 64, "x" * 64),
        ("y" * 300, "y" * 64, "y" * 64),
    ],
)
def test_strings_become_as_short_as_what_matters_in_them(text: str, needed: str, shortest: str) -> None:
    def shows(body: Json) -> bool:
        left = iter(body.get("note", "-" if needed else ""))
        return "note" in body and all(character in left for character in needed)

    smallest = Reducer(small.oracle(), 200).shrink({"note": text}, shows)["note"]
    assert len(smallest) == len(shortest)
    assert smallest == shortest or needed.isspace()


@pytest.mark.parametrize("text", [" ", "ü", "  ", " a", "a ", "ab", "abc", " a text "])
def test_no_string_becomes_longer_whatever_shows_the_failure(text: str) -> None:
    ways: list[Callable[[str], object]] = [bool, lambda each: each != each.strip(), lambda each: not each.isascii()]
    for shows in ways:
        if shows(text):
            smallest = Reducer(small.oracle(), 200).shrink({"note": text}, partial(has_note, shows))
            assert len(smallest["note"]) <= len(text)


@pytest.mark.parametrize(
    ("least", "left"), [(65, 256), (256, 256), (257, 1_025), (1_025, 1_025), (1_026, 4_097), (4_097, 4_097)]
)
def test_a_long_string_becomes_as_long_as_the_usual_limit_that_shows_it(least: int, left: int) -> None:
    reducer = Reducer(small.oracle(), 200)
    shows = partial(has_note, lambda each: len(each) >= least)
    assert reducer.shrink({"note": "y" * 5_000}, shows) == {"note": "x" * left}
    assert reducer.spent < 8


def test_a_body_that_must_be_accepted_stays_one_and_another_need_not() -> None:
    names: Json = {"type": "string", "x-known-values": ["known one", "another"]}
    own = small.oracle_of(small.checker_of({"type": "object", "properties": {"note": names, "flag": {"type": "boolean"}}}))
    for note, smallest in (("known one", "known one"), ("unknown", "x")):
        received: list[Json] = []

        def shows(body: Json, received: list[Json] = received) -> bool:
            received.append(body)
            return "note" in body

        assert Reducer(own).shrink({"note": note, "flag": True}, shows) == {"note": smallest}
        assert note == "unknown" or all(is_certain(own.root, each) for each in received)


def test_of_several_guesses_the_first_that_shows_it_is_taken() -> None:
    for first, spent in (([{}, {"rate": 1}], 1), ([small.FULL, {"flag": True}], 1), ([{"rate": 1}, {"flag": True}], 2)):
        reducer = Reducer(small.oracle(), 60)
        assert len(reducer.shrink(small.FULL, lambda body: "rate" not in body, first=iter(first))) <= 1
        assert reducer.spent <= spent + 1


@pytest.mark.parametrize("budget", [1, 5, 20])
def test_no_more_is_sent_than_the_budget_allows(budget: int) -> None:
    received: list[Json] = []

    def shows(candidate: Json) -> bool:
        received.append(candidate)
        return all(at(candidate, path) is not None for path in PATHS)

    reducer = Reducer(small.oracle(), budget)
    smallest = reducer.shrink(WHOLE, shows)
    assert len(received) == reducer.spent == budget
    assert shows(smallest)


@pytest.mark.parametrize(
    ("body", "shows", "smallest"),
    [
        ({"temperature": 0.5, "systemPrompt": "x"}, lambda b: "temperature" in b, {"temperature": 0.5}),
        ({"systemPrompt": "a long text"}, lambda b: "systemPrompt" in b, {"systemPrompt": "x"}),
        (
            {"metadata": {"a": "1", "b": "2", "c": "3"}, "model": "m"},
            lambda b: "b" in b.get("metadata", {}),
            {"metadata": {"b": "2"}},
        ),
        ({"temperature": 0.5}, lambda _b: True, {}),
        (
            {"temperature": 0.5, "systemPrompt": "x", "model": "m"},
            lambda b: "temperature" in b and "model" in b,
            {"temperature": 0.5, "model": "m"},
        ),
    ],
)
def test_bodies_become_minimal(body: Json, shows: Callable[[Json], bool], smallest: Json) -> None:
    assert Reducer(plan().oracle, 60).shrink(body, shows) == smallest


def test_nothing_is_asked_without_a_budget() -> None:
    body = {"temperature": 0.5, "model": "m"}
    assert Reducer(plan().oracle, 0).shrink(body, lambda _body: pytest.fail("received")) == body


def test_a_guess_that_shows_it_saves_the_rest() -> None:
    reducer = Reducer(plan().oracle, 60)
    assert reducer.shrink({"temperature": 0.5, "model": "m"}, lambda _body: True, first=iter([{}])) == {}
    assert reducer.spent == 1


@pytest.mark.parametrize(
    ("path", "guessed"),
    [
        (("rate",), [{}, {"rate": 0.5}]),
        (("inner", "b"), [{}, {"inner": {"b": "text", "a": 1}}]),
        (("items", 1, "a"), [{}, {"items": [{"a": 2}]}]),
        ((), [{}]),
        (("none",), [{}]),
        (("labels",), [{}]),
    ],
)
def test_the_value_in_question_alone_with_what_it_needs_is_a_guess(path: Path, guessed: list[Json]) -> None:
    finding = Finding("body.rate.maximum", "rejects", "", "", path)
    assert list(guesses(small.oracle(), small.case(small.FULL), finding)) == guessed


@pytest.mark.parametrize(
    ("body", "shows", "smallest"),
    [
        ({"temperature": 2, "model": "m", "voice": "v"}, lambda b: "model" in b, {"temperature": 2, "model": "m"}),
        ({"metadata": {"a": "x", "ultravox.b": "long", "c": "y"}}, lambda _b: True, {"metadata": {"ultravox.b": "long"}}),
        ({"temperature": 2, "joinTimeout": "soon"}, lambda _b: True, {"temperature": 2}),
        (
            {"selectedTools": [{"toolName": "a"}, {"toolName": "b"}, {"toolName": 7}]},
            lambda b: len(b["selectedTools"]) > 1,
            {"selectedTools": [{"toolName": "b"}, {"toolName": 7}]},
        ),
    ],
)
def test_invalid_bodies_become_minimal_and_violate_what_they_violated(
    body: Json, shows: Callable[[Json], bool], smallest: Json
) -> None:
    assert Reducer(plan().oracle, 60, "body.temperature.maximum").shrink(body, shows) == smallest


def test_an_accepted_violation_is_reported_without_what_it_takes_nothing_of() -> None:
    ending = ending_with(conforming(faults=[FAULTS["reserved-metadata-last"]]), select=("body.metadata.propertyNames",))
    (verdict,) = [each for each in ending.verdicts if each.failures]
    (failure,) = verdict.failures
    assert json.loads(failure.request.body or "") == {"metadata": {"last": "x", "ultravox.": "x"}}
    assert failure.offending_fields == ["/metadata"]


@pytest.mark.parametrize(
    ("body", "refused", "rule"),
    [
        ({"temperature": 1}, lambda b: b.get("temperature") == 1, "body.temperature.maximum"),
        ({"temperature": 0}, lambda b: b.get("temperature") == 0, "body.temperature.minimum"),
        ({"temperature": 0.5}, lambda b: "temperature" in b, "body.temperature.type"),
        ({"recordingEnabled": True}, lambda b: "recordingEnabled" in b, "body.recordingEnabled.type"),
    ],
)
def test_the_offending_field_is_named(body: Any, refused: Callable[[Json], bool], rule: str) -> None:
    case = Case(side=Side.ACCEPTS, label="", body=body)
    refused_field = Attribution(plan().oracle).refused_field(case, body, refused)
    assert refused_field.rule == rule
    assert refused_field.paths == ((next(iter(body)),),)


def test_of_objects_inside_each_other_the_innermost_is_named() -> None:
    body: Json = {"firstSpeakerSettings": {"agent": {}}}
    case = Case(side=Side.ACCEPTS, label="", body=body)
    refused_field = Attribution(plan().oracle).refused_field(case, body, lambda b: "agent" in b.get("firstSpeakerSettings", {}))
    assert refused_field.rule == "body.firstSpeakerSettings.agent.type"
    assert refused_field.paths == (("firstSpeakerSettings", "agent"),)


def test_two_fields_that_are_refused_together_are_named_by_the_rule_about_both() -> None:
    body = {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"agent": {}}}
    refused_field = Attribution(plan().oracle).refused_field(
        Case(side=Side.ACCEPTS, label="", body=body), body, lambda b: b == body
    )
    assert refused_field.rule == "body.first-speaker-matches-settings"
    assert refused_field.paths == (("firstSpeaker",), ("firstSpeakerSettings",))


@pytest.mark.parametrize("name", ["temperature", "medium", pytest.param("selectedTools", marks=pytest.mark.slow)])
def test_a_field_that_is_refused_is_found_in_a_run(name: str) -> None:
    response = conforming()

    def refusing(received: Received) -> Reply | None:
        if received.method == "POST" and f'"{name}":'.encode() in received.body:
            return Reply(400, b'{"detail": "No"}')
        return response(received)

    ending = ending_with(refusing, select=(f"body.{name}.*", "status.created"), max_requests=400)
    failures = {each.rule: each.failures for each in ending.verdicts if each.failures}
    assert failures
    assert all(rule.startswith(f"body.{name}") for rule in failures)
    smallest = min((json.loads(each.request.body or "{}") for found in failures.values() for each in found), key=len)
    assert set(smallest) == {name}


def test_what_refers_to_each_other_is_left_out_together() -> None:
    oracle = plan().oracle
    secured = {"options": [{"requirements": {"key": {"queryApiKey": {"name": "key"}}}}]}
    tool = {
        "modelToolName": "x",
        "client": {},
        "requirements": {"httpSecurityOptions": secured},
        "dynamicParameters": [{"name": "city", "location": "PARAMETER_LOCATION_BODY", "schema": {"type": "string"}}],
    }
    selected = {"temporaryTool": tool, "authTokens": {"key": "x"}, "parameterOverrides": {"city": "x"}}
    body = {"selectedTools": [selected]}
    assert oracle.is_valid(body)
    smallest = Reducer(oracle).shrink(body, lambda less: "client" in str(less))
    assert smallest == {"selectedTools": [{"temporaryTool": {"modelToolName": "x", "client": {}}}]}


def test_members_of_a_map_that_are_refused_only_together_are_named_by_the_rule_about_the_map() -> None:
    body: Json = {"metadata": {"a": "x", "b": "x"}}
    case = Case(side=Side.ACCEPTS, label="two", body=body)
    refused_field = Attribution(plan().oracle).refused_field(case, body, lambda each: len(each.get("metadata", {})) > 1)
    assert (refused_field.rule, refused_field.paths) == ("body.metadata.type", (("metadata",),))
