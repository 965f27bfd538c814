"""The test server over HTTP: journal, explained refusals, scripted responses, CORS, WebSockets and TLS."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect

from emulator import create_app
from emulator.certificates import new_certificate
from emulator.serving import running
from emulator.testing import recording_server
from emulator.testing.script import ScriptedResponse
from emulator.variants import Variant
from openapi.catalogue import catalogue_of
from tests.emulator.client import KEY, PATH, contract

LINES: list[str] = []
FIXTURES = {
    "edge/empty": ScriptedResponse(status=201, body=b"{}"),
    "error/cut": ScriptedResponse(status=201, body=b'{"a": 1', cut=True),
}


def _server(variant: Variant | None = None) -> Any:
    app = create_app(contract(), keys=frozenset({KEY}), variant=variant or Variant())
    return recording_server(app, catalogue_of(contract()), fixtures=lambda: FIXTURES, log=LINES.append)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(_server()) as base:
        yield base


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"X-API-Key": KEY}, trust_env=False) as client:
        client.post("/__reset")
        LINES.clear()
        yield client


def _requests(http: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get("/__requests").json()["requests"]
    return found


@pytest.mark.parametrize(
    ("body", "rule", "path"),
    [
        ({"temperature": 2}, "body.temperature.maximum", "temperature"),
        (
            {"vadSettings": {"turnEndpointDelay": "x"}},
            "body.vadSettings.turnEndpointDelay.pattern",
            "vadSettings.turnEndpointDelay",
        ),
        ({"voice": "a", "externalVoice": {"elevenLabs": {"voiceId": "b"}}}, "body.voice-or-external-voice", ""),
        (
            {"selectedTools": [{"toolName": "a"}, {"toolName": 1}]},
            "body.selectedTools.*.toolName.type",
            "selectedTools.1.toolName",
        ),
        ({"medium": {"nothing": {}}}, None, "medium.nothing"),
    ],
)
def test_a_refusal_names_rule_sentence_and_member(http: httpx.Client, body: Any, rule: str | None, path: str) -> None:
    refused = http.post(PATH, json=body)
    assert refused.status_code == 400
    explained = refused.json()["conformance"]
    assert (explained["rule"], explained["path"]) == (rule, path)
    assert explained["requirement"]
    if rule is not None:
        assert explained["sentence"] == catalogue_of(contract()).rules[rule].quote


def test_a_refusal_quotes_no_schema(http: httpx.Client) -> None:
    refused = http.post(PATH, json={"voice": "a", "externalVoice": {"elevenLabs": {"voiceId": "b"}}})
    assert '"required"' not in refused.text
    assert 'required":' not in refused.json()["detail"]


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ({"json": {}, "headers": {"X-API-Key": "invalid"}}, "auth.wrong-key"),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, "protocol.malformed-json"),
        ({"content": b"{}", "headers": {"content-type": "text/plain"}}, "protocol.media-type"),
        ({"json": {}, "params": {"enableGreetingPrompt": "perhaps"}}, "query.enableGreetingPrompt.type"),
        ({"json": {}, "params": {"priorCallId": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}}, "query.parent-unknown"),
    ],
)
def test_refusals_of_other_kinds_name_their_rule(http: httpx.Client, sent: dict[str, Any], rule: str) -> None:
    refused = http.post(PATH, **sent)
    assert refused.status_code >= 400
    assert refused.json()["conformance"]["rule"] == rule


def test_requests_are_recorded_with_verdict_and_without_key(http: httpx.Client) -> None:
    http.post(PATH, json={"voice": "Mark"}, params={"enableGreetingPrompt": "false"})
    http.post(PATH, json={"temperature": 2})
    first, second = _requests(http)
    assert first == {
        "number": 1,
        "method": "POST",
        "path": PATH,
        "query": "enableGreetingPrompt=false",
        "json": {"voice": "Mark"},
        "status": 201,
        "verdict": {"conforms": True, "violations": []},
    }
    assert second["verdict"]["conforms"] is False
    assert KEY not in http.get("/__requests").text
    assert LINES[0] == f"POST {PATH} 201 conforms"
    assert LINES[1].startswith(f"POST {PATH} 400 body.temperature.maximum · temperature · ")
    assert LINES[1].endswith("“The model temperature, between 0 and 1.”")


def test_a_line_of_the_log_counts_further_violations(http: httpx.Client) -> None:
    http.post(PATH, json={"temperature": 2, "maxDuration": 1, "nothing": 1})
    assert LINES[0].endswith(" · and 2 more")


def test_a_request_cannot_forge_a_line_of_the_log(http: httpx.Client) -> None:
    http.get("/a%0APOST%20/x%20201")
    assert len(LINES) == 1
    assert "\n" not in LINES[0]


def test_reset_forgets_requests_script_and_calls(http: httpx.Client) -> None:
    created = http.post(PATH, json={}).json()["callId"]
    http.post("/__respond", json={"status": 503})
    http.post("/__reset")
    assert _requests(http) == []
    assert http.get(f"{PATH}/{created}").status_code == 404
    assert http.post(PATH, json={}).status_code == 201


def test_the_next_responses_are_as_scripted(http: httpx.Client) -> None:
    scripted = [{"status": 402}, {"status": 429, "retry_after": 1.5, "times": 2}, {"status": 503, "body": "down"}]
    assert http.post("/__respond", json=scripted).json() == {"scripted": 4}
    responses = [http.post(PATH, json={}) for _ in range(5)]
    assert [each.status_code for each in responses] == [402, 429, 429, 503, 201]
    assert responses[1].headers["retry-after"] == "2"  # whole seconds, and never too early
    assert responses[3].text == "down"
    assert [each["status"] for each in _requests(http)] == [402, 429, 429, 503, 201]


def test_retry_after_as_a_date_is_never_too_early(http: httpx.Client) -> None:
    http.post("/__respond", json={"status": 429, "retry_after": 30, "retry_after_form": "date"})
    before = datetime.now(UTC)
    moment = parsedate_to_datetime(http.post(PATH, json={}).headers["retry-after"])
    assert timedelta(seconds=30) <= moment - before <= timedelta(seconds=35)


def test_a_response_is_delayed(http: httpx.Client) -> None:
    http.post("/__respond", json={"delay": 0.2})
    begun = time.monotonic()
    assert http.post(PATH, json={}).status_code == 201
    assert time.monotonic() - begun >= 0.2


def _cut(http: httpx.Client, scripted: dict[str, Any]) -> bytes:
    """Return what of a scripted response arrives before the connection ends."""
    http.post("/__respond", json=scripted)
    received: list[bytes] = []
    with http.stream("POST", PATH, json={}) as response, pytest.raises(httpx.RemoteProtocolError):
        received.extend(response.iter_raw())  # keeps what came before the error
    return b"".join(received)


def test_a_response_is_cut_in_the_middle_of_its_body(http: httpx.Client) -> None:
    own = _cut(http, {"cut": True})
    assert own.startswith(b'{"')
    assert not own.endswith(b"}")
    assert _cut(http, {"cut": True, "status": 503, "body": {"ab": 1}}) == b'{"ab'
    assert http.post(PATH, json={}).status_code == 201


def test_a_cut_fixture_is_sent_to_its_last_byte(http: httpx.Client) -> None:
    assert _cut(http, {"fixture": "error/cut"}) == FIXTURES["error/cut"].body


def test_a_response_fixture_is_sent_by_its_id(http: httpx.Client) -> None:
    assert http.get("/__fixtures").json() == {"fixtures": sorted(FIXTURES)}
    http.post("/__respond", json={"fixture": "edge/empty"})
    assert http.post(PATH, json={}).json() == {}


@pytest.mark.parametrize(
    ("scripted", "reason"),
    [
        ({"status": 99}, "status: expected"),
        ({"status": True}, "status: expected"),
        ({"status": 201, "delay": -1}, "delay: expected"),
        ({"fixture": "unknown"}, "there is no response fixture"),
        ({"stats": 201}, "stats: there is no such member"),
        ({"headers": {"a": "b\r\nc: d"}, "status": 201}, "headers: expected"),
        ([1], "a scripted response is a JSON object"),
    ],
)
def test_an_invalid_script_is_refused(http: httpx.Client, scripted: Any, reason: str) -> None:
    refused = http.post("/__respond", json=scripted)
    assert refused.status_code == 400
    assert reason in refused.json()["detail"]
    assert http.post(PATH, json={}).status_code == 201


def test_unknown_control_paths_are_refused(http: httpx.Client) -> None:
    unknown = http.get("/__nothing")
    assert unknown.status_code == 404
    assert unknown.json()["detail"].startswith("There is no /__nothing; the paths for tests are /__health, ")
    assert http.get("/__reset").status_code == 405
    assert http.get("/__health").json() == {"status": "ok"}


def test_a_preflight_request_is_answered(http: httpx.Client) -> None:
    asked = {
        "origin": "http://localhost:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-api-key",
    }
    preflight = http.options(PATH, headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == "x-api-key"
    assert http.post(PATH, json={}, headers={"origin": "http://localhost:3000"}).headers["access-control-allow-origin"] == "*"


def test_a_call_can_be_joined_and_is_closed_normally(http: httpx.Client, url: str) -> None:
    created = http.post(PATH, json={}).json()
    assert created["joinUrl"].startswith(url.replace("http", "ws") + "/")
    with connect(created["joinUrl"], proxy=None) as websocket, pytest.raises(ConnectionClosedOK) as closed:
        websocket.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000
    with pytest.raises(InvalidStatus):
        connect(created["joinUrl"][:-1], proxy=None)


def test_what_was_sent_is_echoed_with_its_host(http: httpx.Client) -> None:
    metadata = {"url": "wss://elsewhere.example/a"}
    assert http.post(PATH, json={"metadata": metadata}).json()["metadata"] == metadata


def test_https_with_a_generated_certificate(tmp_path: Path) -> None:
    certificate = new_certificate(tmp_path)
    assert certificate.key.stat().st_mode & 0o077 == 0
    trusted = ssl.create_default_context(cafile=str(certificate.authority))
    with running(_server(), certificate=certificate) as base, httpx.Client(verify=trusted, trust_env=False) as client:
        created = client.post(base + PATH, json={}, headers={"X-API-Key": KEY}).json()
        assert created["joinUrl"].startswith("wss://127.0.0.1:")
        with pytest.raises(httpx.ConnectError):
            httpx.get(base + "/__health", trust_env=False)


def test_strict_parsing_can_refuse_unknown_members() -> None:
    for unknown, status in (("refused", 400), ("ignored", 201)):
        variant = Variant(parsing="strict", unknown_keys=unknown)  # type: ignore[arg-type]
        with running(_server(variant)) as base:
            reply = httpx.post(base + PATH, json={"nothing": 1}, headers={"X-API-Key": KEY}, trust_env=False)
            assert reply.status_code == status
