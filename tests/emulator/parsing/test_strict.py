"""Reading bodies by their JSON types."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.variants import STRICT
from tests.emulator.client import Client


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(STRICT)


@pytest.mark.parametrize(
    "body",
    [
        {"temperature": "0.5"},
        {"temperature": True},
        {"systemPrompt": None},
        {"firstSpeaker": 1},
        {"joinTimeout": "+30s"},
        {"medium": {"serverWebSocket": {"inputSampleRate": "8000"}}},
        {"medium": {"serverWebSocket": {"inputSampleRate": 8000.5}}},
        {"medium": []},
        {"metadata": {"a": None}},
        {"recordingEnabled": 1},
        [],
        "text",
        None,
    ],
)
def test_nothing_is_converted(client: Client, body: Any) -> None:
    assert client.send(body=body).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": 1},
        {"system_prompt": 1},
        {"medium": {"pigeon": {}, "webRtc": {"a": 1}}},
        {"inactivityMessages": [{"text": "Hi"}]},
        {"medium": {"serverWebSocket": {"inputSampleRate": 16000.0}}},
        {"externalVoice": {"playHt": {"emotion": 1e300}}},
    ],
)
def test_unknown_keys_are_ignored_and_legal_values_kept(client: Client, body: Any) -> None:
    client.created(body)


def test_ignored_keys_do_not_come_back(client: Client) -> None:
    response = client.created({"unknown": 1, "medium": {"webRtc": {"a": 1}}, "metadata": {"kept": "yes"}})
    assert "unknown" not in response
    assert response["medium"] == {"webRtc": {}}
    assert response["metadata"] == {"kept": "yes"}


def test_values_come_back_as_they_were_sent(client: Client) -> None:
    sent = {
        "joinTimeout": "1.50s",
        "inactivityMessages": [{"duration": "1s", "message": "", "endBehavior": "END_BEHAVIOR_UNSPECIFIED"}],
    }
    response = client.created(sent)
    assert {name: response[name] for name in sent} == sent
