"""Bisecting: every cause in a refused pack is named by the smallest body, and what passes on the way counts as verified."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.triage.bisecting import Isolator, Parting
from conformance.triage.refused_fields import RefusedFields
from openapi.json_types import Json
from strategies.case import Aim
from tests.conformance.triage.small import (
    FULL,
    INNER,
    Refuses,
    Server,
    case,
    checker,
    checker_of,
    failed,
    oracle,
    oracle_of,
    results,
)
from tests.strategies.schemas import Object

FOUND = Finding("", "accepts", "201", "400", attribute=True)
RULES = {
    "rate": "body.rate.type",
    "kind": "body.kind.enum",
    "note": "body.note.type",
    "wait": "body.wait.type",
    "flag": "body.flag.type",
    "tags": "body.tags.type",
}


def isolator(refuses: Refuses, own: Checker | None = None) -> tuple[Isolator, Server]:
    server, checking = Server(refuses), own or checker()
    judging = oracle_of(checking)
    return Isolator(judging, checking, results(of=checking), server.send, RefusedFields(judging)), server


def holds(name: str, body: Json) -> bool:
    return name in body


def texts(names: list[str]) -> Checker:
    """The checker of a contract with texts of these names."""
    return checker_of({"type": "object", "properties": {each: {"type": "string"} for each in names}})


@settings(max_examples=15)
@given(st.sets(st.sampled_from(sorted(RULES)), min_size=1, max_size=3))
def test_each_cause_is_named_by_its_rule_and_the_smallest_body_with_it(names: set[str]) -> None:
    isolating, server = isolator(lambda body: bool(names & body.keys()))
    assert isolating.isolate(server.send(case(FULL)), FOUND)
    found = failed(isolating.results)
    assert found.keys() == {RULES[name] for name in names}
    for name in names:
        body, fields = found[RULES[name]]
        assert body.keys() == {name}
        assert fields[0].startswith(f"/{name}")
    assert all(map(oracle().is_valid, server.received))


def test_what_is_accepted_on_the_way_is_verified() -> None:
    isolating, server = isolator(lambda body: "flag" in body)
    assert isolating.isolate(server.send(case(FULL)), FOUND)
    assert isolating.results.times("status.created", "accepts") > 0
    assert isolating.results.times("body.inner.a.required", "accepts") > 0


@pytest.mark.parametrize("count", [8, 32])
def test_a_cause_among_many_members_takes_few_requests(count: int) -> None:
    names = [f"tag{index:02d}" for index in range(count)]
    own = texts(names)
    for name in names[:: count // 4]:
        isolating, server = isolator(partial(holds, name), own)
        assert isolating.isolate(server.send(case(dict.fromkeys(names, "x"))), FOUND)
        assert len(server.received) <= 6 + 2 * math.log2(count)


def test_a_second_pack_is_not_triaged_for_what_is_known() -> None:
    isolating, server = isolator(lambda body: "flag" in body)
    assert isolating.isolate(server.send(case(FULL)), FOUND)
    server.received.clear()
    other = {"flag": True, "note": "another"}
    assert isolating.isolate(server.send(case(other)), FOUND)
    assert server.received == [other, {"note": "another"}]
    assert failed(isolating.results).keys() == {"body.flag.type"}


def test_a_pack_that_is_refused_without_what_is_known_has_another_cause() -> None:
    isolating, server = isolator(lambda body: bool({"flag", "note"} & body.keys()))
    assert isolating.isolate(server.send(case({"flag": True})), FOUND)
    assert isolating.isolate(server.send(case({"flag": True, "note": "x", "rate": 0.5})), FOUND)
    assert failed(isolating.results).keys() == {"body.flag.type", "body.note.type"}


def test_a_server_error_is_reported_as_one_with_the_field_that_brings_it_about() -> None:
    isolating, server = isolator(lambda body: 500 if "note" in body else None)
    assert isolating.isolate(server.send(case(FULL)), FOUND)
    body, fields = failed(isolating.results)["robustness.server-error"]
    assert (body.keys(), fields) == ({"note"}, ["/note"])
    assert [each.side for each in isolating.results["robustness.server-error"].failures] == ["robustness"]


@pytest.mark.parametrize("status", [400, 500])
def test_a_value_that_brings_down_the_server_is_refused_wherever_it_stands(status: int) -> None:
    isolating, server = isolator(lambda body: status if "odd" in str(body.get("note")) else None)
    assert isolating.isolate(server.send(case({**FULL, "note": "a very odd note"})), FOUND)
    assert isolating.refused_fields.values == ({repr("a very odd note")} if status == 500 else set())


def test_a_message_says_what_was_expected_by_which_rule() -> None:
    isolating, server = isolator(lambda body: "flag" in body)
    isolating.isolate(server.send(case(FULL)), FOUND)
    (failure,) = isolating.results["body.flag.type"].failures
    requirement = checker().catalogue.rules["body.flag.type"].requirement
    assert requirement in failure.expected
    assert failure.actual.startswith("400")
    assert failure.side == "accepts"


def test_a_body_that_was_refused_by_chance_accuses_nothing() -> None:
    isolating, _ = isolator(lambda _body: None)
    refused = Server(lambda _body: True).send(case(FULL))
    isolating.isolate(refused, FOUND)
    assert failed(isolating.results) == {}


def test_a_server_that_also_refuses_by_chance_is_accused_of_the_cause_alone() -> None:
    by_chance: set[str] = set()

    def refuses(body: Json) -> bool:
        """Refuse a flag each time, and any other body the first time it is seen."""
        seen = json.dumps(body) in by_chance
        by_chance.add(json.dumps(body))
        return "flag" in body or not seen

    isolating, server = isolator(refuses)
    isolating.isolate(server.send(case(FULL)), FOUND)
    body, fields = failed(isolating.results)["body.flag.type"]
    assert (body.keys(), fields) == ({"flag"}, ["/flag"])


@pytest.mark.parametrize(("count", "is_all"), [(12, True), (13, False)])
def test_a_pack_with_more_causes_than_are_looked_for_says_that_some_are_left(count: int, is_all: bool) -> None:
    names = [f"tag{index:02d}" for index in range(count)]
    isolating, server = isolator(
        bool, checker_of({"type": "object", "properties": {each: {"type": "string"} for each in names}})
    )
    assert isolating.isolate(server.send(case(dict.fromkeys(names, "x"))), FOUND) is is_all
    assert isolating.results.failing(lambda rule: rule.startswith("body.tag")) == 12


def parted(
    body: Json, limit: int, refuses: Refuses = lambda _body: None, own: Checker | None = None
) -> tuple[Server, list[str], bool]:
    """The server after a body was sent in parts, the rules found violated, and whether the whole counts as verified."""
    checking = own or checker()
    largest = checking.tolerances.largest
    server = Server(lambda sent: 413 if len(json.dumps(sent)) > limit else refuses(sent))
    found, kept = list[str](), results(of=checking)

    def add(_exchange: Exchange, findings: Iterable[Finding]) -> None:
        found.extend(each.rule for each in findings)

    exchange = server.send(case(body, Aim("body.items.maxItems", ("items",), "")))
    assert exchange.status == 413
    assert len(exchange.case.content or b"") > largest
    server.received.clear()
    Parting(oracle_of(checking), checking, kept, server.send, add).part(exchange)
    return server, found, kept.times("body.items.maxItems", "accepts") > 0  # which only the whole body aims at


LARGE: Json = {"inner": {"a": 1, "b": "x" * 9000}, "items": [{"a": index, "b": str(index) * 2000} for index in range(-30, 10)]}


def parts_of(received: list[Json]) -> Json:
    return [each["b"] for body in received for each in body.get("items", ())]


def test_a_body_that_is_too_large_is_sent_in_parts_that_are_valid_and_between_them_whole() -> None:
    server, found, verified = parted(LARGE, 17_000)
    assert (found, verified) == ([], True)
    assert all(map(oracle().is_valid, server.received))
    taken = [body for body in server.received if len(json.dumps(body)) <= 17_000]
    assert sorted(parts_of(taken)) == sorted(each["b"] for each in LARGE["items"])
    assert any("inner" in body for body in taken)


def test_two_items_are_sent_one_by_one() -> None:
    two: Json = {"items": [{"a": 1, "b": "x" * 9000}, {"a": 2, "b": "y" * 9000}]}
    server, found, _ = parted(two, 17_000)
    assert found == []
    assert server.received == [{"items": [each]} for each in two["items"]]


def alone(items: list[Json]) -> Json:
    """A body whose one member is this array."""
    return {"items": items}


def needed(items: list[Json]) -> Json:
    """A body in which nothing but the items of an array can be left out."""
    return {"held": {"name": "x", "items": items}}


HELD: Object = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": INNER},
        "held": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "items": {"type": "array", "items": INNER}},
            "required": ["name", "items"],
        },
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize("around", [alone, needed])
@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_each_item_of_an_array_is_in_exactly_one_part(around: Callable[[list[Json]], Json], count: int) -> None:
    items: list[Json] = [{"a": -index, "b": str(index) * 9_000} for index in range(count)]
    server, found, _ = parted(around(items), 17_000, own=checker_of(HELD))
    taken = [body for body in server.received if len(json.dumps(body)) <= 17_000]
    assert found == []
    assert sorted(taken, key=str) == sorted((around([each]) for each in items), key=str)


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_each_member_of_a_map_is_in_exactly_one_part(count: int) -> None:
    tags: Json = {f"key{index}": str(index) * 9_000 for index in range(count)}
    server, found, _ = parted({"tags": tags}, 17_000)
    taken = [body for body in server.received if len(json.dumps(body)) <= 17_000]
    assert found == []
    assert sorted(taken, key=str) == [{"tags": {name: text}} for name, text in sorted(tags.items())]


def test_of_several_arrays_the_largest_that_has_two_items_is_parted() -> None:
    small: list[Json] = [{"a": 1}, {"a": 2}, {"a": 3}]
    large: list[Json] = [{"a": 1, "b": "x" * 9_000}, {"a": 2, "b": "y" * 9_000}]
    checking = checker_of(
        {
            "type": "object",
            "properties": {each: {"type": "array", "items": INNER} for each in ("first", "second")},
            "required": ["first", "second"],
        }
    )
    single: list[Json] = [{"a": 1, "b": "z" * 12_000}]
    halves: list[Json] = [{"a": 1, "b": "x" * 3_000}, {"a": 2, "b": "y" * 3_000}]
    server, found, _ = parted({"first": single, "second": halves}, 17_000, own=checking)
    assert server.received == [{"first": single, "second": [each]} for each in halves]
    for body in ({"first": small, "second": large}, {"first": large, "second": small}):
        server, found, _ = parted(body, 17_000, own=checking)
        assert found == []
        assert server.received == [
            {name: [each] if items is large else small for name, items in body.items()} for each in large
        ]


@pytest.mark.parametrize("status", [400, 500])
def test_a_part_that_is_refused_is_a_finding_and_the_whole_is_not_verified(status: int) -> None:
    _, found, _ = parted(LARGE, 17_000, lambda body: status if "inner" in body else None)
    assert found == [""]


@pytest.mark.parametrize(
    "single",
    [
        {"inner": {"a": 1, "b": "x" * 20_000}},
        {"items": [{"a": 1, "b": "x" * 20_000}]},
        {"note": "x" * 20_000},
    ],
)
def test_what_cannot_be_parted_is_not_verified(single: Json) -> None:
    server, found, verified = parted(single, 17_000)
    assert (found, verified) == ([], False)
    assert len(server.received) <= 2
