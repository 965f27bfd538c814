"""The recording server: it keeps what arrives, responds as scripted and then as the emulator, and leads nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from conformance.sdk.recording import Recorder, Scripted
from emulator.app import create_app
from emulator.serving import running
from openapi import load_contract
from tests.conformance.sdk.conftest import KEY


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder(create_app(load_contract(), keys=frozenset({KEY})))


@pytest.fixture
def client(recorder: Recorder) -> Iterator[httpx.Client]:
    recorder.expect()
    with running(recorder) as url, httpx.Client(base_url=url, headers={"X-API-Key": KEY}, trust_env=False) as client:
        yield client


def test_requests_are_kept_as_they_arrive(recorder: Recorder, client: httpx.Client) -> None:
    client.post("/api/calls?enableGreetingPrompt=false&x=", content=b'{"temperature": 0}')
    [arrived] = recorder.arrived()
    assert (arrived.method, arrived.path) == ("POST", "/api/calls")
    assert arrived.query == (("enableGreetingPrompt", "false"), ("x", ""))
    assert arrived.json == {"temperature": 0}
    assert ("x-api-key", KEY) in arrived.headers
    assert arrived.status in (201, 400)
    recorder.expect()
    assert recorder.arrived() == ()


def test_scripted_responses_come_first_and_the_emulator_after_them(recorder: Recorder, client: httpx.Client) -> None:
    recorder.expect([Scripted(429, b"{}", (("retry-after", "1"),)), Scripted(503, b"{}")])
    responses = [client.post("/api/calls", json={}) for _ in range(3)]
    assert [each.status_code for each in responses] == [429, 503, 201]
    assert responses[0].headers["retry-after"] == "1"
    assert [each.status for each in recorder.arrived()] == [429, 503, 201]


def test_a_join_url_leads_to_a_closed_port_of_this_machine(client: httpx.Client) -> None:
    assert client.post("/api/calls", json={}).json()["joinUrl"].startswith("wss://127.0.0.1:9/")


def test_a_response_can_be_late(recorder: Recorder, client: httpx.Client) -> None:
    recorder.expect([Scripted(201, b"{}", delay=0.2)])
    before = time.monotonic()
    client.post("/api/calls", json={})
    assert time.monotonic() - before >= 0.2


def test_a_response_can_be_cut(recorder: Recorder, client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    recorder.expect([Scripted(201, b'{"a": 1', cut=True)])
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/api/calls", json={})
    assert "ASGI" in caplog.text  # the server says so, which a trial keeps quiet
