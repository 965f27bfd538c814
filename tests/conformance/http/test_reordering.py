"""Exchanges in the order of their cases, each handed over as soon as it can be."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator

import httpx
import pytest

from conformance.http.client import Client, Target
from conformance.http.exchange import Exchange
from conformance.http.reordering import InOrder
from strategies.case import Case, Side
from tests.conformance.clients import case, client
from tests.conformance.servers import KEY, Received, Reply, Response, catalogue, serving


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


def test_an_response_is_handed_over_though_another_one_keeps_waiting() -> None:
    handed, numbers = asyncio.Event(), list[int]()

    async def response(request: httpx.Request) -> httpx.Response:
        if b'"2"' in request.content:
            await asyncio.wait_for(handed.wait(), 10)
        return httpx.Response(201)

    def handle(exchange: Exchange) -> None:
        numbers.append(exchange.number)
        handed.set()

    with client(response, concurrency=2) as sender:
        sender.send_all([case(1), case(2)], handle)
    assert numbers == [1, 2]


def test_what_was_answered_is_handed_over_though_the_caller_had_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, handed, add = list[int](), list[int](), InOrder.add

    def noted(self: InOrder, exchange: Exchange) -> None:
        answered.append(exchange.number)
        add(self, exchange)

    async def response(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.2 if b'"0"' in request.content else 0.0)  # all others wait for the first one
        return httpx.Response(201)

    def handle(exchange: Exchange) -> None:
        handed.append(exchange.number)
        if exchange.number == 3:
            raise LookupError("enough")

    monkeypatch.setattr(InOrder, "add", noted)
    with client(response, concurrency=4) as sender, pytest.raises(LookupError, match="enough"):
        sender.send_all((case(number) for number in range(60)), handle)
    assert len(answered) > 40
    assert handed == sorted(answered)


def test_many_responses_are_handed_over_in_handfuls() -> None:
    answered, handed, seen = 0, list[int](), list[int]()

    async def response(_request: httpx.Request) -> httpx.Response:
        nonlocal answered
        answered += 1
        return httpx.Response(201)

    def handle(exchange: Exchange) -> None:
        handed.append(exchange.number)
        seen.append(answered)

    with client(response, concurrency=4) as sender:
        sender.send_all((case(number) for number in range(200)), handle)
    assert handed == list(range(1, 201))
    assert len(set(seen)) < 100  # so many times were answers handed over


def test_what_follows_up_is_sent_at_once_and_not_returned() -> None:
    received: list[str] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request.method)
        return httpx.Response(201)

    with client(response, concurrency=1) as sender:
        sender.follow_up = lambda _exchange: Case(side=Side.STATE, label="", method="DELETE", path="/x")
        exchanges = sender.send_all([case(1), case(2)])
    assert received == ["POST", "DELETE", "POST", "DELETE"]
    assert [each.number for each in exchanges] == [1, 2]


def test_a_problem_of_the_caller_ends_the_sending() -> None:
    def handle(_exchange: object) -> None:
        raise LookupError("enough")

    with client(lambda _request: httpx.Response(201), concurrency=3) as sender:
        with pytest.raises(LookupError, match="enough"):
            sender.send_all((case(number) for number in range(100)), handle)
        assert sender.send(case()).status == 201


# --- handing over


def _held_back(until: threading.Event) -> tuple[list[bytes], Response]:
    """A server that holds back every answer but the first until something has happened; and the bodies it was asked."""
    received: list[bytes] = []

    def response(request: Received) -> Reply:
        received.append(request.body)
        if len(received) > 1:
            until.wait(10)
        return Reply(201, str(int(until.is_set())).encode())

    return received, response


def test_an_response_is_handed_over_while_the_next_request_is_under_way() -> None:
    handed_over = threading.Event()
    _, response = _held_back(handed_over)
    with serving(response) as url, Client(Target(url=url, key=KEY, concurrency=1), catalogue().contract) as sender:
        found: list[bytes] = []

        def handle(exchange: Exchange) -> None:
            found.append(exchange.content)
            handed_over.set()

        sender.send_all([case(1), case(2)], handle)
    assert found == [b"0", b"1"]


@pytest.mark.parametrize("error", [ValueError("mine"), TimeoutError(), KeyboardInterrupt()])
def test_what_handling_raises_meanwhile_ends_the_request_that_is_under_way(error: BaseException) -> None:
    released = threading.Event()
    received, response = _held_back(released)

    def handle(_exchange: Exchange) -> None:
        raise error

    with serving(response) as url, Client(Target(url=url, key=KEY, concurrency=1), catalogue().contract) as sender:
        with pytest.raises(type(error)):
            sender.send_all([case(number) for number in range(9)], handle)
        released.set()
        assert sender.send(case(10)).status == 201
    assert len(received) <= 3


def test_what_was_answered_is_handed_over_whatever_comes_next() -> None:
    def cases() -> Iterator[Case]:
        yield case(1)
        raise KeyboardInterrupt

    numbers: list[int] = []
    with client(lambda _request: httpx.Response(201), concurrency=1) as sender, pytest.raises(KeyboardInterrupt):
        sender.send_all(cases(), lambda exchange: numbers.append(exchange.number))
    assert numbers == [1]


def test_what_was_answered_is_handed_over_though_an_earlier_response_is_missing() -> None:
    """The first request stays without an answer while the other connection goes on, until the cases end in an interruption."""
    released = threading.Event()

    def response(request: Received) -> Reply:
        if b"-1" in request.body:
            released.wait(10)
        return Reply(201, b"{}")

    def cases() -> Iterator[Case]:
        yield case(-1)
        yield from (case(number) for number in range(3))
        raise KeyboardInterrupt

    numbers: list[int] = []
    with serving(response) as url, Client(Target(url=url, key=KEY, concurrency=2), catalogue().contract) as sender:
        with pytest.raises(KeyboardInterrupt):
            sender.send_all(cases(), lambda exchange: numbers.append(exchange.number))
        released.set()
    assert numbers == [2, 3, 4]


def test_nothing_is_sent_behind_a_failure_before_it_is_handed_over() -> None:
    received: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        received.append(request)
        raise httpx.ReadError("")

    def handle(_exchange: Exchange) -> None:
        raise LookupError

    with client(fail, concurrency=1) as sender, pytest.raises(LookupError):
        sender.send_all([case(1), case(2)], handle)
    assert len(received) == 1


def test_the_next_case_is_made_while_a_request_is_under_way() -> None:
    """Each answer waits until the case after it is made."""
    made = [threading.Event() for _ in range(3)]
    in_time: list[bool] = []

    def cases() -> Iterator[Case]:
        for number, event in enumerate(made):
            event.set()
            yield case(number)

    def response(_request: Received) -> Reply:
        in_time.append(made[min(len(in_time) + 1, 2)].wait(10))
        return Reply(201, b"{}")

    with serving(response) as url, Client(Target(url=url, key=KEY, concurrency=1), catalogue().contract) as sender:
        exchanges = sender.send_all(cases())
    assert in_time == [True, True, True]
    assert [each.case.body for each in exchanges] == [case(number).body for number in range(3)]


def test_what_making_a_case_raises_comes_after_the_cases_before_it() -> None:
    def cases() -> Iterator[Case]:
        yield case(1)
        raise LookupError("no more")

    numbers: list[int] = []
    with client(lambda _request: httpx.Response(201), concurrency=1) as sender, pytest.raises(LookupError, match="no more"):
        sender.send_all(cases(), lambda exchange: numbers.append(exchange.number))
    assert numbers == [1]
