"""A pool of exchanges: who may take which."""

from __future__ import annotations

import asyncio

from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.live_objects import LiveObjects
from conformance.http.shared_exchanges import Pool, Shared
from conformance.http.target import Target
from openapi.identifiers import identifier_of
from strategies.case import NO_BODY, Case, Key, Side
from tests.conformance.servers import KEY, catalogue


def two(most_live: int | None = None) -> tuple[Shared, Shared]:
    """Return the views of two sessions on one pool."""
    contract = catalogue().contract
    client = Client(Target(url="http://conformance.test", key=KEY), contract)
    identifier = identifier_of(contract, catalogue().body, catalogue().response)
    objects = LiveObjects(contract, identifier, most_live=most_live, numbers={"one": 1})
    pool = Pool()
    first, second = (Shared(pool, client, objects, frozenset({429})) for _ in range(2))
    return first, second


def created(number: int, body: object = None, status: int = 201, **members: object) -> Exchange:
    """Return the exchange of a creation."""
    case = Case(side=Side.ACCEPTS, label="", body=body or {}, **members)  # type: ignore[arg-type]
    return Exchange(case=case, number=number, status=status, headers={}, content=b"", seconds=0, at=0)


def on(number: int, method: str, identity: str = "one") -> Exchange:
    """Return the exchange of an operation on an object."""
    case = Case(side=Side.STATE, label="", method=method, path=f"/api/calls/{identity}", body=NO_BODY)
    return Exchange(case=case, number=number, status=204, headers={}, content=b"", seconds=0, at=0)


def taken(view: Shared, exchange: Exchange, *, keep: bool = False) -> int | None:
    """Return the number of the exchange that a session takes for the request of another one."""
    found = view.take(exchange.case, keep=keep)
    return None if found is None else found.number


def test_each_exchange_is_taken_once_and_never_by_its_sender() -> None:
    first, second = two()
    one, again = created(1), created(2)
    first.offer(one)
    first.offer(again)
    assert taken(first, one) is None
    assert [taken(second, one) for _ in range(3)] == [1, 2, None]


def test_it_is_the_request_that_counts_and_not_what_it_is_meant_for() -> None:
    first, second = two()
    first.offer(created(1, {"temperature": 0.5}))
    same = Case(side=Side.REJECTS, label="another", rule="body.temperature.maximum", body={"temperature": 0.5})
    exchange = second.take(same, keep=False)
    assert exchange is not None
    assert exchange.case is same


def test_another_key_query_or_header_is_another_request() -> None:
    first, second = two()
    first.offer(created(1))
    others = (created(2, key=Key.NONE), created(2, query=(("a", "b"),)), created(2, headers=(("A", "b"),)), created(2, [1]))
    assert [taken(second, each) for each in others] == [None] * 4


def test_a_response_that_says_nothing_is_not_shared() -> None:
    first, second = two()
    first.offer(created(1, status=429))
    assert taken(second, created(1)) is None


def test_a_deletion_is_seen_in_its_turn() -> None:
    first, second = two()
    read, gone = on(2, "GET"), on(3, "DELETE")
    after = on(4, "GET")
    for each in (read, gone, after):
        first.offer(each)
    # Reading after the deletion looks like reading before it: the order says which is which.
    assert taken(second, read) == 2
    assert taken(second, read) is None
    assert second.is_gone(read.case)
    assert taken(second, gone) == 3
    assert not second.is_gone(read.case)
    assert taken(second, read) == 4


def test_with_little_room_each_creates_what_it_keeps() -> None:
    first, second = two(most_live=3)
    first.offer(created(1))
    assert taken(second, created(1), keep=True) is None
    assert taken(second, created(1)) == 1
    asyncio.run(first.client.aclose())
