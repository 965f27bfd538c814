"""The short way leads where the long one does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from emulator.messages import Reply
from emulator.variants import CONFORMING
from tests.emulator.bodies import FULL, bodies
from tests.emulator.client import IDLE, Client, contract

_OWN = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9-]+T[0-9:.]+Z")
_TOO_DEEP = b'{"metadata": ' + b"[" * 200 + b"]" * 200 + b"}"
_NO_JSON = (b"", b"{", b"\xff", b"[]", b"null", b'"voice"', _TOO_DEEP)
_DEEP = [b'{"initialState": {"a": %b}}' % (b"[" * depth + b"]" * depth) for depth in (97, 98, 99, 252, 253, 400, 1030)]
_HEADERS: tuple[dict[str, str | None], ...] = (
    {},
    {"content-type": None},
    {"content-type": "application/json; charset=utf-8"},
    {"content-type": "text/plain"},
    {"x-api-key": None},
    {"x-api-key": "invalid"},
)


def _seen(reply: Reply) -> tuple[Any, ...]:
    return reply.status, _OWN.sub(b"", reply.body), reply.headers


def _kept(client: Client, reply: Reply) -> bytes | None:
    """The body that the call of an answer was made of, as it is stored."""
    call = client.endpoint.store.get(orjson.loads(reply.body).get("callId", ""))
    return call.body if call else None


def _agree(long: Client, short: Client, bodies: Iterable[Any]) -> None:
    for body in bodies:
        for headers in _HEADERS if body in (FULL, b"{") else _HEADERS[:1]:
            replies = [client.send(body=body, headers=headers) for client in (long, short)]
            assert _seen(replies[0]) == _seen(replies[1]), body
            assert _kept(long, replies[0]) == _kept(short, replies[1]), body


@pytest.mark.parametrize("name", CONFORMING)
def test_both_ways_make_the_same_calls(name: str) -> None:
    ways = Client(CONFORMING[name], [IDLE]), Client(CONFORMING[name])
    _agree(*ways, [*bodies(), FULL, *_NO_JSON, *_DEEP])
    _agree(*ways, [FULL] * 3)  # which by now is remembered


def test_members_that_came_before_count_the_same() -> None:
    of_members = [body for body in bodies() if isinstance(body, dict)]
    # The second time each stands in a body that is new, though all else in it is known.
    _agree(
        Client(faults=[IDLE]), Client(), [{**body, "timeExceededMessage": text} for text in ("a", "b") for body in of_members]
    )


def test_a_parameter_that_is_required_is_asked_for() -> None:
    parameters = tuple(replace(each, required=True) for each in contract().parameters)
    described = replace(contract(), parameters=parameters)
    assert Client(described=described).create({}).status == 400


def test_every_request_counts_and_every_call_is_kept() -> None:
    client = Client()
    ids = [client.created({"voice": "Mark"})["callId"] for _ in range(5)]
    assert client.endpoint.requests == len(client.endpoint.store) == 5
    assert all(client.read(identifier).status == 200 for identifier in ids)
