"""Equivalence: what two responses about one call may differ in, and what they may not."""

from __future__ import annotations

import pytest

from openapi.json_types import Json
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
