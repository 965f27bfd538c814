"""Defaults, echoes and parent calls: rules that follow from request and response together."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.catalogue import catalogue_of, default_of
from openapi.schema.nodes import tree
from tests.openapi.synthetic import (
    Object,
    catalogued,
    description,
    loaded,
    overlay,
)

ECHO_BODY: Object = {
    "properties": {
        "a": {"type": "string", "default": "x"},
        "only_sent": {"default": 1},
        "nested": {"properties": {"b": {}, "c": {"default": 2}}},
        "list": {"items": {"properties": {"d": {"default": 3}}}},
    }
}
ECHO_RESPONSE: Object = {
    "properties": {
        "a": {"type": "string"},
        "only_shown": {"default": 4},
        "nested": {"properties": {"b": {"default": 5}, "c": {"default": 6}}},
        "list": {"items": {"properties": {"d": {}}}},
    }
}


def test_what_stands_in_request_and_response_is_echoed() -> None:
    found = {each for each in catalogued(ECHO_BODY, ECHO_RESPONSE).rules if each.endswith(".echo")}
    names = ["a", "nested", "nested.b", "nested.c", "list", "list.*.d"]
    assert found == {f"body.{name}.echo" for name in names}


def test_a_default_is_that_of_the_request_or_else_of_the_response() -> None:
    rules = catalogued(ECHO_BODY, ECHO_RESPONSE).rules
    found = {each: rules[each].requirement for each in rules if each.endswith(".default")}
    assert found == {
        "body.a.default": "Where a is not sent, the response MUST show 'x'.",
        "body.nested.b.default": "Where nested.b is not sent, the response MUST NOT show another value than 5.",
        "body.nested.c.default": "Where nested.c is not sent, the response MUST NOT show another value than 2.",
        "response.only_shown.default": "The response for a new object MUST show only_shown as 4.",
    }


def test_the_default_of_null_is_a_default() -> None:
    node = tree(loaded(description({"properties": {"a": {"default": None}, "b": {}}})).request)
    found = default_of(node.properties["a"])
    assert found is not None
    assert found[0] is None
    assert default_of(node.properties["b"]) is None


@pytest.mark.parametrize(("inherits", "names"), [("*", ["a", "nested", "list"]), (["a", "only_sent"], ["a"]), ([], [])])
def test_a_parent_call_hands_on_what_the_response_shows(inherits: Any, names: list[str]) -> None:
    parent = {"parameter": "parent", "identifier": "id", "inherits": inherits, "quote": "Q"}
    parameter = {"name": "parent", "in": "query", "schema": {"type": "string"}}
    update = {"x-parent-call": parent, "parameters": [parameter]}
    layer = overlay({"target": "$.paths['/api/calls'].post", "update": update})
    rules = catalogue_of(loaded(description(ECHO_BODY, ECHO_RESPONSE), layer)).rules
    found = [each for each in rules if each.endswith((".inherited", ".overridden"))]
    assert found == [f"state.{name}.{verb}" for name in names for verb in ("inherited", "overridden")]
    assert all(rules[each].quote == "Q" for each in found)
