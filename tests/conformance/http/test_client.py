"""The client: what is sent, what is sent again, and answers without end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from conformance.http.client import Client, Target
from conformance.results.recording import exchange_entry
from reports.record.entries import KEY_VARIABLE
from reports.reproduce import httpx_program, url_of
from strategies.case import Case, Side
from tests.conformance.clients import case, client
from tests.conformance.servers import KEY, Received, Reply, always, catalogue, serving


@pytest.mark.parametrize("text", ["&&a&=b;c", "a=%zz&b=%ff&%", "%65n%61bled=1", "?a=b?"])
def test_a_query_is_spelled_as_it_is_told_to_be(text: str) -> None:
    received: list[Received] = []

    def listening(request: Received) -> Reply:
        received.append(request)
        return Reply(201)

    with serving(listening) as url, Client(Target(url=f"{url}/base", key=KEY), catalogue().contract) as sender:
        exchange = sender.send(case(query=(("a", "b"),), query_text=text))
        entry = exchange_entry(exchange, catalogue().contract, KEY)
        program = httpx_program(entry.request, f"{url}/base")
        subprocess.run([sys.executable, "-c", program], env={**os.environ, KEY_VARIABLE: KEY}, check=True, capture_output=True)
        assert url_of(entry.request, url).endswith(f"?{text}")
    assert [(each.path, each.query) for each in received] == [("/base/api/calls", text)] * 2


def test_an_response_that_is_not_compressed_as_it_says_is_an_response_all_the_same() -> None:
    response = always(201, content_encoding="gzip")
    with serving(response) as url, Client(Target(url=url, key=KEY), catalogue().contract) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.error, exchange.content) == (201, None, b"")
    assert exchange.headers["content-encoding"] == "gzip"


def test_bytes_that_are_no_text_are_kept_as_they_are() -> None:
    with client(lambda _request: httpx.Response(400, content=b"\xff")) as sender:
        exchange = sender.send(Case(side=Side.PROBE, label="", raw=b'{"a": "\xff\xfe"}'))
    entry = exchange_entry(exchange, catalogue().contract, KEY)
    assert entry.request.body is not None
    assert entry.request.body.encode("utf-8", "surrogateescape") == b'{"a": "\xff\xfe"}'


# --- retries


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_refused_for_now_is_sent_again(status: int) -> None:
    responses = [httpx.Response(status, headers={"retry-after": "0"}) for _ in range(2)] + [httpx.Response(201)]
    with client(lambda _request: responses.pop(0)) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.attempts, exchange.number) == (201, (status, status), 1)


def test_a_server_that_is_always_busy_is_left_alone_in_the_end() -> None:
    received = []

    def busy(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(429, headers={"retry-after": "0"})

    with client(busy) as sender:
        exchange = sender.send(case())
    assert (exchange.status, len(received)) == (429, 4)


@pytest.mark.parametrize("after", ["61", "3600", "9" * 400])
def test_a_long_wait_is_not_waited_for(after: str) -> None:
    with client(lambda _request: httpx.Response(429, headers={"retry-after": after}), retries=1) as sender:
        exchange = sender.send(case())
    assert exchange.attempts == ()


# --- answers without end


def test_an_response_that_drips_is_given_up() -> None:
    async def drips() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b"x"

    with client(lambda _: httpx.Response(201, content=drips()), timeout=0.3) as sending:
        exchange = sending.send(case())
    assert exchange.status == 0
    assert exchange.error == "no whole answer within 0.3 s"


def test_an_response_without_end_is_given_up() -> None:
    async def floods() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 2**20

    with client(lambda _: httpx.Response(201, content=floods())) as sending:
        assert "more than" in (sending.send(case()).error or "")


def test_no_request_carries_a_cookie_that_an_response_set() -> None:
    received: list[httpx.Request] = []

    def session(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(201, headers={"set-cookie": "session=admitted; Path=/"})

    with client(session, concurrency=1) as sender:
        sender.send_all([case(1), case(2)])
    assert [request.headers.get("cookie") for request in received] == [None, None]
