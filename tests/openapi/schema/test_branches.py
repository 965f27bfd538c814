"""The branch that a value means is the one whose rules it violates."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.branches import Choices
from openapi.schema.nodes import tree
from openapi.schema.oracle import Oracle

CIRCLE = {"type": "object", "required": ["kind", "r"], "properties": {"kind": {"const": "circle"}, "r": {"type": "number"}}}
SQUARE = {"type": "object", "required": ["kind", "a"], "properties": {"kind": {"const": "square"}, "a": {"minimum": 1}}}
CARD = {"type": "object", "required": ["card"], "properties": {"card": {"type": "string", "minLength": 4}}}
CASH = {"type": "object", "required": ["coins"], "properties": {"coins": {"type": "integer"}}}
SHAPES: dict[str, Any] = {"oneOf": [CIRCLE, SQUARE]}
TYPES: dict[str, Any] = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer", "maximum": 9}]}
NAMED: dict[str, Any] = {
    "$defs": {"Cat": CARD, "Dog": CASH},
    "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
    "discriminator": {"propertyName": "pet", "mapping": {"feline": "#/components/schemas/Cat"}},
}
INSIDE: dict[str, Any] = {"type": "object", "properties": {"shapes": {"type": "array", "items": SHAPES}}}


@pytest.mark.parametrize(
    ("schema", "value", "rules"),
    [
        (SHAPES, {"kind": "circle", "r": "x"}, ["body.oneOf:circle.r.type"]),
        (SHAPES, {"kind": "square", "a": 0}, ["body.oneOf:square.a.minimum"]),
        (SHAPES, {"kind": "square"}, ["body.oneOf:square.a.required"]),
        (SHAPES, {"kind": "line", "r": "x"}, ["body.oneOf"]),
        (SHAPES, {}, ["body.oneOf"]),
        (SHAPES, 3, ["body.oneOf"]),
        (TYPES, "long", ["body.anyOf:1.maxLength"]),
        (TYPES, 10, ["body.anyOf:2.maximum"]),
        (TYPES, None, ["body.anyOf"]),
        ({"oneOf": [CARD, CASH]}, {"card": "x"}, ["body.oneOf:1.card.minLength"]),
        ({"oneOf": [CARD, CASH]}, {"card": "x", "coins": "y"}, ["body.oneOf"]),
        (NAMED, {"pet": "feline", "card": "x"}, ["body.oneOf:feline.card.minLength"]),
        (NAMED, {"pet": "Dog", "coins": "x"}, ["body.oneOf:Dog.coins.type"]),
        (INSIDE, {"shapes": [{"kind": "circle", "r": 1}, {"kind": "circle"}]}, ["body.shapes.*.oneOf:circle.r.required"]),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, ["body.oneOf"]),
    ],
)
def test_what_a_value_violates_is_named_by_its_branch(schema: dict[str, Any], value: Any, rules: list[str]) -> None:
    assert list(Oracle(schema, "body").violated(value)) == rules


def test_rules_of_responses_are_named_in_the_same_way() -> None:
    assert list(Oracle(SHAPES, "response").violated({"kind": "circle"})) == ["response.oneOf:circle.r.required"]
    assert list(Oracle(SHAPES, "query.x").violated({"kind": "circle"})) == ["query.x.oneOf"]


def test_a_rule_that_holds_in_every_branch_is_named_without_one() -> None:
    schema = {**SHAPES, "properties": {"r": {"type": "number"}}}
    assert list(Oracle(schema, "body").violated({"kind": "circle", "r": "x"})) == ["body.r.type"]


def test_a_choice_inside_a_branch_is_one_rule() -> None:
    inner = {
        "type": "object",
        "required": ["kind", "pay"],
        "properties": {"kind": {"const": "paid"}, "pay": {"oneOf": [CARD, CASH]}},
    }
    schema = {"oneOf": [CIRCLE, inner]}
    assert list(Oracle(schema, "body").violated({"kind": "paid", "pay": {"card": "x"}})) == ["body.oneOf:paid.pay.oneOf"]


def test_a_branch_without_rules_is_not_named() -> None:
    branches = [{"type": "object", "properties": {"kind": {"const": f"k{n:02}"}, "a": {"minimum": 1}}} for n in range(25)]
    found = [list(Oracle({"oneOf": branches}, "body").violated({"kind": kind, "a": 0})) for kind in ("k23", "k24")]
    assert found == [["body.oneOf:k23.a.minimum"], ["body.oneOf"]]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 12) | st.sampled_from(["circle", "square", "x", "long", "feline", "Dog"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["kind", "r", "a", "card", "coins", "pet", "shapes"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from([SHAPES, TYPES, NAMED, INSIDE, {"oneOf": [CARD, CASH]}]), VALUES)
def test_naming_a_branch_changes_no_verdict(schema: dict[str, Any], value: Any) -> None:
    assert bool(Oracle(schema, "body").violated(value)) != jsonschema_rs.is_valid(schema, value)


@given(st.sampled_from([SHAPES, NAMED, INSIDE, {"oneOf": [CARD, CASH]}]), VALUES)
def test_a_value_of_one_branch_alone_means_that_branch(schema: dict[str, Any], value: Any) -> None:
    (choice,) = Choices(tree(schema)).all.values()
    for branch in choice.branches:
        alone = dict(choice.alone(schema, branch))
        assert "oneOf" not in str(alone)
        if choice.place == "" and isinstance(value, dict) and jsonschema_rs.is_valid(alone, value):
            assert choice.meant(value) in (branch, None)
