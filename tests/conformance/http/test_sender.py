"""The sender: numbers in the order of sending, within its budgets, and what ends a run."""

from __future__ import annotations

import asyncio
import json
import random

import httpx
import pytest

from conformance.http.endings import BudgetSpent, CannotJudge, Ended
from conformance.http.exchange import Exchange
from conformance.http.run_tag import RunTag
from strategies.case import Case, Key, Side
from tests.conformance.clients import Handle, case, client, sender
from tests.conformance.servers import Received, catalogue, conforming


async def all_of(sending: object, cases: list[Case]) -> list[Exchange | BaseException]:
    """Send cases at the same time; return exchanges, or why there is none."""
    return await asyncio.gather(*(sending.send(each) for each in cases), return_exceptions=True)  # type: ignore[attr-defined]


def test_numbers_follow_the_order_of_sending_whatever_the_latency() -> None:
    most, now, delays = 0, 0, random.Random(5)

    async def slowly(request: httpx.Request) -> httpx.Response:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(delays.random() / 200)
        now -= 1
        return httpx.Response(201, content=request.content)

    async def ran() -> list[Exchange | BaseException]:
        return await all_of(sender(client(slowly, concurrency=6)), [case(number) for number in range(80)])

    exchanges = [each for each in asyncio.run(ran()) if isinstance(each, Exchange)]
    assert [each.json["metadata"]["n"] for each in exchanges] == [str(number) for number in range(80)]
    assert [each.number for each in exchanges] == list(range(1, 81))
    assert most == 6


@pytest.mark.parametrize("concurrency", [1, 4, 9])
def test_a_budget_of_requests_is_kept_and_retries_count(concurrency: int) -> None:
    received: list[httpx.Request] = []

    async def busy(request: httpx.Request) -> httpx.Response:
        received.append(request)
        await asyncio.sleep(0.001)
        return httpx.Response(429 if len(received) % 3 == 0 else 201, headers={"retry-after": "0"})

    async def ran() -> list[Exchange | BaseException]:
        sending = sender(client(busy, concurrency=concurrency), most=20)
        found = await all_of(sending, [case(number) for number in range(60)])
        assert sending.cut_short
        return found

    found = asyncio.run(ran())
    assert len(received) == 20
    assert all(isinstance(each, Exchange | BudgetSpent) for each in found)


def _failing(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("")


def test_a_target_that_stops_responding_is_given_up() -> None:
    async def ran() -> list[Exchange | BaseException]:
        return await all_of(sender(client(_failing, concurrency=1, retries=0)), [case(number) for number in range(20)])

    found = asyncio.run(ran())
    assert [type(each) for each in found[5:]] == [CannotJudge] * 15
    assert "has stopped responding" in str(found[5])


def test_a_key_that_is_refused_from_some_request_on_ends_the_run() -> None:
    """Twenty refusals in a row raise a question; the first accepted case is sent again, and its refusal is certain."""
    taken = case(0)

    async def ran(response: Handle) -> list[Exchange | BaseException]:
        sending = sender(client(response, concurrency=1))
        sending.admission.taken = taken
        return await all_of(sending, [case(number) for number in range(1, 40)])

    async def refuses(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(401)

    async def takes(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201 if request.content == taken.content else 401)

    assert "refuses the API key (401) since request 1" in str(asyncio.run(ran(refuses))[-1])
    assert all(isinstance(each, Exchange) for each in asyncio.run(ran(takes)))


def test_an_ended_sender_sends_nothing_more_but_deletions() -> None:
    received: list[str] = []

    def response(request: httpx.Request) -> httpx.Response:
        received.append(request.method)
        return httpx.Response(201, json={"callId": "a"})

    async def ran() -> None:
        sending = sender(client(response), clean_up=True)
        await sending.send(case(1))
        sending.end()
        with pytest.raises(Ended):
            await sending.send(case(2))
        assert await sending.tidy() == 0

    asyncio.run(ran())
    assert received == ["POST", "DELETE"]


def test_every_exchange_is_handed_to_the_log() -> None:
    seen: list[int] = []

    async def ran() -> None:
        sending = sender(client(lambda _request: httpx.Response(201)), lambda exchange: seen.append(exchange.number))
        await all_of(sending, [case(number) for number in range(9)])

    asyncio.run(ran())
    assert sorted(seen) == list(range(1, 10))


def test_a_request_that_creates_nothing_waits_for_no_room() -> None:
    async def ran() -> int:
        sending = sender(client(lambda _request: httpx.Response(200)), most_live=1)
        sending.objects.live["a"] = None
        read = Case(side=Side.STATE, label="", method="GET", path="/api/calls/a", key=Key.RIGHT)
        return (await sending.send(read)).status

    assert asyncio.run(ran()) == 200


def test_what_a_lost_response_created_is_found_by_the_tag_and_deleted() -> None:
    """The response to each third creation is lost; the emulator knows of all of them."""
    respond = conforming()
    received: list[Received] = []

    def lossy(request: httpx.Request) -> httpx.Response:
        each = Received(request.method, request.url.path, request.url.query.decode(), dict(request.headers), request.content)
        received.append(each)
        reply = respond(each)
        assert reply is not None
        if request.method == "POST" and len(received) % 3 == 0:
            raise httpx.ReadError("reset")
        return httpx.Response(reply.status, content=reply.body)

    made = client(lossy, concurrency=1)
    made.tag = RunTag.of(catalogue(), made.run)
    sending = sender(made, clean_up=True)

    async def ran() -> int:
        await all_of(sending, [case(number) for number in range(7)])
        return await sending.tidy()

    assert asyncio.run(ran()) == 0
    created = [each for each in received if each.method == "POST"]
    assert len(created) > 8
    listed = respond(Received("GET", "/api/calls", "", received[0].headers, b""))
    assert listed is not None
    assert json.loads(listed.body)["results"] == []
