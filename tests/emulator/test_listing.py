"""Created calls are listed a page at a time, those alone that a filter asks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.emulator.client import PATH, Client


def pages(client: Client, query: str) -> list[list[dict[str, Any]]]:
    """Return the calls of each page, from that of a query to the last one."""
    found = []
    while True:
        reply = client.send("GET", PATH, query=query)
        assert reply.status == 200
        page = orjson.loads(reply.body)
        found.append(page["results"])
        if page["next"] is None:
            return found
        query = urlsplit(page["next"]).query


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_pages_hold_each_call_once_the_latest_first(size: int) -> None:
    client = Client()
    made = [client.created({"metadata": {"run": "a" if number % 2 else "b"}})["callId"] for number in range(9)]
    listed = pages(client, f"pageSize={size}")
    assert all(len(page) <= size for page in listed)
    assert [call["callId"] for page in listed for call in page] == made[::-1]
    filtered = pages(client, f"metadata.run=b&pageSize={size}")
    assert [call["callId"] for page in filtered for call in page] == made[::2][::-1]
    client.delete(made[0])
    assert made[0] not in {call["callId"] for page in pages(client, "") for call in page}


@pytest.mark.parametrize("query", ["metadata.run=c", "metadata.other=a", "metadata.run=a&metadata.other=a", "cursor=99"])
def test_what_does_not_fit_is_not_listed(query: str) -> None:
    client = Client()
    client.created({"metadata": {"run": "a"}})
    client.created()
    assert pages(client, query) == [[]]


@pytest.mark.parametrize("query", ["pageSize=x", "pageSize=0", "cursor=-1", "pageSize=" + "9" * 5000])
def test_what_is_no_number_counts_as_none(query: str) -> None:
    client = Client()
    client.created()
    assert len(pages(client, query)[0]) == 1


def test_calls_are_listed_with_a_key_alone() -> None:
    assert Client().send("GET", PATH, headers={"x-api-key": "other"}).status in (401, 403)
