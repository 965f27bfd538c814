"""The transport in process responses as a real server does, above all where the application violates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import httpx
import pytest

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.target import Target
from conformance.selfcheck.in_process import App, InProcess, Message, TrialClient
from emulator import placeholder_values as generic
from emulator.app import create_app
from emulator.serving import running
from strategies.case import Case, Key, Side
from tests.conformance.servers import KEY, catalogue
from tests.emulator.planted import FAULTS

START: Message = {"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]}
HALF: Message = {"type": "http.response.body", "body": b"{", "more_body": True}
REST: Message = {"type": "http.response.body", "body": b"}"}


def raising_after(*messages: Message) -> App:
    """An application that sends these messages and then raises."""

    async def app(scope: Any, _receive: Any, send: Callable[[Message], Any]) -> None:
        if scope["type"] != "http":
            return
        for message in messages:
            await send(message)
        raise TypeError("Recursion limit reached")

    return app


def received(app: App) -> httpx.Response:
    """The response of an application in process."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=InProcess(app)) as client:
            return await client.post("http://emulator.invalid/api/calls", content=b"{}")

    return asyncio.run(ask())


def reported(response: httpx.Response) -> tuple[int, str, str]:
    return response.status_code, response.headers["content-type"], response.text


def test_an_application_that_raises_responses_as_it_does_over_the_network() -> None:
    app: Any = raising_after()  # the server is typed for the emulator alone
    with running(app) as url:
        over_the_network = httpx.post(f"{url}/api/calls", content=b"{}")
    assert reported(received(app)) == reported(over_the_network) == (500, "text/plain; charset=utf-8", "Internal Server Error")


def test_a_response_that_was_whole_counts() -> None:
    whole = raising_after(START, HALF, REST)
    assert reported(received(whole)) == (201, "application/json", "{}")


@pytest.mark.parametrize("rest", [(), (HALF,)])
def test_a_response_that_breaks_off_is_none(rest: tuple[Message, ...]) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="broke off its response: TypeError"):
        received(raising_after(START, *rest))


async def _attempted(client: Client, cases: list[Case]) -> list[Exchange]:
    return [await client.attempt(each, 0) for each in cases]


@pytest.mark.parametrize("name", [None, "created-as-204", "answer-without-type", "crash-on-emoji", "answer-in-latin-1"])
def test_what_goes_to_the_endpoint_itself_is_answered_as_by_way_of_httpx(
    name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, faults = catalogue().contract, [FAULTS[name]] if name else []
    bodies: list[Any] = [{}, {"temperature": 2}, {"systemPrompt": "é 😀"}, {"voice": "Mark", "metadata": {"a": "b"}}, [1]]
    cases = [Case(side=Side.MAY, label="any", body=body) for body in bodies]
    cases += [
        replace(cases[0], key=Key.NONE),
        replace(cases[0], query=(("priorCallId", "x"),)),
        replace(cases[0], method="PUT"),
    ]
    seen = []
    for way in (TrialClient, lambda target, contract, app: Client(target, contract, InProcess(app))):
        monkeypatch.setattr(generic, "_IDS", Random(5))
        monkeypatch.setattr(generic, "time_ns", lambda: 1_760_000_000_000_000_000)
        app = create_app(contract, keys=frozenset({KEY}), faults=faults)
        client = way(Target(url="http://emulator.invalid", key=KEY, concurrency=1), contract, app)
        exchanges = asyncio.run(_attempted(client, cases))
        seen.append([(each.status, each.headers, each.content, each.error) for each in exchanges])
    assert seen[0] == seen[1]
