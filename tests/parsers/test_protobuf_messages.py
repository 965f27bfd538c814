"""Tests of what the real protobuf parser reads, measured on messages built from our description and from small schemas."""

from __future__ import annotations

import math
from typing import Any

import pytest
from google.protobuf.json_format import Error, MessageToDict

from tests.parsers.protobuf_messages import DURATION, MessageType, message_type, request_type


def nested(depth: int) -> dict[str, Any]:
    """Return objects in objects, to a depth."""
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def at(path: str, value: object) -> dict[str, Any]:
    """Return a body with a value at a path, in which `[]` is an array with one item."""
    for name in reversed(path.split(".")):
        value = [value] if name == "[]" else {name: value}
    assert isinstance(value, dict)
    return value


TIMEOUT, TEMPERATURE, RATE, SPEAKER = "joinTimeout", "temperature", "medium.serverWebSocket.inputSampleRate", "firstSpeaker"
TOOL = "selectedTools.[]"

# Path, values, and what comes back for each of them.
READ: list[tuple[str, list[Any], Any]] = [
    ("medium", [[], "", {}], {}),
    ("initialMessages.[]", [[], ""], {}),
    (TIMEOUT, ["3s", "٣s", "\n3s", "3.s", "+3s", "03s", "3 s", "3.0000000001s", "3.000s"], "3s"),
    (TIMEOUT, ["3_0s"], "30s"),
    (TIMEOUT, ["-0.5s"], "-0.500s"),
    (TEMPERATURE, [0.5, "0.5", " 0.5 "], 0.5),
    (TEMPERATURE, ["1_0"], 10.0),
    (TEMPERATURE, ["٣"], 3.0),
    (TEMPERATURE, [True], 1.0),
    (TEMPERATURE, [0], 0.0),
    (TEMPERATURE, ["NaN"], "NaN"),
    (RATE, [8000, "8000", "8e3", 8000.0], 8000),
    (RATE, ["٣"], 3),
    (SPEAKER, [1, "1", 1.0, True, "FIRST_SPEAKER_AGENT"], "FIRST_SPEAKER_AGENT"),
    (SPEAKER, [99], 99),
    ("recordingEnabled", [False], False),
    (f"{TOOL}.parameterOverrides", [{"a": None}], {"a": None}),
    (f"{TOOL}.temporaryTool.staticParameters.[].value", [None], None),
    (f"{TOOL}.temporaryTool.staticParameters.[].value", [[{}, 1]], [{}, 1.0]),
    ("initialState", [{"a": 1}], {"a": 1.0}),
    ("metadata", [{"a": "b"}], {"a": "b"}),
]

REFUSED: list[tuple[str, list[Any]]] = [
    ("initialState", [[], "", 1, {"a": math.nan}, nested(200)]),
    ("experimentalSettings", [[], "", 1]),
    ("metadata", [[], "", 1, {"a": None}, {"a": 1}, {"a": True}, {"a": []}]),
    ("initialMessages", ["", {}, [None]]),
    (TIMEOUT, ["5s\n", "5S", ".5s", "1e3s", "0,5s", "--5s", "315576000001s", "", "30m", 5, [], {}, True]),
    (TEMPERATURE, ["", [], {}, 1e39]),
    (RATE, [8000.5, True, " 8000", 2147483648, []]),
    (SPEAKER, ["agent", "first_speaker_agent", "", [], {}]),
    ("recordingEnabled", [1, 0.0, "true", []]),
    ("systemPrompt", [1, True, [], {}, "\ud800"]),
    ("medium", [{"webRtc": {}, "plivo": {}}]),
    ("medium.webRtc", [{"unknown": 1}]),
    ("firstSpeakerSettings", [{"user": {}, "agent": {}}]),
    (TOOL, [{"toolId": "a", "toolName": "b"}]),
    (f"{TOOL}.temporaryTool", [{"http": {}, "client": {}}]),
]


@pytest.fixture(scope="module")
def request_message() -> MessageType:
    """Return the message type of our own description."""
    return request_type()


@pytest.mark.parametrize(("path", "value", "expected"), [(path, each, back) for path, values, back in READ for each in values])
def test_it_reads(request_message: MessageType, path: str, value: object, expected: object) -> None:
    """Values that protobuf reads come back in canonical form."""
    message = request_message.parse(at(path, value))
    assert not isinstance(message, Error), message
    assert MessageToDict(message) == at(path, expected)


