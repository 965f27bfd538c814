"""The client: what is sent, what is sent again, and responses without end."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from conformance.http.client import USER_AGENT, Client
from conformance.http.exchange import LARGE, Exchange
from conformance.http.response_body import ACCEPTED
from conformance.http.target import Target
from conformance.results.recording import exchange_entry
from reports.record.entries import KEY_VARIABLE, to_json
from reports.reproduce import httpx_program, url_of
from strategies.case import Case, Side
from tests.conformance.clients import case, client, sender
from tests.conformance.servers import KEY, Received, Reply, always, catalogue, serving


def sent(made: Client, *cases: Case) -> Exchange:
    """Send cases one after the other; return the last exchange."""

    async def send() -> Exchange:
        sending = sender(made)
        found = [await sending.send(each) for each in cases]
        await sending.aclose()
        return found[-1]

    return asyncio.run(send())


@pytest.mark.parametrize("text", ["&&a&=b;c", "a=%zz&b=%ff&%", "%65n%61bled=1", "?a=b?"])
def test_a_query_is_spelled_as_it_is_asked_to_be(text: str) -> None:
    received: list[Received] = []

    def listening(request: Received) -> Reply:
        received.append(request)
        return Reply(201)

    with serving(listening) as url:
        exchange = sent(
            Client(Target(url=f"{url}/base", key=KEY), catalogue().contract), case(query=(("a", "b"),), query_text=text)
        )
        entry = exchange_entry(exchange, catalogue().contract)
        program = httpx_program(entry.request, f"{url}/base")
        subprocess.run([sys.executable, "-c", program], env={**os.environ, KEY_VARIABLE: KEY}, check=True, capture_output=True)
        assert url_of(entry.request, url).endswith(f"?{text}")
    assert [(each.path, each.query) for each in received] == [("/base/api/calls", text)] * 2


def test_a_body_in_chunks_has_no_length_beside_it() -> None:
    made = Client(Target(url="http://conformance.test", key=KEY), catalogue().contract)
    request = made.request(case(headers=(("Transfer-Encoding", "chunked"),)))
    assert "content-length" not in request.headers
    assert "content-length" in made.request(case()).headers


def test_a_response_that_is_not_compressed_as_it_says_is_a_response_all_the_same() -> None:
    response = always(201, content_encoding="gzip")
    with serving(response) as url:
        exchange = sent(Client(Target(url=url, key=KEY), catalogue().contract), case())
    assert (exchange.status, exchange.error, exchange.content) == (201, None, b"")
    assert exchange.headers["content-encoding"] == "gzip"


def test_bytes_that_are_no_text_are_kept_as_they_are() -> None:
    exchange = sent(
        client(lambda _request: httpx.Response(400, content=b"\xff")), Case(side=Side.PROBE, label="", raw=b'{"a": "\xff\xfe"}')
    )
    entry = exchange_entry(exchange, catalogue().contract)
    assert entry.request.body is not None
    assert entry.request.body.encode("utf-8", "surrogateescape") == b'{"a": "\xff\xfe"}'


# --- retries


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_refused_for_now_is_sent_again(status: int) -> None:
    responses = [httpx.Response(status, headers={"retry-after": "0"}) for _ in range(2)] + [httpx.Response(201)]
    exchange = sent(client(lambda _request: responses.pop(0)), case())
    assert (exchange.status, exchange.attempts, exchange.number) == (201, (status, status), 1)


def test_a_server_that_is_always_busy_is_left_alone_in_the_end() -> None:
    received = []

    def busy(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(429, headers={"retry-after": "0"})

    exchange = sent(client(busy), case())
    assert (exchange.status, len(received)) == (429, 4)


@pytest.mark.parametrize("after", ["61", "3600", "9" * 400])
def test_a_long_wait_is_not_waited_for(after: str) -> None:
    exchange = sent(client(lambda _request: httpx.Response(429, headers={"retry-after": after}), retries=1), case())
    assert exchange.attempts == ()


# --- responses without end


def test_a_response_that_drips_is_given_up() -> None:
    async def drips() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b"x"

    exchange = sent(client(lambda _: httpx.Response(201, content=drips()), timeout=0.3), case())
    assert exchange.status == 0
    assert exchange.error == "no whole response within 0.3 s"


def test_a_response_without_end_is_given_up() -> None:
    async def floods() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 2**20

    assert "more than" in (sent(client(lambda _: httpx.Response(201, content=floods())), case()).error or "")


def test_no_request_carries_a_cookie_that_a_response_set() -> None:
    received: list[httpx.Request] = []

    def session(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(201, headers={"set-cookie": "session=admitted; Path=/"})

    sent(client(session, concurrency=1), case(1), case(2))
    assert [request.headers.get("cookie") for request in received] == [None, None]


def test_a_request_is_what_a_client_of_httpx_makes_of_it() -> None:
    made = Client(Target(url="http://conformance.test", key=KEY), catalogue().contract)
    ours = {"user-agent": USER_AGENT, "accept": "application/json", "accept-encoding": ACCEPTED}
    own = [("X-Own", "1"), ("Accept", "text/*"), ("cookie", "a=b"), ("X-Own", "2")]
    for headers in ([], own):
        request = made.request(case(headers=tuple(headers), query=(("a", "b c"),)))
        more = [*headers, ("Content-Type", "application/json"), ("X-API-Key", KEY)]
        expected = httpx.AsyncClient(headers=ours).build_request(
            "POST", made.target.url + made.contract.path, params={"a": "b c"}, headers=more, content=case().content
        )
        assert request.headers.raw == expected.headers.raw
        assert (request.method, request.url, request.content) == (expected.method, expected.url, expected.content)


def test_a_redirect_that_leads_nowhere_is_a_response_all_the_same() -> None:
    exchange = sent(client(lambda _request: httpx.Response(302, headers={"location": "http://["}), retries=0), case())
    assert (exchange.status, exchange.error) == (302, None)


# --- connections


@pytest.mark.parametrize("error", [httpx.ReadError(""), httpx.WriteError(""), httpx.RemoteProtocolError("disconnected")])
def test_a_stale_connection_is_retried_at_once_on_a_fresh_one(error: Exception) -> None:
    received: list[httpx.Request] = []

    def closing(request: httpx.Request) -> httpx.Response:
        received.append(request)
        if len(received) == 2:
            raise error
        return httpx.Response(201)

    exchange = sent(client(closing, concurrency=1, retries=0), case(1), case(2))
    assert (exchange.status, exchange.error, exchange.attempts, len(received)) == (201, None, (0,), 3)


def test_a_first_connection_that_fails_is_no_stale_one() -> None:
    def failing(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    exchange = sent(client(failing, retries=0), case())
    assert exchange.error == "ReadError: reset"


def test_the_first_request_is_retried_when_its_connection_is_reset() -> None:
    received: list[httpx.Request] = []

    def resetting(request: httpx.Request) -> httpx.Response:
        received.append(request)
        if len(received) < 3:
            raise httpx.ConnectError("reset")
        return httpx.Response(201)

    exchange = sent(client(resetting), case())
    assert (exchange.status, exchange.attempts) == (201, (0, 0))


def test_a_response_that_breaks_off_is_an_error_and_no_response() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"{"
        raise httpx.ReadError("cut off")

    exchange = sent(client(lambda _: httpx.Response(201, content=broken()), retries=0), case())
    assert (exchange.status, exchange.error) == (0, "ReadError: cut off")


def test_what_dials_is_not_sent_and_is_no_silence() -> None:
    received: list[httpx.Request] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(201, json={})

    body = {"medium": [{"twilio": {"Outgoing": {"to": "+1"}}}]}
    exchange = sent(client(response), *[replace(case(), body=body)] * 9)
    assert (exchange.is_held_back, received) == (True, [])
    assert exchange.error == "held back: Outgoing: it dials a telephone or sends messages to one"


def test_requests_carry_the_headers_of_the_target_and_their_number() -> None:
    received: list[httpx.Request] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(403, json={"detail": request.headers["x-token"]})

    options: dict[str, Any] = {"headers": (("X-Token", "s3cret-of-the-target"),), "secrets": ("s3cret-of-the-target",)}
    made = client(response, correlation="X-Request", **options)
    exchange = sent(made, *[case()] * 7)
    assert received[0].headers["x-token"] == "s3cret-of-the-target"
    assert received[-1].headers["x-request"] == f"{made.run}-7"
    entry = exchange_entry(exchange, catalogue().contract)
    assert "s3cret" not in json.dumps(to_json(entry))
    assert "s3cret" not in repr(made.target)


def test_a_key_that_is_no_longer_taken_is_asked_for_again() -> None:
    keys = iter(["a-fresh-key-of-the-account", "one-more"])

    def response(request: httpx.Request) -> httpx.Response:
        is_fresh = request.headers["x-api-key"] == "a-fresh-key-of-the-account"
        return httpx.Response(201 if is_fresh else 401, json={"detail": request.headers["x-api-key"]})

    made = client(response, fresh_key=lambda: next(keys))
    exchange = sent(made, case(), case())
    assert exchange.status == 201
    assert "a-fresh" not in exchange.excerpt(200)
    assert made.target.key == KEY
    assert next(keys) == "one-more"


@pytest.mark.parametrize(("length", "is_beside"), [(100, False), (LARGE, True)])
def test_the_event_loop_does_not_look_through_a_large_body(
    monkeypatch: pytest.MonkeyPatch, length: int, *, is_beside: bool
) -> None:
    """Requests of others are in flight meanwhile, and a connection that is not read from looks like a slow server."""
    where: list[threading.Thread] = []
    look_through = Exchange.look_through

    def looked_through(exchange: Exchange) -> None:
        where.append(threading.current_thread())
        look_through(exchange)

    monkeypatch.setattr(Exchange, "look_through", looked_through)
    with serving(always(201, {"text": "x" * length})) as url:
        exchange = sent(Client(Target(url=url, key=KEY), catalogue().contract), case())
    assert [each is not threading.main_thread() for each in where] == ([True] if is_beside else [])
    assert length < len(exchange.received) < length + 20
