"""Sessions without a network: the suite on one side, a function that responses on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from conformance.http.client import Client
from conformance.http.target import Target
from conformance.profiles import PROFILES
from conformance.results.exchange_log import unrecorded
from conformance.run import PHASES, Ending, Phase, go_through
from conformance.selfcheck.trials import Bench
from conformance.session import Session
from openapi import load_contract
from openapi.catalogue import catalogue_of
from reports.record.entries import Entry, Verdict
from strategies.plan.shared import SharedPlan
from tests.conformance.servers import KEY, Received, Reply, Response, catalogue, conforming
from tests.plans import our_plan

URL = "http://conformance.test"
ORDERS = Path(__file__).parent / "orders.yaml"  # a small API with members of every kind


def plan() -> SharedPlan:
    """Return the plan of the smoke profile, made once."""
    return our_plan()


@cache
def bench() -> Bench:
    """Return the bench of the smoke profile, with the plan that all tests share."""
    return Bench(catalogue(), PROFILES["smoke"], our_plan())


@cache
def orders_bench() -> Bench:
    """Return the bench of a small API with members of every kind, and objects that can be read and deleted."""
    return Bench(catalogue_of(load_contract(str(ORDERS), [])), PROFILES["smoke"])


@cache
def checker() -> Checker:
    """The judge of our own description."""
    return Checker(catalogue(), tolerances_of(catalogue().contract))


def transport(response: Response, latency: float = 0.0) -> httpx.MockTransport:
    """A transport on which a function responds after `latency` seconds; None drops the connection."""

    async def handle(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = request.extensions.get("target", request.url.raw_path).partition(b"?")[2].decode()
        reply: Reply | None = response(Received(request.method, request.url.path, query, headers, request.content))
        if latency:
            await asyncio.sleep(latency)
        if reply is None:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        sent = {"content-type": "application/json", **{k.lower(): v for k, v in reply.headers.items()}}
        return httpx.Response(reply.status, headers=sent, content=reply.body)

    return httpx.MockTransport(handle)


@contextmanager
def session_with(
    response: Response,
    *,
    record: list[Entry] | None = None,
    concurrency: int = 4,
    rate: float | None = None,
    latency: float = 0.0,
    **options: Any,
) -> Iterator[Session]:
    """A session of the smoke profile; `record` gains what is recorded. Options are those of `Session`."""
    write = unrecorded if record is None else record.append
    shared: dict[str, Any] = {
        "catalogue": catalogue(),
        "profile": PROFILES["smoke"],
        "write": write,
        "shared_plan": plan(),
        "shared_checker": checker(),
    }
    target = Target(url=URL, key=KEY, concurrency=concurrency, rate=rate, timeout=5)
    client = Client(target, catalogue().contract, transport(response, latency))
    yield Session(client=client, **{"seed": 0, **shared, **options})


def ending_with(response: Response, phases: Mapping[str, Phase] = PHASES, **options: Any) -> Ending:
    """How a run on a function ends."""
    with session_with(response, **options) as session:
        return go_through(session, phases)


@cache
def whole() -> dict[str, Verdict]:
    """The verdicts of a run on all rules against a conforming server."""
    with session_with(conforming()) as session:
        return {each.rule: each for each in go_through(session, PHASES).verdicts}