@pytest.mark.parametrize(("path", "value"), [(path, each) for path, values in REFUSED for each in values])
def test_it_refuses(request_message: MessageType, path: str, value: object) -> None:
    """Values that protobuf does not read are an error."""
    assert request_message.refuses(at(path, value))


@pytest.mark.parametrize("body", [[], "", None, 1])
def test_a_body_is_an_object(request_message: MessageType, body: object) -> None:
    """No other JSON value is a body."""
    assert request_message.refuses(body)


def test_null_is_no_value(request_message: MessageType) -> None:
    """Null for a member means that it is not set, also within a one-of group."""
    message = request_message.parse({"temperature": None, "medium": {"plivo": None, "webRtc": {}}})
    assert not isinstance(message, Error)
    assert MessageToDict(message) == {"medium": {"webRtc": {}}}
    assert not message.HasField("temperature")


def test_names_are_camel_case_or_snake_case(request_message: MessageType) -> None:
    """Either spelling is read, both together and unknown names are not."""
    assert not request_message.refuses({"system_prompt": "a"})
    assert request_message.refuses({"system_prompt": "a", "systemPrompt": "a"})
    assert 'Message type "ultravox.v1.StartCallRequest" has no field named "x"' in str(request_message.parse({"x": 1}))


SCHEMA = {
    "$ref": "#/$defs/Order",
    "$defs": {
        "Order": {
            "type": "object",
            "properties": {
                "id": {"type": "integer", "format": "int64"},
                "size-in-cm": {"type": "number"},
                "delay": {"type": ["string", "null"], "pattern": DURATION},
                "at": {"type": "string", "format": "date-time"},
                "locale": {"enum": ["en-GB", "de-DE"], "type": "string"},
                "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                "maybe": {"oneOf": [{"$ref": "#/$defs/Order"}, {"type": "null"}]},
                "wrapped": {"allOf": [{"$ref": "#/$defs/Order"}]},
                "extended": {"allOf": [{"$ref": "#/$defs/Part"}, {"properties": {"more": {"type": "string"}}}]},
                "inline": {"properties": {"kind": {"type": "string", "enum": ["A", "B"]}}},
                "kind": {"type": "string", "enum": ["A", "B"]},
                "parts": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Part"}},
                "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
                "free": {},
                "empty": {"$ref": "#/$defs/Empty"},
            },
        },
        "Part": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Empty": {"type": "object"},
    },
}

ORDERS: list[tuple[dict[str, Any], bool]] = [
    ({"id": 2**63 - 1}, True),
    ({"id": 2**63}, False),
    ({"size-in-cm": 0.5}, True),
    ({"delay": "1s"}, True),
    ({"delay": "1"}, False),
    ({"at": "2025-04-01T00:00:00Z"}, True),
    ({"at": "2025-04-01"}, False),
    ({"locale": "fr"}, True),
    ({"either": 1}, True),
    ({"maybe": {"wrapped": {"maybe": None}}}, True),
    ({"maybe": {"nothing": 1}}, False),
    ({"extended": {"name": "a", "more": "b"}}, True),
    ({"extended": {"name": 1}}, False),
    ({"inline": {"kind": "A"}, "kind": "B"}, True),
    ({"inline": {"kind": "C"}}, False),
    ({"parts": {"a": {"name": "b"}}}, True),
    ({"parts": {"a": {"name": 1}}}, False),
    ({"grid": [[1], [2]]}, True),
    ({"free": {"a": [None]}}, True),
    ({"empty": {}}, True),
    ({"empty": {"a": 1}}, False),
]


@pytest.mark.parametrize(("body", "read"), ORDERS)
def test_any_schema_has_a_message(body: dict[str, Any], read: bool) -> None:
    """Schemas that protobuf cannot express read more, and never less, than they should."""
    assert message_type(SCHEMA).refuses(body) is not read


def test_a_schema_that_is_no_object_has_no_message() -> None:
    """A message is an object."""
    with pytest.raises(ValueError, match="no message has the type 'array'"):
        message_type({"type": "array", "items": {}})
