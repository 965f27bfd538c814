"""Seeds: small bodies to begin with, each valid to a validator that is not ours, the contract's own first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.catalogue import catalogue_of
from strategies.plan.budget import LIKELIEST
from strategies.plan.plan import Plan
from tests.openapi.synthetic import description, loaded
from tests.strategies.schemas import Object

MEMBERS: dict[str, Any] = {
    "a": {"type": "string", "minLength": 2},
    "b": {"type": "integer", "minimum": 1},
    "c": {"type": "object", "required": ["x"], "properties": {"x": {"type": "boolean"}}},
}
STRING, WHOLE = {"type": "string"}, {"type": "integer"}
CONDITIONS: list[Object] = [
    {"if": {"required": ["kind"]}, "then": {"required": ["x"], "properties": {"x": WHOLE}}},
    {"if": {"required": ["kind"]}, "else": {"required": ["x"], "properties": {"x": STRING}}},
    {"oneOf": [{"required": ["x"], "properties": {"x": WHOLE}}, {"required": ["y"], "properties": {"y": STRING}}]},
    {"anyOf": [{"required": ["x"], "properties": {"x": {"const": 3}}}, {"required": ["y"]}]},
    {"dependentSchemas": {"a": {"required": ["x"], "properties": {"x": {"enum": [7]}}}}},
    {"dependentRequired": {"a": ["b"], "b": ["c"]}},
    {"minProperties": 2},
]


@st.composite
def bodies(draw: st.DrawFn) -> Object:
    """An object with some required members, and conditions about members that may be no properties of it."""
    names = draw(st.lists(st.sampled_from(sorted(MEMBERS)), min_size=1, unique=True))
    required = draw(st.lists(st.sampled_from(names), unique=True))
    conditions = draw(st.lists(st.sampled_from(CONDITIONS), max_size=2, unique_by=str))
    schema: Object = {"type": "object", "properties": {name: MEMBERS[name] for name in names}, "required": required}
    return {**schema, "allOf": conditions} if conditions else schema


def plan_of(schema: Object, seed: Any = None) -> Plan:
    """The plan of a body, whose contract may state a seed."""
    contract = loaded(description(schema))
    return Plan(catalogue_of(replace(contract, data=replace(contract.data, seed=seed))), LIKELIEST)


@given(bodies())
def test_each_seed_is_valid_and_there_is_one_wherever_a_body_is(schema: Object) -> None:
    is_valid = jsonschema.Draft202012Validator(schema).is_valid
    seeds = list(plan_of(schema).seeds())
    assert all(map(is_valid, seeds))
    assert [each for index, each in enumerate(seeds) if each in seeds[:index]] == []
    assert bool(seeds) or not any(map(is_valid, ({"a": "xx", "b": 1, "c": {"x": True}, "x": 3}, {"a": "xx", "y": ""})))
    assert (seeds[:1] == [{}]) == is_valid({})


@pytest.mark.parametrize(
    ("seed", "comes_first"), [({"a": "own"}, True), ({"a": "x"}, False), ({}, False), ("word", False), ({"b": 1}, False)]
)
def test_the_seed_of_a_contract_comes_first_if_the_oracle_confirms_it(seed: Any, comes_first: bool) -> None:
    schema = {"type": "object", "properties": MEMBERS, "required": ["a"]}
    seeds = list(plan_of(schema, seed).seeds())
    assert (seeds[0] == seed, seed in seeds) == (comes_first, comes_first)
    assert len(seeds) > 1
