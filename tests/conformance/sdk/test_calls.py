"""Intended calls and response cases: valid, portable, complete, and the same each time."""

from __future__ import annotations

import json

import pytest

from conformance.sdk.calls import intended_calls, is_portable
from conformance.sdk.responses import Expectation, ResponseCase, response_cases
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from tests.plans import our_catalogue, our_plan

PARENT = "3c90c3cc-0d44-4b50-8888-8dd257360500"


def test_every_intended_call_is_valid_and_reaches_every_member() -> None:
    ours = our_catalogue()
    calls = intended_calls(ours, PARENT, our_plan())
    oracle = Oracle(ours.contract.request, "body", ours.body)
    assert [call.label for call in calls if not oracle.is_valid(dict(call.body))] == []
    assert all(is_portable(call.body) for call in calls)
    aimed = {call.member for call in calls}
    leaves = {node.path for node in ours.body.walk() if node.place and not node.is_object and not node.get("x-hazard")}
    below = {f"{path}.*" for path in leaves}
    assert {path for path in leaves - below if path not in aimed and not path.endswith(".*")} == set()
    assert {f"?{parameter.name}" for parameter in ours.contract.parameters} <= aimed


def test_falsy_values_and_odd_keys_are_among_the_values() -> None:
    calls = intended_calls(our_catalogue(), None, our_plan())
    values = {repr(value) for call in calls for value in call.body.values()}
    assert {"''", "0", "False", "[]", "{}"} <= values
    keys = {key for call in calls for value in call.body.values() if isinstance(value, dict) for key in value}
    assert {"__proto__", "", "ünï 😀 e\u0301"} <= keys


def test_ids_are_unique_and_do_not_depend_on_ids_of_the_server() -> None:
    first, second = (intended_calls(our_catalogue(), parent, our_plan()) for parent in (PARENT, PARENT.replace("3", "4")))
    assert [call.id for call in first] == [call.id for call in second]
    assert len({call.id for call in first}) == len(first)


@pytest.mark.parametrize("value", [2**53, {"a": [-(2**53)]}, "\ud800", {"\udfff": 1}])
def test_what_implementations_read_differently_is_not_portable(value: Json) -> None:
    assert not is_portable(value)


@pytest.fixture
def cases(small_catalogue: Catalogue) -> list[ResponseCase]:
    template = {
        "id": PARENT,
        "created": "2025-04-01T12:00:00.000001Z",
        "wait": "30s",
        "state": "new",
        "note": None,
        "labels": {},
        "nested": {"deep": True},
    }
    return list(response_cases(small_catalogue, template))


def test_edges_are_valid_responses(small_catalogue: Catalogue, cases: list[ResponseCase]) -> None:
    oracle = Oracle(small_catalogue.contract.response, "response", small_catalogue.response)
    edges = [case for case in cases if case.expectation is Expectation.READ]
    for case in edges:
        assert oracle.is_valid(json.loads(case.response.body)), case.id
    ids = {case.id for case in edges}
    wanted = ["created/leap-second", "created/offset", "note/null", "note/absent", "wait/longest", "state/member-done"]
    assert {f"response/edge/{each}" for each in wanted} <= ids


def test_response_cases_have_ids_of_their_own(cases: list[ResponseCase]) -> None:
    ids = [case.id for case in cases]
    assert len(set(ids)) == len(ids)
    assert {"response/unknown/state/enum-member", "response/wait/503-until-a-date", "response/error/success-cut"} <= set(ids)
