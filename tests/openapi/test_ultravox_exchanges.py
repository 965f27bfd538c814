"""Tests of what our overlay says of queries and responses means what its sentences say."""

from __future__ import annotations

import jsonschema_rs
import pytest

from openapi.json_types import resolve
from tests.openapi.our_overlay import Object, exchange_rule, stated

AGENT: Object = {"agent": {}}
USER: Object = {"user": {}}
# Rule, body, response body, and whether the response is as the rule demands; None where the rule has nothing to say.
EXCHANGES: list[tuple[str, Object, Object, bool | None]] = [
    ("default-first-speaker", {}, {"firstSpeaker": "FIRST_SPEAKER_AGENT"}, True),
    ("default-first-speaker", {}, {"firstSpeaker": "FIRST_SPEAKER_USER"}, False),
    (
        "default-first-speaker",
        {"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED"},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        False,
    ),
    ("default-first-speaker", {"firstSpeakerSettings": USER}, {"firstSpeaker": "FIRST_SPEAKER_USER"}, None),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": AGENT}, True),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": {"user": None, **AGENT}}, True),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"uninterruptible": False}}},
        True,
    ),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"delay": "0s", "text": ""}}},
        True,
    ),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"uninterruptible": True}}},
        False,
    ),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": USER}, False),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": {}}, False),
    (
        "first-speaker-user-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        {"firstSpeakerSettings": USER},
        True,
    ),
    (
        "first-speaker-user-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        {"firstSpeakerSettings": AGENT},
        False,
    ),
    ("first-speaker-user-sets-settings", {}, {"firstSpeakerSettings": AGENT}, None),
    (
        "first-speaker-agent-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_AGENT"},
        {"firstSpeakerSettings": USER},
        False,
    ),
    (
        "settings-user-set-first-speaker",
        {"firstSpeakerSettings": USER},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        True,
    ),
    (
        "settings-user-set-first-speaker",
        {"firstSpeakerSettings": USER},
        {"firstSpeaker": "FIRST_SPEAKER_AGENT"},
        False,
    ),
    (
        "settings-agent-set-first-speaker",
        {"firstSpeakerSettings": AGENT},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        False,
    ),
    ("default-medium", {}, {}, True),
    ("default-medium", {}, {"medium": None}, True),
    ("default-medium", {}, {"medium": {"webRtc": {}, "twilio": None}}, True),
    ("default-medium", {}, {"medium": {"twilio": {}}}, False),
    ("default-medium", {"medium": {"twilio": {}}}, {"medium": {"twilio": {}}}, None),
    ("new-call-has-no-errors", {}, {"errorCount": 1}, False),
    ("new-call-is-not-joined", {}, {"joined": "2025-04-01T00:00:00Z"}, False),
    ("new-call-is-not-ended", {}, {"ended": None}, True),
    ("new-call-has-no-end-reason", {}, {"endReason": "unjoined"}, False),
    ("new-call-end-reason-fits", {}, {"endReason": "unjoined"}, True),
    ("new-call-end-reason-fits", {}, {"endReason": "hangup"}, False),
    ("new-call-can-be-joined", {}, {"joinUrl": None}, False),
    ("join-url-is-a-url", {}, {"joinUrl": None}, True),
    ("join-url-is-a-url", {}, {"joinUrl": "/calls/1"}, False),
    ("join-url-is-a-url", {}, {"joinUrl": ""}, False),
    ("join-url-is-a-url", {}, {"joinUrl": "wss://voice.example/my calls/1"}, False),
    ("join-url-is-a-url", {}, {"joinUrl": "wss:///calls/1"}, False),
    ("join-url-is-a-websocket", {}, {"joinUrl": "wss://voice.example.com/calls/1"}, True),
    ("join-url-is-a-websocket", {}, {"joinUrl": "https://voice.example.com/calls/1"}, False),
]


@pytest.mark.parametrize(("identity", "body", "response", "expected"), EXCHANGES)
def test_an_exchange_rule_means_what_it_says(identity: str, body: Object, response: Object, expected: bool | None) -> None:
    rule = exchange_rule(identity)
    exchange = {"query": {}, "body": body, "response": response}
    applies = jsonschema_rs.is_valid(rule["when"], exchange)
    assert (jsonschema_rs.is_valid(rule["then"], exchange) if applies else None) == expected


def test_defaults_are_not_for_calls_that_continue_another() -> None:
    exchange = {"query": {"priorCallId": "x"}, "body": {}, "response": {"firstSpeaker": "FIRST_SPEAKER_USER"}}
    defaults = [rule for rule in stated("x-exchange-rules") if rule["area"] in ("default", "cross-field")]
    assert len(defaults) > 5
    assert [rule["id"] for rule in defaults if jsonschema_rs.is_valid(rule["when"], exchange)] == []


@pytest.mark.parametrize(
    ("sent", "answered", "applies"),
    [
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000, "outputSampleRate": 8000}, True),
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000, "outputSampleRate": None}, False),
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000}, False),
        ({"inputSampleRate": 8000, "outputSampleRate": 1}, {"outputSampleRate": 8000}, False),
    ],
)
def test_the_output_sample_rate_is_compared_where_it_is_a_default(sent: Object, answered: Object, applies: bool) -> None:
    rule = exchange_rule("default-output-sample-rate")
    request = {"query": {}, "body": {"medium": {"serverWebSocket": sent}}}
    response = {"medium": {"serverWebSocket": answered}}
    assert jsonschema_rs.is_valid(rule["when"], {**request, "response": response}) is applies
    assert resolve(request, rule["equal"]["request"]) == 8000
    assert not applies or resolve(response, rule["equal"]["response"]) == 8000


@pytest.mark.parametrize(
    ("query", "body", "legal"),
    [
        ({}, {"initialMessages": [{}]}, True),
        ({"priorCallId": "x"}, {}, True),
        ({"priorCallId": "x"}, {"initialMessages": []}, True),
        ({"priorCallId": "x"}, {"initialMessages": [{}]}, False),
    ],
)
def test_a_parent_call_excludes_initial_messages(query: Object, body: Object, legal: bool) -> None:
    (rule,) = stated("x-request-rules")
    assert jsonschema_rs.is_valid(rule["schema"], {"query": query, "body": body}) is legal
