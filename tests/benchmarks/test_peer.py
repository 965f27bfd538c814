"""The other tool is given its due: what it reads says what ours says, what it sends is repaired and no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from schemathesis import Case
from schemathesis.hooks import HookContext, unregister

from benchmarks.descriptions import catalogue
from benchmarks.detection.peer import mirrored_trials
from benchmarks.detection.peer_description import described
from benchmarks.detection.peer_repairs import Repairs
from emulator.parsing import Malformed, reader
from emulator.validation import Enforcer
from emulator.value_kinds import shape_of
from emulator.variants import Variant
from openapi.json_types import Json

CONTRACT = catalogue().contract
OPERATION = f"{CONTRACT.method} {CONTRACT.path}"
ONE, OTHER = "0d6b0c1e-7b0e-4b4e-9d7c-2f1f5d0a1b2c", "9f1b7c52-40d3-4f0f-8a52-5c0f4f7d3e11"


def takes(body: Json) -> bool:
    """Return whether a conforming server takes the body."""
    try:
        read = reader(shape_of(CONTRACT.request), Variant())(body)
    except Malformed:
        return False
    return Enforcer(CONTRACT).problem({}, read) is None


def tool(**members: Json) -> Json:
    return {"selectedTools": [{"temporaryTool": {"modelToolName": "a", **members}}]}


@pytest.fixture(scope="module")
def document() -> Json:
    return described(CONTRACT)


@pytest.fixture(scope="module")
def restated(document: Json) -> jsonschema_rs.Draft202012Validator:
    operation = document["paths"][CONTRACT.path][CONTRACT.method.lower()]
    schema = operation["requestBody"]["content"][CONTRACT.media_type]["schema"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


GOOD: list[Json] = [
    {},
    {"voice": "Mark", "temperature": 1, "firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"user": {}}},
    {"externalVoice": {"lmnt": {"voiceId": "a", "speed": 2}}, "medium": {}, "metadata": {"a": "b"}},
    {"externalVoice": {"elevenLabs": {"pronunciationDictionaries": [{"versionId": "1"}]}}, "medium": {"webRtc": {}}},
    {"selectedTools": [{"toolId": "a"}, {"toolName": "b", "authTokens": {"c": "d"}}], "initialState": {"x-a": [None]}},
    tool(client={}, dynamicParameters=[{"location": "PARAMETER_LOCATION_BODY", "schema": {"type": "string"}}]),
    tool(http={}, staticParameters=[{"location": "PARAMETER_LOCATION_HEADER", "value": None}]),
]
TWO_AT_ONCE: list[Json] = [
    {"externalVoice": {"lmnt": {}, "playHt": {}}},
    {"medium": {"webRtc": {}, "twilio": {}}},
    {"selectedTools": [{"toolId": "a", "toolName": "b"}]},
    tool(client={}, http={}),
]
BAD: list[Json] = [
    {"voice": "Mark", "externalVoice": {"lmnt": {}}},
    {"externalVoice": {}},
    {"externalVoice": {"lmnt": {"speed": 2.1}}},
    {"medium": {"serverWebSocket": {}}},
    {"medium": {"serverWebSocket": {"inputSampleRate": 2**31}}},
    {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"user": {}}},
    {"firstSpeakerSettings": {}},
    {"selectedTools": [{"nameOverride": "a"}]},
    {"metadata": {"ultravox.a": "b"}},
    {"unheardOf": 1},
    tool(),
    tool(client={}, dynamicParameters=[{"location": "PARAMETER_LOCATION_QUERY"}]),
]


@pytest.mark.parametrize(("body", "valid"), [(each, each in GOOD) for each in (*GOOD, *TWO_AT_ONCE, *BAD)])
def test_the_request_says_the_same_in_other_words(
    restated: jsonschema_rs.Draft202012Validator, body: Json, valid: bool
) -> None:
    assert takes(body) == valid
    assert restated.is_valid(body) == valid


def test_the_response_is_left_as_it_was(document: Json) -> None:
    components = document["components"]["schemas"]
    for name, schema in CONTRACT.document["components"]["schemas"].items():
        assert set(components[name].get("properties", {})) == set(schema.get("properties", {}))
        assert components[name].get("additionalProperties") == schema.get("additionalProperties")


@pytest.mark.parametrize("body", [*GOOD, *BAD])
def test_nothing_is_changed_without_need(body: Json) -> None:
    assert Repairs(CONTRACT).body(body) == body


@pytest.mark.parametrize("body", [*TWO_AT_ONCE, *BAD])
def test_what_is_invalid_of_itself_stays_invalid(body: Json) -> None:
    assert not takes(Repairs(CONTRACT).body(body))


@pytest.mark.parametrize(
    ("body", "repaired"),
    [
        ({"voice": None, "temperature": None, "maxDuration": None}, {"voice": "", "temperature": 0, "maxDuration": "30s"}),
        ({"externalVoice": None}, {"externalVoice": {"elevenLabs": {"voiceId": ""}}}),
        ({"temperature": True, "recordingEnabled": "true"}, {"temperature": 0, "recordingEnabled": "true"}),
        ({"firstSpeaker": 2}, {"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED"}),
        ({"joinTimeout": "030s"}, {"joinTimeout": "30s"}),
        ({"medium": {"webRtc": {}, "twilio": [None]}}, {"medium": {"webRtc": {}, "twilio": {}}}),
        ({"selectedTools": [{"toolId": "a", "toolName": 0}]}, {"selectedTools": [{"toolId": "a", "toolName": ""}]}),
        (
            {"selectedTools": [{"toolName": "a"}, {"toolName": "a"}]},
            {"selectedTools": [{"toolName": "a"}, {"toolName": "a", "nameOverride": "tool-1"}]},
        ),
    ],
)
def test_bodies_are_repaired(body: Json, repaired: Json) -> None:
    found = Repairs(CONTRACT).body(body)
    assert repr(found) == repr(repaired)  # True equals 1


def test_parameters_that_must_be_overridden_are() -> None:
    body = Repairs(CONTRACT).body(tool(client={}, requirements={"requiredParameterOverrides": ["a", "b"]}))
    assert body["selectedTools"][0]["parameterOverrides"] == {"a": "", "b": ""}
    assert takes(body)


@pytest.mark.parametrize(
    "body",
    [
        {"experimentalSettings": {"a": None}, "initialState": {"a": None}},
        {"inactivityMessages": [None], "metadata": {"a": None}},
        {"selectedTools": "none", "temperature": "warm", "medium": []},
        {"selectedTools": [None, {"toolName": {}}, {"nameOverride": 1}], "firstSpeaker": "nobody"},
    ],
)
def test_what_no_parser_takes_is_kept(body: Json) -> None:
    assert Repairs(CONTRACT).body(body) == body


def test_parent_calls_exist_or_are_left_out() -> None:
    repairs = Repairs(CONTRACT)
    assert repairs.query({"priorCallId": OTHER, "enableGreetingPrompt": "true"}, {}) == {"enableGreetingPrompt": "true"}
    assert repairs.query({"priorCallId": "no id"}, {}) == {"priorCallId": "no id"}
    repairs.created(ONE)
    found = [repairs.query({"priorCallId": OTHER}, {}) for _ in range(40)]
    assert found.count({"priorCallId": ONE}) == 10
    assert found.count({}) == 30
    assert not any(repairs.query({"priorCallId": ONE}, {"initialMessages": []}) for _ in range(10))
    repairs.deleted([ONE])
    assert not any(repairs.query({"priorCallId": ONE}, {}) for _ in range(10))


@pytest.fixture
def hooks() -> Iterator[Any]:
    from benchmarks.detection import peer_hooks

    yield peer_hooks
    unregister(peer_hooks.before_call)
    unregister(peer_hooks.after_call)


def test_hooks_repair_requests_that_create_a_call(document: Json, hooks: Any) -> None:
    schema = schemathesis.openapi.from_dict(document)
    operation = schema[CONTRACT.path][CONTRACT.method]
    assert operation.label == OPERATION
    case: Case[Any] = operation.Case(body={"voice": None}, query={"priorCallId": OTHER})
    hooks.before_call(HookContext(operation=operation), case, {})
    assert (case.body, case.query) == ({"voice": ""}, {})


@pytest.mark.slow
def test_many_faults_share_one_run() -> None:
    families = {"created-date-only": "response", "no-key-needed": "auth", "third-message-first": "state"}
    found = mirrored_trials(families, "--phases", "fuzzing", "--max-examples", "5")
    assert [(each.name, each.family, each.failures) for each in found] == [
        ("created-date-only", "response", ("JsonSchemaError",)),
        ("no-key-needed", "auth", ("IgnoredAuth",)),
        ("third-message-first", "state", ()),
    ]
    assert found[0].requests > 3
