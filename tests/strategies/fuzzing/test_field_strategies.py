"""Drawn values of a field are valid by another validator, and those of an enum are all met."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from openapi.schema.nodes import Node
from strategies.fuzzing.field_strategies import is_wide, values
from strategies.values.sampling import take
from strategies.values.unusual import is_unusual
from tests.strategies.schemas import ENUMS, LEAVES, Object, fits, oracle


def node_of(schema: Object) -> Node:
    return oracle(schema).root.properties["field"]


def drawn(schema: Object, count: int = 12) -> list[Any]:
    strategy = values(node_of(schema))
    assert strategy is not None
    return take(strategy, count)


@settings(max_examples=30)
@given(LEAVES)
def test_what_is_drawn_is_valid_and_usual(schema: Object) -> None:
    strategy = values(node_of(schema))
    # A server may refuse an integer below one whatever its bounds admit, so there may be none to draw.
    if strategy is None:
        highest = schema.get("maximum", schema.get("exclusiveMaximum", 9) - 1)
        assert (schema["type"], highest < 1) == ("integer", True)
        return
    found = take(strategy, 12)
    assert found
    assert all(fits(schema, value) for value in found)
    assert [value for value in found if is_unusual(node_of(schema), value)] == []


@settings(max_examples=8)
@given(ENUMS)
def test_every_member_of_an_enum_is_drawn(schema: Object) -> None:
    assert {*drawn(schema, 40)} == {*schema["enum"]}


def test_a_member_that_may_be_refused_is_not_drawn() -> None:
    schema: Object = {"type": "string", "enum": ["A", "B"], "x-implementation-defined": {"const": "B"}}
    assert {*drawn(schema)} == {"A"}
    assert values(node_of({**schema, "enum": ["B"]})) is None


def test_of_known_values_those_alone_are_drawn() -> None:
    assert {*drawn({"type": "string", "x-known-values": ["a", "b"]})} == {"a", "b"}
    assert values(node_of({"type": "string", "x-known-values": []})) is None


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": "array"}, {}, {"type": ["string", "boolean"]}])
def test_free_content_is_of_its_type(schema: Object) -> None:
    found = drawn(schema, 30)
    assert all(fits(schema, value) for value in found)
    assert len({repr(value) for value in found}) > 2


@pytest.mark.parametrize(
    ("schema", "wide"),
    [
        ({"type": "string"}, True),
        ({"type": "number"}, True),
        ({"type": "number", "format": "double"}, True),
        ({"type": "object"}, True),
        ({"type": "boolean"}, False),
        ({"type": "integer"}, False),
        ({"type": "string", "format": "uuid"}, False),
        ({"type": "string", "pattern": "^a"}, False),
        ({"type": "string", "enum": ["a"]}, False),
        ({"type": "string", "maxLength": 3}, False),
    ],
)
def test_a_field_is_wide_where_a_drawn_value_makes_a_body_unique(schema: Object, wide: bool) -> None:
    assert is_wide(node_of(schema)) is wide


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [
        ({}, 0, 1),
        ({"maximum": -2}, -3, -2),
        ({"maximum": 0}, -1, 0),
        ({"maximum": 5}, 0, 5),
        ({"minimum": 3}, 3, 4),
        ({"minimum": 0.5}, 0.5, 1),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0, 1),
    ],
)
def test_numbers_are_drawn_over_the_range_that_is_known_or_next_to_its_end(limits: Object, low: float, high: float) -> None:
    found = drawn({"type": "number", **limits}, 30)
    assert all(low <= value <= high for value in found)
    assert len({*found}) > 5
    assert all(fits({"type": "number", **limits}, value) for value in found)


def test_integers_below_one_are_not_drawn() -> None:
    assert min(drawn({"type": "integer", "minimum": -5, "maximum": 3}, 30)) >= 1
    assert values(node_of({"type": "integer", "maximum": 0})) is None
    assert {*drawn({"type": "integer", "minimum": 1, "maximum": 1})} == {1}


def test_strings_are_never_empty_and_as_long_as_they_may_be() -> None:
    lengths = {len(text) for text in drawn({"type": "string", "minLength": 2, "maxLength": 3}, 40)}
    assert lengths == {2, 3}
    short: Object = {"type": "string", "maxLength": 40}
    assert not any(is_unusual(node_of(short), text) for text in drawn(short, 200))
    assert all(drawn({"type": "string"}, 40))
