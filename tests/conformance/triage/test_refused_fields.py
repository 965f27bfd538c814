"""Refused fields are left out of bodies, and hide the rules at their place, below it and above it, and no others."""

from __future__ import annotations

import pytest

from conformance.triage.refused_fields import RefusedFields
from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from tests.conformance.sessions import plan
from tests.conformance.triage.small import oracle


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        ("body.a.b.type", True),
        ("body.a.b.c.maximum", True),
        ("body.a.oneOf", True),
        ("response.a.b.type", True),
        ("body.a.bc.type", False),
        ("body.x.type", False),
        ("robustness.repeatable", False),
    ],
)
def test_only_what_stands_above_or_below_is_hidden(rule: str, hidden: bool) -> None:
    refused = RefusedFields(Oracle({"type": "object"}, "body"))
    assert refused.hiding(rule) is None
    refused.places.add("a.b")
    assert (refused.hiding(rule) is not None) is hidden


@pytest.mark.parametrize(
    ("refused", "body", "rest"),
    [
        ([("flag",)], {"flag": True, "note": "x"}, {"note": "x"}),
        ([("flag",)], {"flag": True}, None),
        ([("flag",), ("note",)], {"flag": True, "note": "x", "rate": 1}, {"rate": 1}),
        ([("tags", "odd")], {"tags": {"any": "x"}, "note": "x"}, {"tags": {}, "note": "x"}),
        ([("items", 0, "b")], {"items": [{"a": 1, "b": "x"}, {"a": 2}]}, {"items": [{"a": 1}, {"a": 2}]}),
        # What is required takes with it the object that needs it.
        ([("inner", "a")], {"inner": {"a": 1, "b": "x"}, "note": "x"}, {"note": "x"}),
        ([("items", 7, "a")], {"items": [{"a": 1}], "note": "x"}, {"note": "x"}),
        ([("way", "one")], {"way": {"one": {}}, "note": "x"}, {"note": "x"}),
        ([("way", "one"), ("way", "two")], {"way": {"one": {}}, "note": "x"}, {"note": "x"}),
        ([("inner", "a")], {"inner": {"a": 1}}, None),
    ],
)
def test_the_rest_of_a_body_is_valid_and_holds_nothing_that_is_refused(refused: list[Path], body: Json, rest: Json) -> None:
    fields = RefusedFields(oracle())
    fields.add(refused)
    assert fields.rest(body) == rest
    assert fields.are_in(body)
    assert not fields.are_in({"kind": "KIND_ONE"})
    assert fields.rest({"kind": "KIND_ONE"}) is None, "it is refused for something else"
    if rest is not None:
        assert oracle().is_valid(rest)
        assert not fields.are_in(rest)


def test_a_value_that_is_refused_is_known_again_at_other_places_and_no_other_value_is() -> None:
    fields = RefusedFields(oracle())
    fields.add([("note",)])
    whole: Json = {"note": "a long odd text", "inner": {"a": 1, "b": "odd"}, "kind": "KIND_ONE"}
    fields.add_values(whole, {"note": "odd"}, [("note",)])
    assert fields.values == {repr("a long odd text")}
    assert fields.are_in({"inner": {"a": 1, "b": "a long odd text"}})
    assert not fields.are_in({"inner": {"a": 1, "b": "odd"}})
    assert fields.rest({"tags": {"x": "a long odd text", "y": "z"}}) == {"tags": {"y": "z"}}
    other = RefusedFields(oracle())
    other.add_values({"note": "another text"}, {"note": "odd"}, [("note",)])
    assert other.values == set()


ODD: Json = {"a": 9, "b": "odd"}


@pytest.mark.parametrize(
    ("items", "left"),
    [
        ([ODD, ODD], []),
        ([ODD, {"a": 1}, ODD, ODD, {"a": 2}], [{"a": 1}, {"a": 2}]),
        ([{"a": 1}, ODD, {"a": 2, "b": "odd"}], [{"a": 1}, {"a": 2, "b": "odd"}]),
    ],
)
def test_every_item_that_is_refused_is_left_out_and_no_other_one(items: list[Json], left: list[Json]) -> None:
    fields = RefusedFields(oracle())
    fields.add([("flag",)])
    fields.add_values({"items": [ODD]}, {"items": [ODD]}, [("items", 0)])
    assert fields.rest({"items": items, "note": "x"}) == {"items": left, "note": "x"}


def test_an_offending_field_is_seen_in_a_body_that_holds_it() -> None:
    refused_fields = RefusedFields(plan().oracle)
    assert not refused_fields
    refused_fields.add([("medium", "webRtc")])
    assert refused_fields
    assert refused_fields.are_in({"medium": {"webRtc": {}}})
    assert not refused_fields.are_in({"medium": {"twilio": {}}})
