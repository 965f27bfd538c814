"""Ids, times and tags, which two servers never have in common, are no differences between them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reports.exchanges.normal_form import OF_TIME, SERVER_MADE, NormalForm
from reports.exchanges.pairing import paired
from reports.record.entries import Exchange
from tests.reports.exchanges.made import exchange, header, reading


def run_of(begin: int, name: str = "", **changes: Any) -> list[Exchange]:
    """Return a run against a server that numbers its objects from a number on."""
    tag = {"tag": name} if name else {}
    made = [
        exchange(1, {**tag}, 201, {"id": begin, "made": f"2026-11-{begin % 28 + 1:02}T00:00:00Z", "size": 3, **tag}),
        exchange(2, {**tag}, 201, {"id": begin + 1, "made": "2026-11-01T00:00:00Z", "size": 3, **tag}),
        exchange(3, {"size": 5, **tag}, 201, {"id": begin + 2, "made": "2026-11-01T00:00:00Z", "size": 5, **tag}),
        reading(4, str(begin + 2), {"id": begin + 2, "size": 5, **changes}),
    ]
    return [replace(each, case=f"case {each.side}") for each in made]


def differences(one: list[Exchange], other: list[Exchange], names: tuple[str, str] = ("", "")) -> list[str]:
    """Return what differs between two runs."""
    forms = NormalForm.of(header(run=names[0]), one), NormalForm.of(header(run=names[1]), other)
    pairs = paired(one, other, forms)
    assert (pairs.compared, pairs.alone) == (len(one), ([], []))
    return [each.what for each in pairs.differences]


def test_ids_times_and_tags_are_no_differences() -> None:
    assert differences(run_of(10_000, "4f3a9c01"), run_of(77_000, "99aabb00"), ("4f3a9c01", "99aabb00")) == []


def test_what_a_request_sends_is_compared() -> None:
    assert differences(run_of(10_000), run_of(77_000, size=6)) == ["size"]


def test_server_made_places_are_those_that_differ_by_themselves() -> None:
    form = NormalForm.of(header(), run_of(10_000))
    assert form.server_made == {("id",), ("made",)}
    value = {"id": 1, "made": "x", "at": "on 2026-01-02T03:04:05Z", "of": "7F3C90C3-0d44-4b50-8888-8dd257360500"}
    shown = form.response(json.dumps(value), form.server_made)
    assert shown == {"id": SERVER_MADE, "made": SERVER_MADE, "at": f"on {OF_TIME}", "of": SERVER_MADE}


@pytest.mark.parametrize("second", [1, 2])
def test_an_id_stands_for_the_request_that_made_it(second: int) -> None:
    one = [
        exchange(1, {}, 201, {"id": "aaaa1"}),
        exchange(2, {"a": 1}, 201, {"id": "aaaa2"}),
        exchange(3, {"b": 1}, 201, {"id": "aaaa3"}),
    ]
    other = [
        exchange(1, {}, 201, {"id": "bbbb1"}),
        exchange(2, {"a": 1}, 201, {"id": "bbbb2"}),
        exchange(3, {"b": 1}, 201, {"id": "bbbb3"}),
    ]
    reads = reading(4, "aaaa2", {"id": "aaaa2"}), reading(4, f"bbbb{second}", {"id": f"bbbb{second}"})
    forms = NormalForm.of(header(), one), NormalForm.of(header(), other)
    pairs = paired([*one, reads[0]], [*other, reads[1]], forms)
    assert pairs.compared == (4 if second == 2 else 3)
