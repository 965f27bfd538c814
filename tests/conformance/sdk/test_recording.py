"""The recorder: it keeps what arrives with its response, case by case, and no URL in it leads to another machine."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from conformance.sdk.recording import Recorder
from conformance.sdk.responses import response_cases, response_fixtures
from emulator.app import create_app
from emulator.serving import running
from emulator.testing.script import ScriptedResponse, json_response
from openapi import load_contract
from openapi.catalogue import catalogue_of
from tests.conformance.sdk.conftest import KEY


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    contract = load_contract()
    return Recorder(create_app(contract, keys=frozenset({KEY})), catalogue_of(contract))


@pytest.fixture
def client(recorder: Recorder) -> Iterator[httpx.Client]:
    recorder.expect()
    with (
        running(recorder.server) as url,
        httpx.Client(base_url=url, headers={"X-API-Key": KEY}, trust_env=False) as client,
    ):
        yield client


def test_requests_are_kept_with_the_response_that_they_got(recorder: Recorder, client: httpx.Client) -> None:
    response = client.post("/api/calls?enableGreetingPrompt=false&x=", content=b'{"temperature": 0}')
    [arrived] = recorder.arrived()
    assert (arrived.method, arrived.path) == ("POST", "/api/calls")
    assert arrived.query == (("enableGreetingPrompt", "false"), ("x", ""))
    assert arrived.json == {"temperature": 0}
    assert (arrived.status, arrived.response) == (response.status_code, response.content)
    recorder.expect()
    assert recorder.arrived() == ()


def test_a_body_of_any_length_is_kept(recorder: Recorder, client: httpx.Client) -> None:
    client.post("/api/calls", json={"metadata": {"key": "x" * 100_000}})
    assert len(recorder.arrived()[0].json["metadata"]["key"]) == 100_000


def test_a_new_script_replaces_what_is_left_of_the_last_one(recorder: Recorder, client: httpx.Client) -> None:
    recorder.expect([json_response(402, {}), json_response(402, {})])
    client.post("/api/calls", json={})
    recorder.expect([json_response(429, {}), json_response(503, {})])
    responses = [client.post("/api/calls", json={}) for _ in range(3)]
    assert [each.status_code for each in responses] == [429, 503, 201]
    assert [each.status for each in recorder.arrived()] == [429, 503, 201]


def test_a_join_url_leads_to_a_closed_port_of_this_machine(client: httpx.Client) -> None:
    assert client.post("/api/calls", json={}).json()["joinUrl"].startswith("wss://127.0.0.1:9/")


def test_an_ordinary_response_of_the_recorder_has_all_edges(client: httpx.Client) -> None:
    catalogue = catalogue_of(load_contract())
    template = client.post("/api/calls", json={}).json()
    edges = {each.id for each in response_cases(catalogue, template) if each.kind == "edge"}
    assert {each.id for each in response_fixtures(catalogue) if each.kind == "edge"} <= edges


def test_a_response_can_be_cut(recorder: Recorder, client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    recorder.expect([ScriptedResponse(status=201, body=b'{"a": 1', cut=True)])
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/api/calls", json={})
    assert recorder.arrived()[0].response == b'{"a": 1'
    assert "ASGI" in caplog.text  # the server says so, which a trial keeps quiet
