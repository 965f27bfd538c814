"""The client: retries, pace, order under concurrency, errors as exchanges, and a key that nothing shows."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest

from conformance.client import Client, Target
from conformance.exchange import Exchange
from conformance.recording import exchange_entry
from conformance.secrets import spellings
from reports.record import to_json
from reports.reproduce import KEY_VARIABLE, httpx_program, url_of
from strategies.cases import Case, Key, Side
from tests.conformance.servers import KEY, Answer, Asked, Reply, always, catalogue, serving

Handle = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


def client(handle: Handle | Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    """A client of a function."""
    target = Target(url="http://conformance.test", key=KEY, **options)
    return Client(target, catalogue().contract, httpx.MockTransport(handle))


def case(number: int = 0, **more: Any) -> Case:
    return Case(side=Side.ACCEPTS, label=str(number), body={"metadata": {"n": str(number)}}, **more)


# --- what is sent


@pytest.mark.parametrize("text", ["&&a&=b;c", "a=%zz&b=%ff&%", "%65n%61bled=1", "?a=b?"])
def test_a_query_is_spelled_as_it_is_told_to_be(text: str) -> None:
    asked: list[Asked] = []

    def listening(request: Asked) -> Reply:
        asked.append(request)
        return Reply(201)

    with serving(listening) as url, Client(Target(url=f"{url}/base", key=KEY), catalogue().contract) as sender:
        exchange = sender.send(case(query=(("a", "b"),), query_text=text))
        entry = exchange_entry(exchange, catalogue().contract, KEY)
        program = httpx_program(entry.request, f"{url}/base")
        subprocess.run([sys.executable, "-c", program], env={**os.environ, KEY_VARIABLE: KEY}, check=True, capture_output=True)
        assert url_of(entry.request, url).endswith(f"?{text}")
    assert [(each.path, each.query) for each in asked] == [("/base/api/calls", text)] * 2


def test_an_answer_that_is_not_compressed_as_it_says_is_an_answer_all_the_same() -> None:
    answer = always(201, content_encoding="gzip")
    with serving(answer) as url, Client(Target(url=url, key=KEY), catalogue().contract) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.error, exchange.content) == (201, None, b"")
    assert exchange.headers["content-encoding"] == "gzip"


# --- retries


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_refused_for_now_is_sent_again(status: int) -> None:
    answers = [httpx.Response(status, headers={"retry-after": "0"}) for _ in range(2)] + [httpx.Response(201)]
    with client(lambda _request: answers.pop(0)) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.attempts, exchange.number) == (201, (status, status), 1)


def test_a_server_that_is_always_busy_is_left_alone_in_the_end() -> None:
    asked = []

    def busy(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(429, headers={"retry-after": "0"})

    with client(busy) as sender:
        exchange = sender.send(case())
    assert (exchange.status, len(asked)) == (429, 4)


@pytest.mark.parametrize("after", ["61", "3600", "9" * 400])
def test_a_long_wait_is_not_waited_for(after: str) -> None:
    with client(lambda _request: httpx.Response(429, headers={"retry-after": after}), retries=1) as sender:
        exchange = sender.send(case())
    assert exchange.attempts == ()


# --- order


def test_exchanges_come_in_the_order_of_the_cases() -> None:
    most, now, delays = 0, 0, random.Random(5)

    async def slowly(request: httpx.Request) -> httpx.Response:
        nonlocal most, now
        now += 1
        most = max(most, now)
        for _ in range(delays.randrange(40)):
            await asyncio.sleep(0)
        now -= 1
        return httpx.Response(201, content=request.content)

    with client(slowly, concurrency=6) as sender:
        exchanges = sender.send_all(case(number) for number in range(80))
    assert [each.json["metadata"]["n"] for each in exchanges] == [str(number) for number in range(80)]
    assert [each.number for each in exchanges] == list(range(1, 81))
    assert most == 6


def test_what_follows_up_is_sent_at_once_and_not_returned() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(201)

    with client(answer, concurrency=1) as sender:
        sender.follow_up = lambda _exchange: Case(side=Side.STATE, label="", method="DELETE", path="/x")
        exchanges = sender.send_all([case(1), case(2)])
    assert asked == ["POST", "DELETE", "POST", "DELETE"]
    assert [each.number for each in exchanges] == [1, 2]


def test_a_problem_of_the_caller_ends_the_sending() -> None:
    def handle(_exchange: object) -> None:
        raise LookupError("enough")

    with client(lambda _request: httpx.Response(201), concurrency=3) as sender:
        with pytest.raises(LookupError, match="enough"):
            sender.send_all((case(number) for number in range(100)), handle)
        assert sender.send(case()).status == 201


# --- handing over


def _held_back(until: threading.Event) -> tuple[list[bytes], Answer]:
    """A server that holds back every answer but the first until something has happened; and the bodies it was asked."""
    asked: list[bytes] = []

    def answer(request: Asked) -> Reply:
        asked.append(request.body)
        if len(asked) > 1:
            until.wait(10)
        return Reply(201, str(int(until.is_set())).encode())

    return asked, answer


def test_an_answer_is_handed_over_while_the_next_request_is_under_way() -> None:
    handed_over = threading.Event()
    _, answer = _held_back(handed_over)
    with serving(answer) as url, Client(Target(url=url, key=KEY, concurrency=1), catalogue().contract) as sender:
        found: list[bytes] = []

        def handle(exchange: Exchange) -> None:
            found.append(exchange.content)
            handed_over.set()

        sender.send_all([case(1), case(2)], handle)
    assert found == [b"0", b"1"]


@pytest.mark.parametrize("error", [ValueError("mine"), TimeoutError(), KeyboardInterrupt()])
def test_what_handling_raises_meanwhile_ends_the_request_that_is_under_way(error: BaseException) -> None:
    released = threading.Event()
    asked, answer = _held_back(released)

    def handle(_exchange: Exchange) -> None:
        raise error

    with serving(answer) as url, Client(Target(url=url, key=KEY, concurrency=1), catalogue().contract) as sender:
        with pytest.raises(type(error)):
            sender.send_all([case(number) for number in range(9)], handle)
        released.set()
        assert sender.send(case(10)).status == 201
    assert len(asked) <= 3


def test_what_was_answered_is_handed_over_whatever_comes_next() -> None:
    def cases() -> Iterator[Case]:
        yield case(1)
        raise KeyboardInterrupt

    numbers: list[int] = []
    with client(lambda _request: httpx.Response(201), concurrency=1) as sender, pytest.raises(KeyboardInterrupt):
        sender.send_all(cases(), lambda exchange: numbers.append(exchange.number))
    assert numbers == [1]


def test_what_was_answered_is_handed_over_though_an_earlier_answer_is_missing() -> None:
    """The first request stays without an answer while the other connection goes on, until the cases end in an interruption."""
    released = threading.Event()

    def answer(request: Asked) -> Reply:
        if b"-1" in request.body:
            released.wait(10)
        return Reply(201, b"{}")

    def cases() -> Iterator[Case]:
        yield case(-1)
        yield from (case(number) for number in range(3))
        raise KeyboardInterrupt

    numbers: list[int] = []
    with serving(answer) as url, Client(Target(url=url, key=KEY, concurrency=2), catalogue().contract) as sender:
        with pytest.raises(KeyboardInterrupt):
            sender.send_all(cases(), lambda exchange: numbers.append(exchange.number))
        released.set()
    assert numbers == [2, 3, 4]


def test_nothing_is_sent_behind_a_failure_before_it_is_handed_over() -> None:
    asked: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ReadError("")

    def handle(_exchange: Exchange) -> None:
        raise LookupError

    with client(fail, concurrency=1) as sender, pytest.raises(LookupError):
        sender.send_all([case(1), case(2)], handle)
    assert len(asked) == 1


# --- errors, and the key


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout(""),
        httpx.RemoteProtocolError(f"Illegal header value {KEY!r}"),
        httpx.InvalidURL(f"no: {KEY}"),
        httpx.DecodingError("bad gzip"),
        ValueError(f"no {KEY}"),
    ],
)
def test_errors_become_exchanges_without_the_key(error: Exception) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    with client(fail) as sender:
        exchange = sender.send(case())
    assert (exchange.status, exchange.content) == (0, b"")
    assert str(exchange.error).startswith(type(error).__name__)
    assert KEY not in str(exchange.error)
    assert KEY not in json.dumps(to_json(exchange_entry(exchange, catalogue().contract, KEY)))


def test_the_key_is_sent_but_not_shown() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        detail = {"detail": f"not {KEY}", "as": list(spellings(KEY))}
        return httpx.Response(403, json=detail, headers={"location": f"/?key={KEY}"})

    with client(answer) as sender:
        exchange = sender.send(case())
        assert KEY not in repr(sender.target)
    assert asked[0].headers["x-api-key"] == KEY
    assert asked[0].headers["content-type"] == "application/json"
    entry = to_json(exchange_entry(exchange, catalogue().contract, KEY))
    forms = (KEY, b64encode(KEY.encode()).decode(), KEY.encode().hex())
    assert not [form for form in forms if form in json.dumps(entry)]
    assert KEY in exchange.content.decode()  # what is judged is what was answered
    assert entry["request"]["key"] == "own"


@pytest.mark.parametrize(
    ("headers", "query", "kept"),
    [((), (), "none"), ((("X-API-Key", KEY[:-1]),), (), "wrong"), ((), (("api_key", KEY),), "wrong")],
)
def test_what_a_case_makes_of_the_key_is_not_shown(
    headers: tuple[tuple[str, str], ...], query: tuple[tuple[str, str], ...], kept: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"detail": f"{request.headers.get('x-api-key')} {request.url}"})

    with client(answer) as sender:
        exchange = sender.send(case(key=Key.OWN, headers=headers, query=query))
    entry = to_json(exchange_entry(exchange, catalogue().contract, KEY))
    assert KEY[:-1] not in json.dumps(entry)
    assert entry["request"]["key"] == kept


def test_bytes_that_are_no_text_are_kept_as_they_are() -> None:
    with client(lambda _request: httpx.Response(400, content=b"\xff")) as sender:
        exchange = sender.send(Case(side=Side.PROBE, label="", raw=b'{"a": "\xff\xfe"}'))
    entry = exchange_entry(exchange, catalogue().contract, KEY)
    assert entry.request.body is not None
    assert entry.request.body.encode("utf-8", "surrogateescape") == b'{"a": "\xff\xfe"}'


# --- answers without end


def test_an_answer_that_drips_is_given_up() -> None:
    async def drips() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b"x"

    with client(lambda _: httpx.Response(201, content=drips()), timeout=0.3) as sending:
        exchange = sending.send(case())
    assert exchange.status == 0
    assert exchange.error == "no whole answer within 0.3 s"


def test_an_answer_without_end_is_given_up() -> None:
    async def floods() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 2**20

    with client(lambda _: httpx.Response(201, content=floods())) as sending:
        assert "more than" in (sending.send(case()).error or "")


def test_no_request_carries_a_cookie_that_an_answer_set() -> None:
    asked: list[httpx.Request] = []

    def session(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, headers={"set-cookie": "session=admitted; Path=/"})

    with client(session, concurrency=1) as sender:
        sender.send_all([case(1), case(2)])
    assert [request.headers.get("cookie") for request in asked] == [None, None]
