"""Conditions over request and response: when a rule is about them, and what of it is violated."""

from __future__ import annotations

import pytest

from conformance.checks.conditions import Conditions
from openapi.json_types import Json, Path


def whole(body: Json, response: Json) -> Json:
    return {"query": {}, "body": body, "response": response}


def test_without_when_it_is_about_everything() -> None:
    conditions = Conditions.of({"then": {"properties": {"response": {"required": ["a"]}}}})
    assert conditions.are_about(whole({}, {}))
    assert conditions.violated(whole({}, {"a": 1})) == ((), None)
    path, problem = conditions.violated(whole({}, {}))
    assert (path, "'a' is not of" in str(problem) or '"a" is a required' in str(problem)) == ((), True)


def test_when_looks_at_the_request() -> None:
    conditions = Conditions.of({"when": {"properties": {"body": {"required": ["a"]}}}, "then": True})
    assert [conditions.are_about(whole(body, {})) for body in ({"a": 1}, {})] == [True, False]


@pytest.mark.parametrize(
    ("body", "response", "path"),
    [
        ({"a": 1}, {"b": 1.0}, None),
        ({"a": "90s"}, {"b": "90.0s"}, None),
        ({}, {"b": 1}, None),
        ({"a": 1}, {}, None),
        ({"a": 1}, {"b": 2}, ("b",)),
        ({"a": "90s"}, {"b": "91s"}, ("b",)),
    ],
)
def test_equal_compares_what_both_have(body: Json, response: Json, path: Path | None) -> None:
    found, problem = Conditions.of({"equal": {"response": "/b", "request": "/body/a"}}).violated(whole(body, response))
    assert (found, problem is None) == ((), True) if path is None else (path, False)
