"""Calls made from parent calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from emulator.variants import CONFORMING, Variant
from tests.emulator.client import Client, contract

_ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
_OWN = {"callId", "created", "joinUrl"}
_FULL: dict[str, Any] = {
    "systemPrompt": "Be kind.",
    "temperature": 0.5,
    "voice": "Mark",
    "joinTimeout": "60s",
    "transcriptOptional": False,
    "recordingEnabled": True,
    "metadata": {"a": "1", "b": "2"},
    "initialState": {"deep": {"er": [1, 2]}},
    "inactivityMessages": [{"duration": "5s", "message": "Hi"}],
    "medium": {"serverWebSocket": {"inputSampleRate": 8000}},
    "firstSpeaker": "FIRST_SPEAKER_USER",
    "vadSettings": {"turnEndpointDelay": "1s"},
    "selectedTools": [{"toolName": "hangUp"}],
}


def _shown(response: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name not in _OWN}


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize("variant", CONFORMING)
def test_everything_is_taken_over(variant: str) -> None:
    client = Client(CONFORMING[variant])
    first = client.created(_FULL)
    second = client.created({}, f"priorCallId={first['callId']}")
    third = client.created({}, f"priorCallId={second['callId'].upper()}")
    assert _shown(first) == _shown(second) == _shown(third)
    assert len({each["callId"] for each in (first, second, third)}) == 3


@pytest.mark.parametrize(
    ("override", "shown"),
    [
        ({"systemPrompt": ""}, {"systemPrompt": ""}),
        ({"temperature": 0}, {"temperature": 0}),
        ({"recordingEnabled": False}, {"recordingEnabled": False}),
        ({"metadata": {"c": "3"}}, {"metadata": {"c": "3"}}),
        ({"initialState": {}}, {"initialState": {}}),
        ({"inactivityMessages": []}, {"inactivityMessages": []}),
        ({"medium": {"twilio": {}}}, {"medium": {"twilio": {}}}),
        ({"systemPrompt": None}, {"systemPrompt": "Be kind."}),
        ({"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED"}, {"firstSpeaker": "FIRST_SPEAKER_USER"}),
    ],
)
def test_the_body_overrides_whole_properties(client: Client, override: Any, shown: dict[str, Any]) -> None:
    first = client.created(_FULL)
    second = client.created(override, f"priorCallId={first['callId']}")
    assert _shown(second) == {**_shown(first), **shown}


@pytest.mark.parametrize(
    ("parent", "body", "shown"),
    [
        ({"voice": "Mark"}, {"externalVoice": {"lmnt": {}}}, {"voice": None, "externalVoice": {"lmnt": {}}}),
        ({"externalVoice": {"lmnt": {}}}, {"voice": "Mark"}, {"voice": "Mark"}),
        (
            {"firstSpeaker": "FIRST_SPEAKER_USER"},
            {"firstSpeakerSettings": {"agent": {}}},
            {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"agent": {}}},
        ),
        (
            {"firstSpeakerSettings": {"user": {}}},
            {"firstSpeaker": "FIRST_SPEAKER_AGENT"},
            {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"agent": {}}},
        ),
    ],
)
def test_the_body_drives_out_what_contradicts_it(client: Client, parent: Any, body: Any, shown: dict[str, Any]) -> None:
    first = client.created({**parent, "model": "kept"})
    second = client.created(body, f"priorCallId={first['callId']}")
    assert {name: second.get(name) for name in shown} == shown
    assert second["model"] == "kept"
    assert ("externalVoice" in second) == ("externalVoice" in body)


def test_a_parent_call_stays_as_it_is(client: Client) -> None:
    first = client.create(_FULL)
    identifier = orjson.loads(first.body)["callId"]
    client.created({"metadata": {"x": "y"}, "initialState": {"deep": {}}}, f"priorCallId={identifier}")
    assert client.read(identifier).body == first.body


def test_messages_are_taken_over_but_must_not_be_sent(client: Client) -> None:
    first = client.created({"initialMessages": [{"role": "MESSAGE_ROLE_USER", "text": "Hi"}]})
    query = f"priorCallId={first['callId']}"
    assert "initialMessages" in client.refused({"initialMessages": [{"text": "Ho"}]}, query)
    second = client.created({"initialMessages": []}, query)
    third = client.created({}, f"priorCallId={first['callId']}")
    stored = [client.endpoint.store.get(each["callId"]) for each in (second, third)]
    assert stored[1] is not None
    assert stored[1].properties()["initialMessages"] == [{"role": "MESSAGE_ROLE_USER", "text": "Hi"}]


def test_a_parent_call_that_is_not_there(client: Client) -> None:
    assert client.create({}, f"priorCallId={_ID}").status == 400
    assert Client(Variant(unknown_parent_status=404)).create({}, f"priorCallId={_ID}").status == 404


@pytest.mark.parametrize("text", ["", "x", _ID[:-1], _ID + "0", _ID.replace("-", ""), "{" + _ID + "}"])
def test_a_malformed_parent_call(client: Client, text: str) -> None:
    assert client.create({}, f"priorCallId={text}").status == 400


def test_a_deleted_parent_call(client: Client) -> None:
    first = client.created(_FULL)
    second = client.created({}, f"priorCallId={first['callId']}")
    client.delete(first["callId"])
    assert client.create({}, f"priorCallId={first['callId']}").status == 400
    assert client.create({}, f"priorCallId={second['callId']}").status == 201


def test_only_some_properties_may_be_inherited() -> None:
    about = {**contract().extensions["x-parent-call"], "inherits": ["voice"]}
    described = replace(contract(), extensions={**contract().extensions, "x-parent-call": about})
    client = Client(described=described)
    first = client.created(_FULL)
    second = client.created({}, f"priorCallId={first['callId']}")
    assert (second["voice"], second["systemPrompt"]) == ("Mark", None)


def test_a_description_that_knows_no_parent_calls() -> None:
    client = Client(described=replace(contract(), extensions={}))
    assert client.created({}, f"priorCallId={_ID}")["voice"] is None


def test_what_the_body_excludes_gives_way_or_is_refused() -> None:
    both = {"voice": "Mark"}, {"externalVoice": {"lmnt": {"voiceId": "x"}}}
    for first, second in (both, both[::-1]):
        statuses = {}
        for conflict in ("gives-way", "refused"):
            client = Client(Variant(parent_conflict=conflict))
            parent = client.created(first)["callId"]
            statuses[conflict] = client.create(second, f"priorCallId={parent}").status
        assert statuses == {"gives-way": 201, "refused": 400}
