"""Echo: what counts as the same value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.echo import MISSING, Echo, equal
from conformance.checks.finding import Finding
from openapi.json_types import Json, Path
from openapi.schema.nodes import tree
from tests.conformance.checks import small
from tests.conformance.servers import catalogue
from tests.conformance.sessions import checker
from tests.strategies.schemas import Object


def differences(sent: Json, got: Json) -> set[str]:
    """The rules of echo that a response violates."""
    return {each.rule for each in checker().echo.compare(sent, got, set())}


@pytest.mark.parametrize(
    ("field", "sent", "got"),
    [
        ("joinTimeout", "0.5s", "0.500s"),
        ("joinTimeout", "30s", "30.000000000s"),
        ("joinTimeout", "3600.000000s", "3600s"),
        ("temperature", 0.7, 0.699999988079071),
        ("temperature", 0.7, 0.7),
        ("temperature", 1, 1.0),
        ("temperature", 0, 0.0),
        ("voice", "Mark", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        ("metadata", {"a": "b"}, {"a": "b", "ultravox.region": "x"}),
        ("metadata", {}, MISSING),
        ("metadata", {}, None),
        ("systemPrompt", "", MISSING),
        ("systemPrompt", "", None),
        ("initialOutputMedium", "MESSAGE_MEDIUM_UNSPECIFIED", "MESSAGE_MEDIUM_VOICE"),
        ("vadSettings", {"minimumInterruptionDuration": "0s"}, {"minimumInterruptionDuration": "0.000s"}),
        ("vadSettings", {"frameActivationThreshold": 0.3}, {"frameActivationThreshold": 0.30000001192092896}),
    ],
)
def test_the_same_value(field: str, sent: Json, got: Json) -> None:
    assert differences({field: sent}, {} if got is MISSING else {field: got}) == set()


@pytest.mark.parametrize(
    ("field", "sent", "got"),
    [
        ("joinTimeout", "30s", "31s"),
        ("joinTimeout", "0.5s", "0.501s"),
        ("joinTimeout", "30s", "30"),
        ("joinTimeout", "30s", 30),
        ("joinTimeout", "30s", None),
        ("joinTimeout", "30s", MISSING),
        ("temperature", 0.7, 0.70001),
        ("temperature", 1e39, 2e39),
        ("temperature", 0.7, "0.7"),
        ("temperature", 1, True),
        ("temperature", 0, False),
        ("temperature", 0, None),
        ("recordingEnabled", True, 1),
        ("recordingEnabled", False, 0),
        ("recordingEnabled", True, "true"),
        ("recordingEnabled", False, None),
        ("systemPrompt", "a", "A"),
        ("systemPrompt", "a ", "a"),
        ("systemPrompt", "é", "e\u0301"),
        ("voice", "Mark", "Emily"),
        ("metadata", {"a": "b"}, {"a": "b", "c": "d"}),
        ("metadata", {"a": "b"}, {}),
        ("metadata", {"a": "b"}, {"a": "c"}),
        ("metadata", {"a": "1"}, {"a": 1}),
        ("vadSettings", {"frameActivationThreshold": 0.3}, {"frameActivationThreshold": 0.31}),
        ("vadSettings", {"frameActivationThreshold": 0.3}, {}),
        ("vadSettings", {"frameActivationThreshold": 0.3}, []),
    ],
)
def test_another_value(field: str, sent: Json, got: Json) -> None:
    violated = differences({field: sent}, {} if got is MISSING else {field: got})
    assert len(violated) == 1
    assert violated.pop().startswith(f"body.{field}")


def test_equal_elements_are_shown_equal() -> None:
    bare: Json = {"duration": "30s", "message": "Bye"}
    full: Json = {**bare, "endBehavior": "END_BEHAVIOR_HANG_UP_SOFT"}
    sent = [bare, full, bare]
    assert not differences({"inactivityMessages": sent}, {"inactivityMessages": sent})
    filled: Json = {**bare, "endBehavior": "END_BEHAVIOR_UNSPECIFIED"}
    assert not differences({"inactivityMessages": sent}, {"inactivityMessages": [filled, full, filled]})
    assert differences({"inactivityMessages": sent}, {"inactivityMessages": [bare, full, full]}) == {
        "body.inactivityMessages.echo"
    }


def test_the_order_of_elements_matters() -> None:
    values = ["en", "de"]
    name = next(
        name
        for name, node in catalogue().body.properties.items()
        if node.is_array and node.each is not None and name in catalogue().response.properties
    )
    node = catalogue().body.properties[name]
    assert checker().echo.same(node, values, ["en", "de"])
    assert not checker().echo.same(node, values, ["de", "en"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, "", False),
        (None, False, False),
        (None, None, True),
        (True, True, True),
        ([1, 2], [1, 2.0], True),
        ([1, 2], [2, 1], False),
        ([1], [True], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": None}, {}, False),
        ("1", 1, False),
        (2**63, float(2**63), True),
        (-4.508321793305226e16, -45083217933052260, True),  # as JavaScript writes it
        (2172636327643310592, 2172636327643310600, True),
        (2**53 + 4, 2**53, False),
        (2**53, 2**53 - 1, False),
        (0.1, 0.1 + 2**-56, False),
        (1e300, 10**400, False),
    ],
)
def test_equality_is_that_of_json(one: Json, other: Json, same: bool) -> None:
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_a_response_is_bound_to_show_what_it_could_not_leave_out() -> None:
    fields = catalogue().body.properties
    assert checker().echo.shows(fields["temperature"], 0.7)
    assert not checker().echo.shows(fields["systemPrompt"], "")  # a string without content may be left out
    hidden = [node for name, node in fields.items() if name not in checker().echo.response.properties]
    assert not any(checker().echo.shows(node, "x") for node in hidden)


TEXT: Object = {"type": "string"}
PART: Object = {
    "type": "object",
    "properties": {"name": TEXT, "size": {"type": "integer"}, "inner": {"type": "object", "properties": {"name": TEXT}}},
}
OWN: Object = {"id": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"}, "rank": {}}
EMPTY: Object = {"Empty": {"type": "object"}}
LISTS: Object = {
    "names": {"type": "array", "items": TEXT},
    "parts": {"type": "array", "items": PART},
    "bare": {"type": "array", "items": TEXT},
    "open": {"type": "array"},
    "one": PART,
    "empty": {"$ref": "#/$defs/Empty"},
    "kind": {"type": "string", "enum": ["KIND_UNSPECIFIED", "KIND_ONE", "KIND_OLD"]},
    "free": {"type": "string"},
    "hidden": TEXT,
}
SHOWS: Object = {
    **{name: each for name, each in LISTS.items() if name != "hidden"},
    "parts": {"type": "array", "items": {**PART, "properties": {**PART["properties"], **OWN}}},
    "bare": {"type": "array"},
    "kind": {"type": "string", "enum": ["KIND_UNSPECIFIED", "KIND_ONE"]},
    "free": {"type": "string", "enum": ["ON", "OFF"]},
}


def compared(sent: Json, got: Json) -> tuple[list[Finding], set[str]]:
    """The findings about the echo of a body with lists, and the rules that hold."""
    request, response = (tree({"type": "object", "properties": each, "$defs": EMPTY}) for each in (LISTS, SHOWS))
    held = set[tuple[str, str]]()
    found = Echo(request, response, small.checker().tolerances).compare(sent, got, held)
    assert {each.side for each in found} | {side for _, side in held} <= {"echo"}
    return found, {rule for rule, _ in held}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("names", ["a", "b"]),
        ("names", []),
        ("names", ["a"] * 300),
        ("parts", [{"name": "a"}, {"name": "b", "size": 3, "inner": {"name": "c"}}]),
        ("bare", ["a", "b"]),
        ("open", [1, "b"]),
        ("one", {"name": "a", "inner": {"name": "b"}}),
        ("empty", {}),
    ],
)
def test_what_comes_back_as_it_was_sent_holds(name: str, value: Json) -> None:
    found, held = compared({name: value}, {name: value})
    assert found == []
    assert f"body.{name}.echo" in held


@pytest.mark.parametrize(
    ("sent", "got", "path", "actual"),
    [
        ({"names": ["a", "b"]}, {"names": ["a", "c"]}, ("names", 1), '/names/1 is "c"'),
        ({"names": ["a", "b"]}, {"names": ["b", "a"]}, ("names",), 'they come as ["b", "a"]'),
        ({"names": ["a", "b"]}, {"names": ["a"]}, ("names",), "/names has 1 elements"),
        ({"names": ["a", "b"]}, {"names": ["a", "b", "b"]}, ("names",), "/names has 3 elements"),
        ({"names": ["a"]}, {"names": "a"}, ("names",), '/names is "a"'),
        ({"bare": ["a"]}, {"bare": ["b"]}, ("bare",), '/bare is ["b"]'),
        ({"open": [1]}, {"open": [True]}, ("open",), "/open is [true]"),
        ({"parts": [{"name": "a"}]}, {"parts": [{"name": "b"}]}, ("parts", 0, "name"), '/parts/0/name is "b"'),
        ({"parts": [{"name": "a"}]}, {"parts": [{}]}, ("parts", 0, "name"), "/parts/0/name is not in the response"),
        ({"parts": [{"name": "a"}]}, {"parts": [None]}, ("parts", 0), "/parts/0 is null"),
        ({"parts": [{"name": "a"}]}, {"parts": ["a"]}, ("parts", 0), '/parts/0 is "a"'),
        ({"one": {"inner": {"name": "a"}}}, {"one": {"inner": {}}}, ("one", "inner", "name"), "not in the response"),
        ({"one": {"name": "a"}}, {"one": ["a"]}, ("one",), '/one is ["a"]'),
        ({"one": {}}, {"one": []}, ("one",), "/one is []"),
        ({"one": {}, "names": ["a"]}, {"names": ["b"]}, ("names", 0), '/names/0 is "b"'),
    ],
)
def test_what_comes_back_otherwise_is_named_where_it_differs(sent: Json, got: Json, path: Path, actual: str) -> None:
    (finding,), held = compared(sent, got)
    assert finding.path == path
    assert actual in finding.actual
    assert finding.expected.endswith((", as sent", "in the order sent"))
    assert len(path) > 1 or finding.rule not in held


@pytest.mark.parametrize("shown", [{"name": "a", "rank": 1}, {"name": "a", "at": "2026-01-01T00:00:00Z"}, {"name": "a"}])
def test_equal_elements_may_differ_in_what_is_their_own_and_in_nothing_else(shown: Json) -> None:
    sent: Json = [{"name": "a"}, {"name": "b"}, {"name": "a"}]
    first = {"name": "a", "rank": 1, "id": small.ID}
    found, held = compared({"parts": sent}, {"parts": [first, {"name": "b", "rank": 2}, {"id": "other", **shown}]})
    if "rank" in shown:
        assert (found, "body.parts.echo" in held) == ([], True)
    else:
        assert [(each.path, "element 0" in each.expected) for each in found] == [(("parts", 2, "rank"), True)]


def test_what_no_response_describes_or_could_show_is_not_expected() -> None:
    unset = {"hidden": "a", "unknown": 1, "kind": "KIND_UNSPECIFIED", "free": "MAYBE"}
    assert compared(unset, {}) == ([], set())
    assert compared({"kind": "KIND_OLD"}, {"kind": "KIND_ONE"}) == ([], set())
    for name, value in (("kind", "KIND_ONE"), ("free", "ON")):
        assert [each.rule for each in compared({name: value}, {})[0]] == [f"body.{name}.echo"]
    assert compared(["a"], {}) == compared({"names": ["a"]}, []) == ([], set())


def test_a_type_without_members_may_gain_some_and_ignore_others() -> None:
    assert compared({"empty": {"odd": True}}, {"empty": {}})[1] == {"body.empty.echo"}
    assert compared({"empty": {"odd": True}}, {"empty": {"odd": True}})[1] == {"body.empty.echo"}
    assert [each.path for each in compared({"empty": {"odd": True}}, {"empty": {"odd": False}})[0]] == [("empty",)]
    assert compared({"empty": {}}, {"empty": {"new": 1}})[1] == {"body.empty.echo"}
    assert [each.path for each in compared({"empty": {}}, {"empty": 1})[0]] == [("empty",)]


@pytest.mark.parametrize(("value", "top", "nested"), [
    ("", True, True), ([], True, True), ({}, True, False), (0, False, True), (False, False, True), (None, True, True),
    (0.0, False, True), ("x", False, False), (["x"], False, False), ({"a": 1}, False, False), (True, False, False),
])  # fmt: skip
def test_what_is_as_good_as_nothing_may_be_left_out(value: Json, top: bool, nested: bool) -> None:
    schema: Object = {"v": {}, "o": {"type": "object", "properties": {"v": {}, "w": {}}}}
    node = tree({"type": "object", "properties": schema})
    table = small.checker().tolerances
    strict = replace(table, echo=tuple(each for each in table.echo if each["kind"] != "empty"))
    for tolerances in (table, strict):
        echo = Echo(node, node, tolerances)
        for got in ({}, {"v": None}):
            is_excused = value is None or (top and tolerances is table)
            assert (not echo.compare({"v": value}, got, set())) is is_excused
            is_excused = value is None or (nested and tolerances is table)
            assert (not echo.compare({"o": {"v": value}}, {"o": got}, set())) is is_excused
