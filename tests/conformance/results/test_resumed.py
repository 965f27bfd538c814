"""A resumed run takes whole responses from the record of the killed one, and none that depends on what exists now."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest

from conformance.http.exchange import Exchange
from conformance.http.target import Target
from conformance.results.recording import exchange_entry
from conformance.results.resumed import BEFORE, RECORD, ResumedClient, earlier_in, left_of
from openapi.json_types import Json
from reports.record.entries import FORMAT
from reports.record.reader import RecordError
from strategies.case import Case, Side
from tests.conformance.results.small import catalogue, exchange
from tests.reports.record.headers import header


def line(kind: str, entry: Json) -> str:
    return json.dumps({"type": kind, **entry}) + "\n"


def recorded(folder: Path, *exchanges: Exchange, name: str = RECORD) -> None:
    entries = [line("exchange", asdict(exchange_entry(each, catalogue().contract))) for each in exchanges]
    (folder / name).write_text(line("header", {"format": FORMAT, **asdict(header())}) + "".join(entries))


def attempted(client: ResumedClient, *cases: Case, fresh: bool = False) -> list[Exchange]:
    async def all_of_them() -> list[Exchange]:
        found = [await client.attempt(case, number, fresh=fresh) for number, case in enumerate(cases, 2)]
        await client.aclose()
        return found

    return asyncio.run(all_of_them())


class Resumed(ResumedClient):
    """A client whose network responds with 299."""

    def __init__(self, *earlier: Exchange, left: tuple[str, ...] = ()) -> None:
        entries = [exchange_entry(each, catalogue().contract) for each in earlier]
        super().__init__(Target(url="http://127.0.0.1:9", key="a-key"), catalogue().contract, entries, left)
        self._transport = httpx.MockTransport(lambda _request: httpx.Response(299, json={}))


def test_a_response_of_the_same_request_is_taken_once() -> None:
    first = exchange(2, 201, {"size": 1})
    client = Resumed(first)
    assert [each.status for each in attempted(client, first.case, first.case)] == [201, 299]
    assert client.taken == 1


def test_responses_of_equal_requests_are_taken_in_their_order() -> None:
    earlier = [exchange(2, 201), exchange(3, 400), exchange(4, 503)]
    client = Resumed(*earlier)
    assert [each.status for each in attempted(client, *(each.case for each in earlier))] == [201, 400, 503]


@pytest.mark.parametrize("fresh", [True, False])
def test_what_is_asked_on_a_fresh_connection_is_sent(fresh: bool) -> None:
    first = exchange(2, 201)
    (found,) = attempted(Resumed(first), first.case, fresh=fresh)
    assert found.status == (299 if fresh else 201)


def test_another_body_and_what_depends_on_what_exists_are_sent() -> None:
    first = exchange(2, 201, {"size": 1})
    other = Case(side=Side.ACCEPTS, label="a label", rule="body.size.maximum", body={"size": 2})
    state, path = exchange(3, 201, side=Side.STATE), Case(side=Side.PROBE, label="", path="/api/calls/7", method="GET")
    found = attempted(Resumed(first, state), other, state.case, path)
    assert [each.status for each in found] == [299, 299, 299]


def test_an_object_that_is_gone_is_not_deleted_again() -> None:
    first = exchange(2, 201)
    delete = Case(side=Side.STATE, label="", path="/api/calls/7", method="DELETE")

    async def deleted(client: ResumedClient) -> int:
        await client.attempt(first.case, 2)
        return (await client.attempt(delete, 0)).status

    assert asyncio.run(deleted(Resumed(first))) == 204
    assert asyncio.run(deleted(Resumed(first, left=("7",)))) == 299


def test_whole_responses_are_taken_from_the_record_and_it_is_kept(tmp_path: Path) -> None:
    recorded(tmp_path, exchange(1), exchange(2, error="no connection"), exchange(3, 400))
    assert [each.number for each in earlier_in(tmp_path)] == [1, 3]
    assert not (tmp_path / RECORD).exists()
    assert (tmp_path / BEFORE).is_file()


def test_the_record_of_a_run_that_was_killed_twice_is_one(tmp_path: Path) -> None:
    recorded(tmp_path, exchange(1), name=BEFORE)
    recorded(tmp_path, exchange(2))
    assert [each.number for each in earlier_in(tmp_path)] == [1, 2]
    recorded(tmp_path, exchange(3))
    assert [each.number for each in earlier_in(tmp_path)] == [1, 2, 3]


def test_without_a_record_there_is_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="there is no such record"):
        earlier_in(tmp_path)
    assert left_of(tmp_path) == []
