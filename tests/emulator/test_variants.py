"""Sound differences: each preset responses otherwise than the default, and conforms the same rules."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import orjson
import pytest

from emulator.variants import CONFORMING, Variant
from tests.emulator.bodies import bodies
from tests.emulator.client import Client
from tests.emulator.observing import Observer
from tests.emulator.probes import keys, life, parents, queries

_SENT: dict[str, Any] = {
    "voice": "Märk",
    "joinTimeout": "0.50s",
    "temperature": 0.1,
    "metadata": {"a": "b"},
    "initialState": {"n": 1, "s": [2]},
    "medium": {"serverWebSocket": {"inputSampleRate": 8000, "clientBufferSizeMs": 0}},
    "inactivityMessages": [{"duration": "1s", "message": "", "endBehavior": "END_BEHAVIOR_UNSPECIFIED"}],
}


def _shown(**variant: Any) -> dict[str, Any]:
    return Client(Variant(**variant)).created(_SENT)


def test_each_difference_has_a_preset() -> None:
    default = Variant()
    for field in fields(Variant):
        values = {getattr(variant, field.name) for variant in CONFORMING.values()}
        assert values - {getattr(default, field.name)}, field.name


@pytest.mark.parametrize("name", [name for name in CONFORMING if name != "protojson"])
def test_each_preset_can_be_seen(name: str) -> None:
    assert _everything(CONFORMING[name]) != _everything(Variant())


def _everything(variant: Variant) -> list[object]:
    observer = Observer(Client(variant))
    for body in (_SENT, {"unknown": 1}, {"temperature": "0.5"}, {"temperature": 2}, _LARGE):
        observer.see(observer.client.create(body))
    for probe in (life, parents, queries, keys):
        probe(observer)
    return observer.seen


_LARGE = {"systemPrompt": "x" * 70_000}

# Distinguished by what no variant may change: what a documented rule forbids is refused, the rest accepted.
_COERCED = ({"recordingEnabled": "yes"}, {"temperature": "0.5"}, {"temperature": None})
_BEYOND_PROTOBUF = "999999999999s"  # which the pattern of durations admits


@pytest.mark.parametrize("name", CONFORMING)
def test_every_preset_accepts_and_refuses_the_same(name: str) -> None:
    client, default = Client(CONFORMING[name]), Client()
    for body in bodies():
        if body not in _COERCED and _BEYOND_PROTOBUF not in str(body) and len(str(body)) <= CONFORMING[name].largest_body:
            accepted = default.create(body).status == 201
            if accepted and CONFORMING[name].enforces == "stated":
                continue  # such a server may refuse it
            assert (client.create(body).status == 201) is accepted, body


@pytest.mark.parametrize(
    ("style", "shown"),
    [("canonical", "0.500s"), ("as_sent", "0.50s"), ("trimmed", "0.5s"), ("nanos", "0.500000000s")],
)
def test_durations(style: str, shown: str) -> None:
    assert _shown(durations=style)["joinTimeout"] == shown


def test_unset_nested_fields() -> None:
    assert _shown()["medium"] == {"serverWebSocket": {"inputSampleRate": 8000, "clientBufferSizeMs": 0}}
    null = _shown(unset_nested="null")["medium"]
    assert null["twilio"] is None
    assert null["serverWebSocket"]["outputSampleRate"] is None
    filled = _shown(unset_nested="filled")["medium"]
    assert filled == {"serverWebSocket": {"inputSampleRate": 8000, "outputSampleRate": 8000, "clientBufferSizeMs": 0}}


_TOOL = {"modelToolName": "look_up", "http": {"baseUrlPattern": "https://example.com/{city}", "httpMethod": "GET"}}
_CITY = {"name": "city", "location": "PARAMETER_LOCATION_PATH"}
_SAFE = {"requirements": {"httpSecurityOptions": {"options": [{"requirements": {"key": {"queryApiKey": {"name": "k"}}}}]}}}


def _with(more: dict[str, Any], **selected: Any) -> dict[str, Any]:
    return {"selectedTools": [{"temporaryTool": {**_TOOL, **more}, **selected}]}


_DYNAMIC = {"dynamicParameters": [{**_CITY, "schema": {}}]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (_with(_DYNAMIC), 201),
        (_with({}), 400),
        (_with({**_DYNAMIC, "http": {**_TOOL["http"], "baseUrlPattern": "https://example.com/"}}), 400),  # type: ignore[dict-item]
        (_with({**_DYNAMIC, "staticParameters": [{**_CITY, "value": 1}]}), 400),
        (_with({"dynamicParameters": [{**_CITY, "schema": {}}] * 2}), 400),
        (_with(_DYNAMIC, parameterOverrides={"city": 1}), 201),
        (_with(_DYNAMIC, parameterOverrides={"town": 1}), 400),
        (_with({**_DYNAMIC, **_SAFE}, authTokens={"key": "x"}), 201),
        (_with({**_DYNAMIC, **_SAFE}, authTokens={"key": "x", "other": "x"}), 400),
        (_with({**_DYNAMIC, **_SAFE}), 400),
        ({"initialMessages": [{"role": "MESSAGE_ROLE_TOOL_CALL", "text": "x"}]}, 400),
        ({"initialMessages": [{"role": "MESSAGE_ROLE_TOOL_CALL", "text": "x", "toolName": "t", "invocationId": "1"}]}, 201),
        ({"initialMessages": [{"role": "MESSAGE_ROLE_USER"}]}, 400),
    ],
)
def test_what_nobody_documents_can_be_enforced(body: dict[str, Any], status: int) -> None:
    assert Client().create(body).status == 201
    assert Client(Variant(enforces="stated")).create(body).status == status


def test_filled_defaults_do_not_become_part_of_the_call() -> None:
    client = Client(Variant(unset_nested="filled"))
    first = client.created(_SENT)
    override = {"medium": {"serverWebSocket": {"inputSampleRate": 16000}}}
    second = client.created(override, f"priorCallId={first['callId']}")
    assert second["medium"]["serverWebSocket"]["outputSampleRate"] == 16000
    call = client.endpoint.store.get(first["callId"])
    assert call is not None
    assert "outputSampleRate" not in call.properties()["medium"]["serverWebSocket"]


def test_nested_zeros() -> None:
    shown = _shown(drop_zero_nested=True)
    assert shown["inactivityMessages"] == [{"duration": "1s"}]
    # Left out, it would mean its default, which is 60.
    assert shown["medium"] == {"serverWebSocket": {"inputSampleRate": 8000, "clientBufferSizeMs": 0}}


def test_unspecified_members() -> None:
    kept = _shown(unspecified_omitted=False)["inactivityMessages"]
    assert kept == [{"duration": "1s", "message": "", "endBehavior": "END_BEHAVIOR_UNSPECIFIED"}]


def test_numbers() -> None:
    assert _shown(float32=True)["temperature"] == 0.10000000149011612
    assert str(_shown(ints_as_floats=True)["initialState"]) == "{'n': 1.0, 's': [2.0]}"


def test_what_the_server_adds() -> None:
    assert _shown(resolve_names=True)["voice"] == _shown(resolve_names=True)["voice"] != "Märk"
    assert _shown(system_metadata=True)["metadata"].keys() > {"a"}
    assert _shown(extra_response_fields=True).keys() > _shown().keys()


def test_an_id_as_voice_stays() -> None:
    identifier = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    assert Client(Variant(resolve_names=True)).created({"voice": identifier})["voice"] == identifier


def test_spellings_of_json() -> None:
    assert "Märk".encode() in Client().create(_SENT).body
    assert rb"M\u00e4rk" in Client(Variant(ascii_json=True)).create(_SENT).body
    reversed_ = Client(Variant(reversed_keys=True)).create(_SENT).body
    assert list(orjson.loads(reversed_)) == list(reversed(orjson.loads(Client().create(_SENT).body)))
