"""Equivalence: what two responses about one call may differ in, and what they may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.echo import Echo
from conformance.checks.equivalence import Equivalence, copied_defaults
from openapi import load_contract
from openapi.contract_data import Lifetime
from openapi.json_types import Json
from openapi.schema.nodes import tree
from tests.conformance.checks import small
from tests.conformance.sessions import checker

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


def differs(field: str, one: Json, other: Json) -> bool:
    """Return whether two responses show a member with different values, in whichever order they come."""
    there, back = (checker().equivalence.differs(field, {field: a}, {field: b}) for a, b in ((one, other), (other, one)))
    assert there == back
    return there


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("callId", ID, ID.upper()),
        ("created", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500000+00:00"),
        ("joinTimeout", "30s", "30.000000s"),
        ("temperature", 0.7, 0.699999988079071),
        ("voice", "Mark", ID),
        ("joinUrl", "wss://voice.example/a", "wss://voice.example/a?token=b"),
        ("metadata", {"a": "b", "ultravox.request": "1"}, {"a": "b", "ultravox.request": "2"}),
        ("systemPrompt", None, ""),
        ("vadSettings", {"turnEndpointDelay": "0.5s"}, {"turnEndpointDelay": "0.500s", "invented": 1}),
        ("inactivityMessages", [{"duration": "1s", "message": "a"}], [{"duration": "1.000s", "message": "a"}]),
        ("initialState", {"a": 1, "b": 2}, {"b": 2.0, "a": 1}),
        ("invented", 1, 2),
    ],
)
def test_equal(field: str, one: Json, other: Json) -> None:
    assert not differs(field, one, other)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("callId", ID, ID.replace("3c90", "3c91")),
        ("created", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00"),
        ("joinTimeout", "30s", "31s"),
        ("temperature", 0, False),
        ("temperature", 0, None),
        ("joinUrl", "wss://voice.example/a", None),
        ("metadata", {"a": "b"}, {"a": "c"}),
        ("metadata", {"a": "b"}, {}),
        ("recordingEnabled", False, None),
        ("firstSpeakerSettings", {"agent": {}}, {"user": {}}),
        ("inactivityMessages", [{"duration": "1s", "message": "a"}], []),
        ("initialState", {"a": 1}, {"a": True}),
        ("vadSettings", {"turnEndpointDelay": "0.5s"}, {}),
    ],
)
def test_different(field: str, one: Json, other: Json) -> None:
    assert differs(field, one, other)


def test_a_difference_is_reported_with_both_values() -> None:
    reported = checker().equivalence.difference({"temperature": 0.5}, {"temperature": 1})
    assert reported == "/temperature is 1, it was 0.5"
    assert checker().equivalence.difference({"temperature": 0.5}, {"temperature": 1}, without={"temperature"}) is None
    assert checker().equivalence.difference({}, None) == "it is no JSON object"
    reported = checker().equivalence.difference({"temperature": 0.5}, {"temperature": 0.5, "systemPrompt": "x" * 400})
    assert str(reported).startswith("/systemPrompt is")
    assert len(str(reported)) < 300


def test_a_response_that_is_no_success_has_changed() -> None:
    for status, difference in ((404, "status 404"), (299, None), (300, "status 300")):
        assert checker().equivalence.changed({}, replace(small.exchange({}), status=status)) == difference
    changed = checker().equivalence.changed({"temperature": 1}, small.exchange({}), without={"temperature"})
    assert changed is None


VALUE: Json = {"type": ["string", "number", "boolean", "null"]}
MAP: Json = {"type": "object", "additionalProperties": {"type": "string"}}
NAMED: Json = {"type": "object", "properties": {"v": VALUE, "w": VALUE}}
HOLDER: Json = {"type": "object", "properties": {"v": VALUE, "list": {"type": "array"}, "map": MAP, "type": NAMED}}


def equal(field: str, one: Json, other: Json) -> bool:
    node = tree(
        {"type": "object", "properties": {**HOLDER["properties"], "nest": HOLDER, "nests": {"type": "array", "items": HOLDER}}}
    )
    comparing = Equivalence(node, Echo(tree({"type": "object"}), node, small.checker().tolerances))
    return not comparing.differs(field, {field: one}, {field: other})


@pytest.mark.parametrize(
    ("field", "value", "top", "nested"),
    [
        ("v", "", True, True),
        ("v", 0, False, True),
        ("v", False, False, True),
        ("v", "x", False, False),
        ("list", [], True, True),
        ("list", [1], False, False),
        ("map", {}, True, True),
        ("map", {"a": "x"}, False, False),
        ("type", {}, True, False),
    ],
)
def test_what_cannot_be_reported_from_nothing_equals_nothing(field: str, value: Json, top: bool, nested: bool) -> None:
    assert equal(field, value, None) is equal(field, None, value) is top
    assert equal("nest", {field: value}, {}) is equal("nest", {}, {field: value}) is nested
    assert equal("nests", [{field: value}], [{}]) is nested


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("nests", [{"v": 1}, {"v": 2}], [{"v": 1}, {"v": 2}], True),
        ("nests", [{"v": 1}, {"v": 2}], [{"v": 1}, {"v": 3}], False),
        ("nests", [{"v": 1}, {"v": 2}], [{"v": 1}], False),
        ("nests", [{"v": 1}], {"v": 1}, False),
        ("nest", {"v": 1}, [1], False),
        ("nest", {"type": {"v": 1, "w": 2}}, {"type": {"w": 2, "v": 1, "unknown": 3}}, True),
        ("nest", {"type": {"v": 1, "w": 2}}, {"type": {"v": 1, "w": 3}}, False),
        ("list", [1, 2], [2, 1], False),
    ],
)
def test_objects_and_arrays_are_compared_by_what_is_described(field: str, one: Json, other: Json, same: bool) -> None:
    assert equal(field, one, other) is equal(field, other, one) is same


SIZES: Json = {"type": "object", "properties": {"in": {"type": "integer"}, "out": {"type": "integer"}, "ms": {"default": 60}}}


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ({"in": 8}, {"in": 8, "ms": 60}, True),
        ({"in": 8}, {"in": 8, "ms": 61}, False),
        ({"in": 8}, {"in": 8, "out": 8}, True),
        ({"in": 8}, {"in": 8, "out": 9}, False),
        ({"in": 8, "out": 9}, {"in": 8, "out": 8}, False),
        ({"in": 8, "ms": None}, {"in": 8, "ms": 60}, True),
    ],
)
def test_a_nested_member_that_is_left_out_equals_its_default(one: Json, other: Json, *, are_equal: bool) -> None:
    node = tree({"type": "object", "properties": {"size": SIZES}})
    echo = Echo(tree({"type": "object"}), node, small.checker().tolerances)
    comparing = Equivalence(node, echo, copied={"size.out": "in"})
    assert comparing.differs("size", {"size": one}, {"size": other}) is not are_equal
    assert comparing.differs("size", {"size": other}, {"size": one}) is not are_equal


def test_a_default_that_is_another_members_value_is_of_an_exchange_rule() -> None:
    assert copied_defaults(load_contract()) == {"medium.serverWebSocket.outputSampleRate": "inputSampleRate"}


@pytest.mark.parametrize(("seconds", "is_reported"), [(3.0, True), (4.5, False)])
def test_what_changes_when_an_object_ends_counts_as_long_as_it_cannot_have_ended(seconds: float, *, is_reported: bool) -> None:
    node = tree({"type": "object", "properties": {"wait": {"type": "string"}, "ended": {}, "size": {"type": "integer"}}})
    echo = Echo(tree({"type": "object"}), node, small.checker().tolerances)
    comparing = Equivalence(node, echo, Lifetime("wait", "300s", ("/ended",)))
    created: Json = {"wait": "5s", "ended": None, "size": 1}
    read = replace(small.exchange({**created, "ended": "now"}), at=seconds)
    assert (comparing.changed(created, read) is not None) is is_reported
    assert comparing.changed(created, replace(small.exchange({**created, "size": 2}), at=seconds)) is not None
