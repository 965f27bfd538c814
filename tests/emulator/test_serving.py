"""The emulator over HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from emulator import create_app
from emulator.serving import running, serve
from emulator.variants import LARGEST_BODY
from tests.emulator.client import KEY, PATH, contract


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(create_app(contract(), keys=frozenset({KEY}))) as base:
        yield base


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"X-API-Key": KEY}) as client:
        yield client


def test_the_life_of_a_call(http: httpx.Client) -> None:
    created = http.post(PATH, json={"voice": "Mark"}, params={"enableGreetingPrompt": "false"})
    assert (created.status_code, created.headers["content-type"]) == (201, "application/json")
    path = f"{PATH}/{created.json()['callId']}"
    assert http.get(path).json() == created.json()
    deleted = http.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert http.get(path).status_code == 404


def test_requests_without_a_body_in_the_response(http: httpx.Client) -> None:
    head = http.head(PATH)
    assert (head.status_code, head.headers["allow"], head.content) == (405, "GET, POST", b"")
    assert http.options(PATH).status_code == 405


@pytest.mark.parametrize("size", [100_000, LARGEST_BODY - 100, LARGEST_BODY + 1, 2 * LARGEST_BODY])
def test_large_bodies(http: httpx.Client, size: int) -> None:
    reply = http.post(PATH, json={"systemPrompt": "x" * size}, timeout=30)
    assert reply.status_code == (201 if size < LARGEST_BODY else 413)


def test_a_body_in_chunks(http: httpx.Client) -> None:
    reply = http.post(PATH, content=iter([b'{"voice"', b":", b'"Mark"}']), headers={"content-type": "application/json"})
    assert reply.json()["voice"] == "Mark"


def test_many_at_once(http: httpx.Client) -> None:
    def create(number: int) -> dict[str, Any]:
        response: dict[str, Any] = http.post(PATH, json={"systemPrompt": f"call {number}"}).json()
        assert response["systemPrompt"] == f"call {number}"
        return response

    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(create, range(64)))
    assert len({response["callId"] for response in responses}) == 64


def test_several_servers_at_a_time() -> None:
    apps = [create_app(contract(), keys=frozenset({str(number)})) for number in range(2)]
    with running(apps[0]) as first, running(apps[1]) as second:
        assert first != second
        statuses = [httpx.post(url + PATH, json={}, headers={"X-API-Key": "1"}).status_code for url in (first, second)]
    assert statuses == [403, 201]


def test_the_port_is_free_again() -> None:
    app = create_app(contract(), keys=frozenset({KEY}))
    with running(app) as url:
        port = int(url.rsplit(":", 1)[1])
    with pytest.raises(httpx.ConnectError):
        httpx.post(url + PATH, json={})
    with running(app, port=port) as again:
        assert again == url


def test_a_port_that_is_taken() -> None:
    app = create_app(contract(), keys=frozenset({KEY}))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve(app, port=port)
        with pytest.raises(OSError, match="in use"), running(app, port=port):
            pass


_SERVE = """
from emulator import create_app
from emulator.serving import serve
from openapi import load_contract
serve(create_app(load_contract(), keys=frozenset({"k"})), port=0)
"""


@pytest.mark.skipif(os.name != "posix", reason="interrupting another process needs signals")
def test_serving_says_where_and_stops_when_interrupted() -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _SERVE]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The emulator listens on http://127.0.0.1:")
        assert httpx.post(line.split()[-1] + PATH, json={}, headers={"X-API-Key": "k"}).status_code == 201
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors


def test_lifespan_and_websockets() -> None:
    app = create_app(contract(), keys=frozenset({KEY}))

    async def talk(kind: str, *received: str) -> list[str]:
        waiting = [{"type": each} for each in received]
        sent: list[str] = []

        async def receive() -> Any:
            return waiting.pop(0)

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await app({"type": kind}, receive, send)
        return sent

    started = asyncio.run(talk("lifespan", "lifespan.startup", "lifespan.shutdown"))
    assert started == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert asyncio.run(talk("websocket", "websocket.connect")) == ["websocket.close"]
