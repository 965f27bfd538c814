"""Tests of what our overlay says of bodies means what its sentences say."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.catalogue import catalogue_of
from openapi.reading.loader import load_contract
from openapi.rules import Basis
from openapi.schema.oracle import Oracle
from tests.openapi.our_overlay import Object

TOOL = {"modelToolName": "look_up", "client": {}}
HTTP = {"baseUrlPattern": "https://example.com/tool", "httpMethod": "GET"}
TOKEN = {"requirements": {"key": {"httpAuth": {"scheme": "Bearer"}}}}


def tool(**members: Any) -> Object:
    return {"selectedTools": [{"temporaryTool": {**TOOL, **members}}]}


def http_tool(*options: Object, **selected: Any) -> Object:
    security = {"httpSecurityOptions": {"options": list(options)}}
    definition = {"modelToolName": "look_up", "http": HTTP, "requirements": security}
    return {"selectedTools": [{"temporaryTool": definition, **selected}]}


def parameter(location: str) -> Object:
    return {"name": "city", "location": f"PARAMETER_LOCATION_{location}", "value": 1, "schema": {}}


ONE_TOOL = "body.selectedTools.*"
BODIES: list[tuple[Object, str | None]] = [
    ({"temperature": 0}, None),
    ({"temperature": 1}, None),
    ({"temperature": 1.01}, "body.temperature.maximum"),
    ({"voice": "Mark", "externalVoice": {"lmnt": {"voiceId": "x"}}}, "body.voice-or-external-voice"),
    ({"externalVoice": {}}, "body.externalVoice.minProperties"),
    ({"externalVoice": {"lmnt": {"voiceId": "x", "speed": 2}}}, None),
    ({"externalVoice": {"lmnt": {"voiceId": "x", "speed": 2.1}}}, "body.externalVoice.lmnt.speed.maximum"),
    ({"medium": {"twilio": {}}}, None),
    ({"medium": {"twilio": {}, "plivo": {}}}, "body.medium.maxProperties"),
    ({"medium": {"serverWebSocket": {}}}, "body.medium.serverWebSocket.inputSampleRate.required"),
    ({"firstSpeakerSettings": {}}, "body.firstSpeakerSettings.oneOf"),
    ({"firstSpeakerSettings": {"user": {}, "agent": {}}}, "body.firstSpeakerSettings.oneOf"),
    ({"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"user": {}}}, None),
    ({"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED", "firstSpeakerSettings": {"user": {}}}, None),
    (
        {"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"agent": {}}},
        "body.first-speaker-matches-settings",
    ),
    (
        {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"user": {}}},
        "body.first-speaker-matches-settings",
    ),
    ({"metadata": {"ultravoxish": "", "my.ultravox.": ""}}, None),
    ({"metadata": {"ultravox.": ""}}, "body.metadata.propertyNames"),
    ({"selectedTools": [{}]}, f"{ONE_TOOL}.oneOf"),
    ({"selectedTools": [{"toolId": "x", "toolName": "y"}]}, f"{ONE_TOOL}.oneOf"),
    ({"selectedTools": [{"toolName": "a", "nameOverride": "b"}, {"toolName": "a"}]}, None),
    # No sentence equates the name of a stored tool with its model name; chosen twice it has that name twice.
    ({"selectedTools": [{"toolName": "a", "nameOverride": "b"}, {"toolName": "b"}]}, None),
    ({"selectedTools": [{"toolName": "a"}, {"toolName": "a"}]}, "body.selectedTools.x-unique-by"),
    ({"selectedTools": [{"toolId": "a"}, {"toolId": "a"}]}, "body.selectedTools.x-unique-by"),
    ({"selectedTools": [{"toolId": "a"}, {"toolName": "a"}]}, None),
    ({"selectedTools": [{"toolName": "a", "nameOverride": "a b"}]}, f"{ONE_TOOL}.nameOverride.pattern"),
    (tool(), None),
    (tool(modelToolName="x" * 64), None),
    (tool(modelToolName="x" * 65), f"{ONE_TOOL}.temporaryTool.modelToolName.pattern"),
    (tool(http=HTTP), f"{ONE_TOOL}.temporaryTool.oneOf"),
    (tool(staticParameters=[parameter("BODY")]), None),
    *(
        (
            tool(**{f"{kind}Parameters": [parameter("BODY") | extra, parameter("HEADER") | extra]}),
            f"{ONE_TOOL}.temporaryTool.client-tools-take-body-parameters-only",
        )
        for kind, extra in (
            ("static", {}),
            ("dynamic", {}),
            ("automatic", {"knownValue": "KNOWN_PARAM_CALL_ID"}),
        )
    ),
    (tool(requirements={"requiredParameterOverrides": ["city"]}), f"{ONE_TOOL}.x-covers"),
    (http_tool(TOKEN, authTokens={"key": "x"}), None),
    (
        http_tool({"requirements": {"key": {}}}, {}),
        f"{ONE_TOOL}.temporaryTool.requirements.httpSecurityOptions.options.*.requirements.*.oneOf",
    ),
]


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(load_contract().request, "body")


@pytest.mark.parametrize(("body", "rule"), BODIES)
def test_a_body_violates_what_it_should_and_nothing_else(body: Object, rule: str | None, oracle: Oracle) -> None:
    rules = catalogue_of(load_contract()).rules
    # What merely makes little sense is nobody's promise.
    violated = [each for each in oracle.violated(body) if rules[each].basis is not Basis.UNDOCUMENTED]
    assert violated == ([rule] if rule else [])
