"""Echo: what counts as the same value."""

from __future__ import annotations

import pytest

from conformance.checks.echo import MISSING, equal
from openapi.json_types import Json
from tests.conformance.servers import catalogue
from tests.conformance.sessions import checker


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
