"""Senders to a function, and cases for them to send."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.live_objects import LiveObjects
from conformance.http.sender import Sender
from conformance.http.target import Target
from openapi.identifiers import Identifier
from strategies.case import Case, Side
from tests.conformance.servers import KEY, catalogue

Handle = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
RETRIED = frozenset({402, 408, 425, 429, 502, 503, 504})


def client(handle: Handle | Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    """Return a client of a function."""
    target = Target(url="http://conformance.test", key=KEY, **options)
    return Client(target, catalogue().contract, httpx.MockTransport(handle))


def sender(
    made: Client, receive: Callable[[Exchange], None] = lambda _exchange: None, *, most: int | None = None, **objects: Any
) -> Sender:
    """Return a sender by way of a client, within a budget of `most` requests; `objects` bound what may be created."""
    identifier = Identifier(("callId",), None, is_stated=True)
    return Sender(made, LiveObjects(made.contract, identifier, **objects), receive, RETRIED, most)


def case(number: int = 0, **more: Any) -> Case:
    """Return a case that creates a call."""
    return Case(side=Side.ACCEPTS, label=str(number), body={"metadata": {"n": str(number)}}, **more)
