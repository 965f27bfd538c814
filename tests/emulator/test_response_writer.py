"""The response to a created call."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest

from emulator.validation import documented
from openapi import Contract
from tests.emulator.client import Client, contract

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


def test_nothing_sent(client: Client) -> None:
    response = client.created()
    identifier = response.pop("callId")
    created = response.pop("created")
    assert _ID.fullmatch(identifier)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", created)
    assert abs(datetime.fromisoformat(created) - datetime.now(UTC)) < timedelta(hours=1)
    assert re.fullmatch(rf"wss://[^/]+/calls/{identifier}", response.pop("joinUrl"))
    assert response == {
        "clientVersion": None,
        "joined": None,
        "ended": None,
        "endReason": None,
        "firstSpeaker": "FIRST_SPEAKER_AGENT",
        "firstSpeakerSettings": {"agent": {}},
        "initialOutputMedium": "MESSAGE_MEDIUM_VOICE",
        "joinTimeout": "30s",
        "languageHint": None,
        "maxDuration": "3600s",
        "medium": None,
        "model": "fixie-ai/ultravox",
        "recordingEnabled": False,
        "systemPrompt": None,
        "temperature": 0,
        "timeExceededMessage": None,
        "voice": None,
        "transcriptOptional": True,
        "errorCount": 0,
        "vadSettings": None,
        "shortSummary": None,
        "summary": None,
        "experimentalSettings": None,
        "metadata": {},
        "initialState": {},
    }


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"firstSpeaker": "FIRST_SPEAKER_USER"}, {"firstSpeakerSettings": {"user": {}}}),
        ({"firstSpeaker": "FIRST_SPEAKER_AGENT"}, {"firstSpeakerSettings": {"agent": {}}}),
        ({"firstSpeakerSettings": {"user": {}}}, {"firstSpeaker": "FIRST_SPEAKER_USER"}),
        ({"firstSpeakerSettings": {"agent": {"text": "Hi"}}}, {"firstSpeaker": "FIRST_SPEAKER_AGENT"}),
        (
            {"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED", "firstSpeakerSettings": {"user": {}}},
            {"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"user": {}}},
        ),
        (
            {"initialOutputMedium": "MESSAGE_MEDIUM_UNSPECIFIED"},
            {"initialOutputMedium": "MESSAGE_MEDIUM_VOICE"},
        ),
        ({"transcriptOptional": False}, {"transcriptOptional": False}),
        ({"systemPrompt": ""}, {"systemPrompt": ""}),
        ({"joinTimeout": "0.5s"}, {"joinTimeout": "0.500s"}),
        (
            {"inactivityMessages": [{"duration": "1.5s", "endBehavior": "END_BEHAVIOR_UNSPECIFIED"}]},
            {"inactivityMessages": [{"duration": "1.500s"}]},
        ),
        ({"initialState": {"n": 1, "f": 1.0, "z": None}}, {"initialState": {"n": 1, "f": 1.0, "z": None}}),
        ({"metadata": {"b": "1", "a": "2"}}, {"metadata": {"b": "1", "a": "2"}}),
    ],
)
def test_what_is_sent_comes_back_or_has_its_consequence(client: Client, sent: Any, shown: dict[str, Any]) -> None:
    response = client.created(sent)
    assert {name: response[name] for name in shown} == shown


def test_what_the_response_does_not_know_is_not_shown(client: Client) -> None:
    response = client.created({"selectedTools": [{"toolName": "hangUp"}], "initialMessages": []})
    assert not {"selectedTools", "initialMessages"} & response.keys()


def test_ids_are_all_different(client: Client) -> None:
    assert len({client.created()["callId"] for _ in range(500)}) == 500


def _later() -> Contract:
    """A later description, whose responses have more."""
    response = deepcopy(dict(contract().response))
    call = response["$defs"]["Call"]
    call["properties"] |= {
        "billedDuration": {"type": ["string", "null"]},
        "agent": {"$ref": "#/$defs/AgentBasic"},
        "requestContext": {},
        "cost": {"type": "number", "minimum": 0.5},
        "stages": {"type": "array", "items": {"type": "string"}},
        "updated": {"type": "string", "format": "date-time"},
        "sessionId": {"type": "string", "format": "uuid"},
        "100%(id)s": {"type": "string", "format": "uuid"},
        "version": {"const": 2},
        "state": {"type": "string", "enum": ["STATE_UNSPECIFIED", "STATE_NEW"]},
        "limit": {"type": "integer", "maximum": -1},
        "label": {"type": "string", "minLength": 3},
        "optional": {"type": "string"},
    }
    call["required"] += [name for name in call["properties"] if name not in call["required"] and name != "optional"]
    response["$defs"]["AgentBasic"] = {
        "type": "object",
        "required": ["agentId", "live"],
        "properties": {
            "agentId": {"type": "string", "format": "uuid"},
            "live": {"type": "boolean"},
            "name": {},
        },
    }
    return replace(contract(), response=response)


def _validator(response: Any) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(documented(response), validate_formats=True)


def test_a_later_description_with_more_in_the_response() -> None:
    described = _later()
    client = Client(described=described)
    response = client.created({"voice": "Mark"})
    _validator(described.response).validate(response)
    assert response["state"] == "STATE_NEW"
    assert "optional" not in response
    assert response["updated"] == response["created"]
    own = {response["callId"], response["agent"]["agentId"], response["sessionId"], response["100%(id)s"]}
    assert len(own | {client.created()["sessionId"]}) == 5
    assert response["sessionId"] not in response["joinUrl"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"voice": "Mark"},
        {"medium": {"webRtc": {}}, "vadSettings": {}, "externalVoice": {"lmnt": {}}},
        {"inactivityMessages": [{}], "firstSpeakerSettings": {"user": {"fallback": {"delay": "5s"}}}},
    ],
)
def test_a_response_conforms_to_its_schema(client: Client, body: Any) -> None:
    _validator(contract().response).validate(client.created(body))


def test_a_description_that_calls_the_identifier_otherwise() -> None:
    response = deepcopy(dict(contract().response))
    call = response["$defs"]["Call"]
    call["properties"]["id"] = call["properties"].pop("callId")
    call["required"] = ["id", *(name for name in call["required"] if name != "callId")]
    about = {**contract().extensions["x-parent-call"], "identifier": "id"}
    described = replace(contract(), response=response, extensions={**contract().extensions, "x-parent-call": about})
    client = Client(described=described)
    created = client.created()
    assert "callId" not in created
    assert client.read(created["id"]).status == 200
