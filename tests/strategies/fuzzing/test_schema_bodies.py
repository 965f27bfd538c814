"""The generator that is not ours: it and the oracle agree on what both read."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from openapi.schema.oracle import Oracle
from strategies.fuzzing.schema_bodies import READ, bodies_by_schema, disputed
from strategies.values.sampling import take
from tests.plans import our_catalogue
from tests.strategies.schemas import Object


@cache
def drawn() -> tuple[Any, ...]:
    return tuple(take(bodies_by_schema(our_catalogue().contract.request), 10, 7))


def test_the_oracle_disputes_no_body_of_our_contract() -> None:
    oracle = Oracle(our_catalogue().contract.request, "body", our_catalogue().body)
    violated = [oracle.violated(body) for body in drawn()]
    assert [disputed(each) for each in violated if disputed(each)] == []
    assert sum(not each for each in violated) > 1


def test_members_are_those_of_the_description() -> None:
    known = set(our_catalogue().body.properties)
    assert all(set(body) <= known for body in drawn())


def test_what_dials_is_never_drawn() -> None:
    dialling: Object = {"type": "string", "x-hazard": "it dials"}
    schema: Object = {"type": "object", "properties": {"a": {"type": "integer"}, "phone": dialling}}
    bodies = take(bodies_by_schema(schema), 40)
    assert any("a" in body for body in bodies)
    assert not any("phone" in body for body in bodies)


def test_a_named_type_without_members_is_drawn_empty() -> None:
    schema: Object = {
        "type": "object",
        "properties": {"empty": {"$ref": "#/$defs/Empty"}, "map": {"$ref": "#/$defs/Map"}, "free": {"type": "object"}},
        "$defs": {"Empty": {"type": "object"}, "Map": {"type": "object", "additionalProperties": {"type": "string"}}},
    }
    bodies = take(bodies_by_schema(schema), 40)
    assert {str(body["empty"]) for body in bodies if "empty" in body} == {"{}"}
    assert any(body.get("map") for body in bodies)
    assert any(body.get("free") for body in bodies)


@pytest.mark.parametrize(
    ("schema", "invalid"),
    [
        ({"type": "object", "properties": {"a": {"type": "integer", "maximum": 3}}, "required": ["a"]}, {"a": 4}),
        ({"type": "object", "properties": {"a": {"type": "string", "maxLength": 2}}, "required": ["a"]}, {"a": "abc"}),
    ],
)
def test_a_keyword_that_it_reads_is_kept_and_its_violation_would_be_a_dispute(schema: Object, invalid: Object) -> None:
    oracle = Oracle(schema, "body")
    assert all(oracle.is_valid(body) for body in take(bodies_by_schema(schema), 20))
    assert disputed(oracle.violated(invalid)) == list(oracle.violated(invalid))


def test_a_keyword_that_it_does_not_read_is_no_dispute() -> None:
    assert disputed(["body.a.x-refers", "body.a.oneOf", "body.a.some-rule"]) == []
    assert not READ & {"pattern", "multipleOf", "format"}
