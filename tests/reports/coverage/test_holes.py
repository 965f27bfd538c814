"""Holes: each kind is found in a record that lacks it, and none in one that has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from reports.coverage.holes import Hole, _of_fields, _of_requests, reason_for
from reports.coverage.seen import _decoded, seen_in
from reports.record.entries import Exchange, FieldEntry, Request, Response


def _field(place: str, types: Sequence[str], **keywords: Any) -> FieldEntry:
    return FieldEntry(side="body", place=place, types=list(types), keywords=keywords, rules=[])


def _exchange(body: Any, *, side: str = "accepts", status: int = 201, query: Sequence[tuple[str, str]] = ()) -> Exchange:
    request = Request(method="POST", path="/things", query=[list(each) for each in query], body=json.dumps(body))
    response = Response(status=status, headers={}, body="")
    return Exchange(
        number=1, case="", aims=[], side=side, label="", phase="", request=request, response=response, at=0.0, seconds=0.0
    )


def _holes(field: FieldEntry, *bodies: Any) -> set[str]:
    fields = [field]
    places = frozenset(each.place for each in fields)
    found = _of_fields(fields, seen_in(map(_exchange, bodies), "/things", places))
    return {f"{hole.kind}: {hole.missing}" for hole in found}


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ([1, 0.9, 1.1], set()),
        ([1, 0.9], {"maximum: just above 1"}),
        ([0.9, 1.1], {"maximum: the bound 1"}),
        ([1, 3], {"maximum: just below 1", "maximum: just above 1"}),
    ],
)
def test_a_bound_is_tried_from_both_sides(values: list[float], missing: set[str]) -> None:
    assert _holes(_field("a", ["number"], maximum=1), *({"a": value} for value in values)) == missing


def test_lengths_at_a_bound_are_tried() -> None:
    found = _field("a", ["string"], maxLength=3)
    assert _holes(found, {"a": "xx"}, {"a": "xxx"}, {"a": "xxxx"}) == set()
    assert _holes(found, {"a": "xxx"}) == {"maxLength: a length of 2", "maxLength: a length of 4"}


def test_every_member_of_an_enum_is_tried_and_one_that_is_none() -> None:
    found = _field("a", ["string"], enum=["x", "y"])
    assert _holes(found, {"a": "x"}, {"a": "y"}, {"a": "z"}) == set()
    assert _holes(found, {"a": "x"}) == {"enum: y", "enum: a string that is no member"}


def test_a_field_that_is_never_sent_is_a_hole() -> None:
    assert _holes(_field("a", ["string"]), {"b": 1}) == {"field: it was never sent"}


def test_invalid_items_are_tried_at_the_first_the_second_and_the_last_position() -> None:
    found = _field("a", ["array"])
    valid = ["x", "y", "z"]
    wrong = [[1, "y"], ["x", 1], ["x", "y", "z", 1]]
    assert _holes(found, *({"a": each} for each in (valid, *wrong))) == set()
    assert _holes(found, {"a": valid}, {"a": wrong[0]}) == {
        "positions: an invalid item at 1",
        "positions: an invalid item at last",
    }


def test_the_depth_of_a_free_object_is_measured() -> None:
    deep: Any = {}
    for _ in range(40):
        deep = {"in": deep}
    assert "depth: 30 levels" not in _holes(_field("a", ["object"]), {"a": deep})
    assert "depth: 250 levels" in _holes(_field("a", ["object"]), {"a": deep})


def test_a_default_is_tried_beside_each_sibling() -> None:
    fields = [_field("", ["object"]), _field("a", ["string"], default="x"), _field("b", ["string"])]
    places = frozenset(each.place for each in fields)

    def holes(*bodies: Any) -> list[str]:
        seen = seen_in(map(_exchange, bodies), "/things", places)
        return [hole.missing for hole in _of_fields(fields, seen) if hole.kind == "default"]

    assert holes({"a": "x", "b": "y"}) == ["unset beside b"]
    assert holes({"a": "x", "b": "y"}, {"b": "y"}) == []


_RULES = {"body.a.type", "body.a.maximum", "body.b.type"}


def _of_queries(*sent: tuple[str, str, str]) -> set[str]:
    """The holes of requests, each a side, a value of the parameter `q` or none, and a rule."""
    exchanges = [
        replace(_exchange({}, side=side, query=[("q", value)] if value else []), aims=[rule]) for side, value, rule in sent
    ]
    seen = seen_in(exchanges, "/things", frozenset())
    return {f"{hole.id}: {hole.missing}" for hole in _of_requests({"q"}, _RULES, seen) if hole.kind == "query"}


def test_a_violation_of_each_keyword_is_sent_beside_each_value_of_a_parameter() -> None:
    plain = [("rejects", "", rule) for rule in sorted(_RULES)]
    values = [("accepts", "on", ""), ("accepts", "off", "")]
    beside = [("rejects", "on", "body.a.type"), ("rejects", "on", "body.a.maximum"), ("rejects", "off", "body.b.type")]
    assert _of_queries(*plain, *values) == {
        "query:q=off: no violation of the body was sent beside it",
        "query:q=on: no violation of the body was sent beside it",
    }
    assert _of_queries(*plain, *values, *beside) == {"query:q=off: no violation of maximum beside it"}
    assert _of_queries(*plain, *values, *beside, ("rejects", "off", "body.a.maximum")) == set()


def test_the_values_of_a_parameter_that_takes_ids_are_all_the_same() -> None:
    ids = [("accepts", f"id{number}", "") for number in range(9)]
    assert _of_queries(*ids) == {"query:q: no violation of the body was sent beside it"}
    assert _of_queries(("rejects", "", "body.a.type"), *ids, ("rejects", "id1", "body.b.type")) == set()


def test_a_violation_of_what_nobody_documents_is_not_missed() -> None:
    assert _of_queries(("rejects", "", "body.c.format"), ("accepts", "on", ""), ("rejects", "on", "body.a.type")) == set()


def test_statuses_are_seen() -> None:
    seen = seen_in([_exchange({})], "/things", frozenset())
    assert {"status:400", "status:404"} <= {hole.id for hole in _of_requests(set(), set(), seen)}


def test_a_body_that_the_record_has_cut_is_read_as_far_as_it_goes() -> None:
    assert _decoded('{"a": 1, "b": [2, {"c": "x,y", "d": "zzz… (70000 characters)') == {"a": 1, "b": [2, {"c": "x,y"}]}


def test_a_reason_is_found_by_a_glob() -> None:
    assert reason_for(Hole("depth", "a.b", "30 levels"), {"depth:a.*": "it is empty"}) == "it is empty"
    assert reason_for(Hole("depth", "b", "30 levels"), {"depth:a.*": "it is empty"}) is None
