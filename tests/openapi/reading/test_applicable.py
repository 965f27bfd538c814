"""Rules about members that a version of the description lacks are left out, each with a note."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.reading.applicable import Described, applicable, without_missing

BODY: dict[str, Any] = {
    "properties": {"a": {"properties": {"b": {}}}, "list": {"items": {"properties": {"c": {}}}}, "free": {}}
}
DESCRIBED = Described(BODY, {"properties": {"id": {}}}, {"parent"})


def left_out(**rule: Any) -> list[str]:
    extensions = {"x-exchange-rules": [{"id": "r", "source": "overlay.yaml#/actions/3/update", **rule}]}
    kept, notes = applicable(extensions, DESCRIBED)
    assert bool(kept["x-exchange-rules"]) != bool(notes)
    return notes


def whole(**sides: Any) -> dict[str, Any]:
    return {"properties": sides}


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ({"when": whole(body={"required": ["new"]})}, "body.new"),
        ({"when": whole(body={"not": {"required": ["new"]}})}, "body.new"),
        ({"when": whole(body={"properties": {"a": {"required": ["new"]}}})}, "body.a.new"),
        ({"when": whole(body={"properties": {"list": {"items": {"required": ["new"]}}}})}, "body.list.*.new"),
        ({"then": whole(response={"properties": {"new": {"const": 1}}})}, "response.new"),
        ({"schema": {"anyOf": [whole(query={"required": ["new"]})]}}, "new in the query"),
        ({"equal": {"response": "/new", "request": "/body/a"}}, "response.new"),
        ({"equal": {"response": "/id", "request": "/body/a/new"}}, "body.a.new"),
        ({"equal": {"response": "/id", "request": "/query/new"}}, "new in the query"),
    ],
)
def test_a_rule_about_a_missing_member_is_left_out(rule: dict[str, Any], missing: str) -> None:
    assert left_out(**rule) == [f"overlay.yaml#/actions/3/update: r is left out, since there is no {missing}"]


@pytest.mark.parametrize(
    "rule",
    [
        {"when": whole(body={"properties": {"a": {"required": ["b"]}}}, query={"required": ["parent"]})},
        {"when": whole(body={"properties": {"new": False}})},
        {"when": whole(body={"properties": {"free": {"required": ["any"]}}})},
        {"equal": {"response": "/id", "request": "/body/a/b"}},
    ],
)
def test_a_rule_about_described_members_is_kept(rule: dict[str, Any]) -> None:
    assert left_out(**rule) == []


def test_a_parent_that_no_parameter_names_is_left_out() -> None:
    assert applicable({"x-parent-call": {"parameter": "parent"}}, DESCRIBED)[1] == []
    kept, notes = applicable({"x-parent-call": {"parameter": "earlier"}}, DESCRIBED)
    assert not kept
    assert notes == ["x-parent-call: the parent is left out, since there is no earlier in the query"]


def test_a_named_rule_of_a_schema_about_a_missing_member_is_left_out() -> None:
    apart, other = {"x-rule": "apart", "not": {"required": ["a", "new"]}}, {"x-rule": "other", "not": {"required": ["a", "b"]}}
    schema = {"$defs": {"X": {"properties": {"a": {}, "b": {}}, "allOf": [apart, other, {"required": ["new"]}]}}}
    pruned, notes = without_missing(schema)
    assert pruned["$defs"]["X"]["allOf"] == [other, {"required": ["new"]}]
    assert notes == ["x-rule: apart is left out, since there is no new"]
