"""Reading bodies by the ProtoJSON mapping: the table of what is known of the real endpoint, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.client import Client

_WEB_SOCKET = "medium.serverWebSocket"


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


def _at(place: str, value: Any) -> Any:
    for step in reversed(place.split(".")):
        value = [value] if step == "*" else {step: value}
    return value


ACCEPTED: list[tuple[str, Any]] = [
    ("snake case", {"system_prompt": "Hi", "vad_settings": {"turn_endpoint_delay": "1s"}}),
    ("null for a text", {"systemPrompt": None}),
    ("null for a list", {"initialMessages": None}),
    ("null for an object", {"medium": {"webRtc": None}, "externalVoice": None}),
    ("null for a member of a one-of", {"medium": {"webRtc": {}, "twilio": None}}),
    ("null for a free-form object", {"initialState": None}),
    ("null inside a free-form object", {"initialState": {"a": None, "b": [None]}}),
    ("any key in a free-form object", {"experimentalSettings": {"anything": 1}}),
    ("any key in a map", {"metadata": {"system_prompt": "x"}}),
    ("an enum by number", {"firstSpeaker": 2}),
    ("an enum by number 0", {"firstSpeaker": 0}),
    ("int32 as text", _at(f"{_WEB_SOCKET}.inputSampleRate", "8000")),
    ("int32 with a point", _at(f"{_WEB_SOCKET}.inputSampleRate", 16000.0)),
    ("the greatest int32", _at(f"{_WEB_SOCKET}.inputSampleRate", 2**31 - 1)),
    ("float as text", {"temperature": "0.7"}),
    ("float as text with exponent", {"temperature": "7e-1"}),
    ("float as true", {"temperature": True}),
    ("duration with zeros", {"joinTimeout": "1.00s"}),
    ("duration with six decimals", {"joinTimeout": "3600.000000s"}),
    ("duration with a plus", {"joinTimeout": "+30s"}),
    ("duration with leading zeros", {"joinTimeout": "030s"}),
    ("duration after a blank", {"joinTimeout": " 30s"}),
    ("duration with a bare point", {"joinTimeout": "5.s"}),
    ("duration with surplus decimals", {"joinTimeout": "1.0000000001s"}),
    ("duration in digits of another script", {"joinTimeout": "٣s"}),
    ("an empty list for a message", {"medium": []}),
    ("an empty text for a message", {"vadSettings": ""}),
    (
        "both spellings of a message",
        {"vadSettings": {"turnEndpointDelay": "1s"}, "vad_settings": {}},
    ),
    ("negative duration", {"joinTimeout": "-5s"}),
    (
        "any value of a value",
        {"selectedTools": [{"toolId": "a", "parameterOverrides": {"a": None, "b": [1, {}]}}]},
    ),
    ("an empty medium", {"medium": {}}),
    ("U+0000", {"systemPrompt": "a\0b"}),
]

REFUSED: list[tuple[str, Any]] = [
    ("an unknown key", {"sytemPrompt": "Hi"}),
    ("an unknown key in an object", {"medium": {"pigeon": {}}}),
    ("an unknown key in an empty message", {"medium": {"twilio": {"a": 1}}}),
    ("an unknown key in a list", {"inactivityMessages": [{"text": "Hi"}]}),
    ("both spellings of a key", {"systemPrompt": "a", "system_prompt": "b"}),
    ("null in a list", {"initialMessages": [None]}),
    ("null in a list of texts",
    {"selectedTools": [{"temporaryTool": {"requirements": {"requiredParameterOverrides": [None]}}}]}),
    ("null as a value of a map", {"metadata": {"a": None}}),
    ("an enum in lower case", {"firstSpeaker": "first_speaker_agent"}),
    ("a short enum", {"firstSpeaker": "AGENT"}),
    ("an unknown enum number", {"firstSpeaker": 17}),
    ("a negative enum number", {"firstSpeaker": -1}),
    ("int32 with a fraction", _at(f"{_WEB_SOCKET}.inputSampleRate", 16000.5)),
    ("int32 as true", _at(f"{_WEB_SOCKET}.inputSampleRate", True)),
    ("int32 beyond its range", _at(f"{_WEB_SOCKET}.inputSampleRate", 2**31)),
    ("int32 as text beyond its range", _at(f"{_WEB_SOCKET}.inputSampleRate", str(2**31))),
    ("int32 as an endless text", _at(f"{_WEB_SOCKET}.inputSampleRate", "9" * 10_000)),
    ("int32 as a word", _at(f"{_WEB_SOCKET}.inputSampleRate", "many")),
    ("float as a word", {"temperature": "warm"}),
    ("float as NaN", {"temperature": "NaN"}),
    ("float as a list", {"temperature": [0.5]}),
    ("boolean as text", {"recordingEnabled": "true"}),
    ("boolean as number", {"recordingEnabled": 1}),
    ("text as number", {"systemPrompt": 1}),
    ("text as list", {"systemPrompt": ["Hi"]}),
    ("text as object", {"systemPrompt": {}}),
    ("duration as number", {"joinTimeout": 30}),
    *((f"duration {text!r}", {"joinTimeout": text}) for text in ("30", "30m", "1h", "500ms", "", "s",
    ".5s", "30s\n", "315576000001s", "-0.9999999999s")),
    ("two media", {"medium": {"webRtc": {}, "twilio": {}}}),
    ("a tool chosen twice", {"selectedTools": [{"toolId": "a", "toolName": "b"}]}),
    ("a tool not chosen", {"selectedTools": [{}]}),
    ("both sides speak first", {"firstSpeakerSettings": {"user": {}, "agent": {}}}),
    ("metadata that is no text", {"metadata": {"a": 1}}),
    ("a list as free-form object", {"initialState": []}),
    ("a text as free-form object", {"experimentalSettings": "beta"}),
    ("an object for a list", {"initialMessages": {"role": "MESSAGE_ROLE_USER"}}),
    ("a list for a map", {"metadata": []}),
    ("a list as body", []),
    ("null as body", None),
]  # fmt: skip


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in ACCEPTED])
def test_accepted(client: Client, body: Any) -> None:
    assert client.create(body).status == 201


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in REFUSED])
def test_refused(client: Client, body: Any) -> None:
    assert client.send(body=body).status == 400


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"x": 1}, 'Message type "ultravox.v1.StartCallRequest" has no field named "x"'),
        (
            {"medium": {"twilio": {"a": 1}}},
            'medium.twilio field: Message type "ultravox.v1.CallMedium_TwilioMedium" has no field named "a"',
        ),
        ({"inactivityMessages": [{"duration": "1m"}]}, "Failed to parse inactivityMessages.0.duration field"),
        ({"metadata": {"a": {}}}, "Failed to parse metadata.a field"),
    ],
)  # fmt: skip
def test_the_place_is_reported(client: Client, body: Any, detail: str) -> None:
    assert detail in client.refused(body)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"system_prompt": "Hi"}, {"systemPrompt": "Hi"}),
        ({"temperature": "0.5"}, {"temperature": 0.5}),
        ({"temperature": True}, {"temperature": 1.0}),
        ({"firstSpeaker": 2}, {"firstSpeaker": "FIRST_SPEAKER_USER"}),
        ({"joinTimeout": "+030.5s"}, {"joinTimeout": "30.500s"}),
        ({"voice": None}, {"voice": None}),
        ({"medium": {"server_web_socket": {"input_sample_rate": "8000"}}},
        {"medium": {"serverWebSocket": {"inputSampleRate": 8000}}}),
        ({"medium": {"webRtc": {}, "twilio": None}}, {"medium": {"webRtc": {}}}),
    ],
)  # fmt: skip
def test_the_canonical_form_comes_back(client: Client, sent: Any, shown: dict[str, Any]) -> None:
    response = client.created(sent)
    assert {name: response[name] for name in shown} == shown


@pytest.mark.parametrize("raw", [b'{"temperature":0.1,"temperature":0.2}', b'{"temperature":[],"temperature":0.2}'])
def test_of_duplicate_keys_the_last_wins(client: Client, raw: bytes) -> None:
    assert client.created(raw)["temperature"] == 0.2
