"""The documented part of a schema is enforced, and nothing that is merely implied."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from emulator.validation import Enforcer, documented, validator
from openapi import Contract
from tests.emulator.client import Client, contract

_IMPLIED = {"basis": "implied"}


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"type": "string", "maxLength": 3, "x-rules": {"maxLength": _IMPLIED}}, {"type": "string"}),
        ({"minimum": 0, "x-rules": {"minimum": {"basis": "undocumented"}}}, {}),
        ({"minimum": 0, "x-rules": {"minimum": {"basis": "documented"}}}, {"minimum": 0}),
        ({"x-known-values": [1], "x-hazard": "no"}, {}),
        ({"allOf": [{"x-rule": "a", "not": {}, "x-rules": {"a": _IMPLIED}}]}, {}),
        ({"allOf": [{"x-rule": "a", "not": {}, "x-rules": {"a": {}}}]}, {"allOf": [{"not": {}}]}),
        ({"properties": {"enum": {"x-y": 1}}}, {"properties": {"enum": {}}}),
        ({"const": {"x-y": 1}}, {"const": {"x-y": 1}}),
        ({"x-unique-by": ["/a"], "x-unique-reference": ["/b"]}, {"x-unique-by": ["/a"], "x-unique-reference": ["/b"]}),
        ({"format": "int32"}, {"format": "int32", "allOf": [{"minimum": -(2**31), "maximum": 2**31 - 1}]}),
    ],
)
def test_the_documented_part(schema: dict[str, Any], left: dict[str, Any]) -> None:
    assert documented(schema) == left


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"format": "uuid"}, "3c90c3cc-0d44-4b50-8888-8dd25736052a", "3c90c3cc"),
        ({"format": "date-time"}, "2025-04-01T00:00:00Z", "2025-04-01"),
        ({"format": "int32"}, 2**31 - 1, 2**31),
        ({"format": "int64"}, -(2**63), 2**63),
    ],
)
def test_formats(schema: dict[str, Any], valid: Any, invalid: Any) -> None:
    assert validator(schema).is_valid(valid)
    assert not validator(schema).is_valid(invalid)


def test_implied_rules_are_not_enforced() -> None:
    client = Client()
    client.created({"initialMessages": [{}], "inactivityMessages": [{}]})
    client.created({"voice": "unknown", "externalVoice": None})


def test_what_no_response_could_show_is_refused() -> None:
    """The response's languageHint has at most 16 characters; of the request's that is only implied."""
    client = Client()
    client.created({"languageHint": "x" * 16})
    assert "languageHint" in client.refused({"languageHint": "x" * 17})


def test_a_rule_about_query_and_body() -> None:
    rule = {
        "id": "no-c-with-b",
        "requirement": "c MUST NOT stand with q.",
        "schema": {"not": {"properties": {"query": {"required": ["q"]}, "body": {"required": ["voice"]}}}},
    }
    enforcer = Enforcer(replace(contract(), extensions={"x-request-rules": [rule]}))
    assert enforcer.problem({"q": "1"}, {"voice": "a"}) == "c MUST NOT stand with q."
    assert enforcer.problem({"q": "1"}, {"model": "a"}) is None
    assert enforcer.problem({}, {"voice": "a"}) is None
    assert enforcer.problem({}, {}) is None


def test_a_rule_that_forbids_something_alongside_a_parameter_and_demands_more() -> None:
    forbidden = {"required": ["query"], "properties": {"query": {"required": ["q"]}, "body": {"required": ["model"]}}}
    schema = {"not": forbidden, "properties": {"body": {"required": ["voice"]}}}
    rule = {"id": "voice-needed", "schema": schema}
    enforcer = Enforcer(replace(contract(), extensions={"x-request-rules": [rule]}))
    assert enforcer.problem({}, {"model": "a"}) == "voice-needed"
    assert enforcer.problem({"q": "1"}, {"model": "a", "voice": "b"}) == "voice-needed"
    assert enforcer.problem({}, {"model": "a", "voice": "b"}) is None


def test_a_rule_to_which_nothing_conforms() -> None:
    enforcer = Enforcer(replace(contract(), extensions={"x-request-rules": [{"id": "never", "schema": False}]}))
    assert enforcer.problem({}, {}) == "never"


def test_a_rule_that_an_empty_request_violates() -> None:
    rule = {"id": "q", "schema": {"properties": {"query": {"required": ["q"]}}}}
    enforcer = Enforcer(replace(contract(), extensions={"x-request-rules": [rule]}))
    assert enforcer.problem({}, {}) == "q"
    assert enforcer.problem({"q": "1"}, {}) is None


def test_an_implied_rule_about_query_and_body_is_not_enforced() -> None:
    rule = {"id": "q", "basis": "implied", "schema": False}
    assert Enforcer(replace(contract(), extensions={"x-request-rules": [rule]})).problem({}, {}) is None


def _with(**keywords: Any) -> Contract:
    """Return our contract with more keywords for the body as a whole."""
    return replace(contract(), request={**contract().request, **keywords})


@pytest.mark.parametrize(
    ("described", "invalid"),
    [
        (_with(minProperties=1), {}),
        (_with(propertyNames={"maxLength": 5}), {"systemPrompt": "x"}),
        (_with(**{"x-distinct": ["/voice", "/model"]}), {"voice": "a", "model": "a"}),
        (_with(**{"not": {"required": ["voice", "model"]}}), {"voice": "a", "model": "b"}),
        (
            _with(**{"not": {"properties": {"selectedTools": {"const": []}}, "required": ["selectedTools"]}}),
            {"selectedTools": []},
        ),
    ],
)
def test_keywords_of_the_whole_body_are_enforced(described: Contract, invalid: Any) -> None:
    client = Client(described=described)
    assert client.create(invalid).status == 400
    assert client.create({"voice": "a"}).status == 201


def test_an_enum_may_have_members_of_several_types() -> None:
    request = deepcopy(dict(contract().request))
    body = request["$defs"][request["$ref"].rpartition("/")[2]] if "$ref" in request else request
    body["properties"]["kind"] = {"type": ["string", "object"], "enum": [{"a": 1}, "KIND_UNSPECIFIED", "KIND_A"]}
    client = Client(described=replace(contract(), request=request))
    assert [client.create({"kind": kind}).status for kind in ({"a": 1}, "KIND_UNSPECIFIED", {"a": 2})] == [201, 201, 400]


def test_a_required_parameter_is_enforced() -> None:
    parameters = tuple(replace(each, required=True) for each in contract().parameters)
    assert Client(described=replace(contract(), parameters=parameters)).create({}).status == 400
