"""Reducing and attribution: a small body that still shows the failure, is still valid, and names its rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.triage.attribution import Attribution
from conformance.triage.shrinking import Reducer
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with, plan
from tests.emulator.planted import FAULTS

PACKS: list[Json] = [case.body for case in plan().accepts() if isinstance(case.body, dict) and case.body][:12]


@settings(max_examples=20)
@given(st.sampled_from(PACKS), st.data())
def test_a_reduced_body_shows_the_failure_and_conforms_the_rules(body: Json, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(body)))
    received: list[Json] = []

    def shows(candidate: Json) -> bool:
        received.append(candidate)
        return name in candidate

    reducer = Reducer(plan().oracle, 60)
    smallest = reducer.shrink(body, shows)
    assert name in smallest
    assert plan().oracle.is_valid(smallest)
    assert all(map(plan().oracle.is_valid, received))
    assert len(received) == reducer.spent <= 60
    assert len(json.dumps(smallest)) <= len(json.dumps(body))


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


@pytest.mark.parametrize("name", ["temperature", "medium", "selectedTools"])
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
