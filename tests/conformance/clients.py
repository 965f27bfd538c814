"""Clients of a function, and cases for them to send."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from conformance.http.client import Client, Target
from strategies.case import Case, Side
from tests.conformance.servers import KEY, catalogue

Handle = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]


def client(handle: Handle | Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    """A client of a function."""
    target = Target(url="http://conformance.test", key=KEY, **options)
    return Client(target, catalogue().contract, httpx.MockTransport(handle))


def case(number: int = 0, **more: Any) -> Case:
    return Case(side=Side.ACCEPTS, label=str(number), body={"metadata": {"n": str(number)}}, **more)
