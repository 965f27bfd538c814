"""Partial values satisfy or violate the fragment of a schema that they were constructed for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.schema.nodes import Node
from strategies.values.fragments import satisfying, violating
from tests.strategies.schemas import Object, fits, oracle

MEMBERS: Object = {
    "kind": {"type": "string", "enum": ["one", "two", "three"]},
    "count": {"type": "integer"},
    "list": {"type": "array", "items": {"type": "string"}},
    "inner": {"type": "object", "properties": {"flag": {"type": "boolean"}}},
}
NODE: Node = oracle({"type": "object", "properties": MEMBERS}).root.properties["field"]
NAMES = st.lists(st.sampled_from(sorted(MEMBERS)), min_size=1, max_size=3, unique=True)
KIND: SearchStrategy[Object] = st.sampled_from([{"const": "one"}, {"enum": ["one", "two"]}])
SIMPLE: SearchStrategy[Object] = NAMES.map(lambda names: {"required": names}) | KIND.map(
    lambda kind: {"properties": {"kind": kind}, "required": ["kind"]}
)
EITHER = st.lists(NAMES, min_size=2, max_size=3, unique_by=frozenset)


@given(SIMPLE)
def test_what_satisfies_a_fragment_is_valid(fragment: Object) -> None:
    found = satisfying(fragment, NODE)
    assert found
    assert all(fits(fragment, value) for value in found)


@given(SIMPLE)
def test_what_violates_a_fragment_is_invalid(fragment: Object) -> None:
    found = violating(fragment, NODE)
    assert found
    assert all(not fits(fragment, value) for value in found)


@given(SIMPLE, SIMPLE)
def test_a_condition_is_met_and_what_it_asks_for_is_missing(premise: Object, demand: Object) -> None:
    fragment: Object = {"if": premise, "then": demand}
    found = violating(fragment, NODE)
    assert found
    # A premise and a demand on the same members cannot be separated by construction; the oracle sorts them out.
    apart = not {*premise["required"]} & {*demand["required"]}
    assert not apart or all(not fits(fragment, value) for value in found)


@given(SIMPLE)
def test_where_the_condition_is_not_met_the_other_demand_is_missed(premise: Object) -> None:
    other: Object = {"required": ["absent"]}
    assert all(not fits({"if": premise, "else": other}, value) for value in violating({"if": premise, "else": other}, NODE))


@given(EITHER)
def test_none_of_several_or_more_than_one_is_chosen(names: list[list[str]]) -> None:
    branches: Any = [{"required": each} for each in names]
    found = violating({"oneOf": branches}, NODE)
    assert {} in found
    assert any(len(value) == len(set().union(*names[:2])) for value in found), "two at once"
    assert not fits({"anyOf": branches}, violating({"anyOf": branches}, NODE)[0])


def test_three_are_chosen_at_once_which_an_exclusive_or_lets_pass() -> None:
    branches = [{"required": [name]} for name in ("kind", "count", "list")]
    assert [len(value) for value in violating({"oneOf": branches}, NODE)] == [2, 2, 2, 3, 0]


@given(SIMPLE)
def test_the_negation_of_a_fragment_swaps_the_two(fragment: Object) -> None:
    assert all(not fits({"not": fragment}, value) for value in violating({"not": fragment}, NODE))
    assert all(fits({"not": fragment}, value) for value in satisfying({"not": fragment}, NODE))


@given(SIMPLE, SIMPLE)
def test_all_of_several_are_satisfied_or_one_is_violated(one: Object, other: Object) -> None:
    fragment: Object = {"allOf": [one, other]}
    assert all(not fits(fragment, value) for value in violating(fragment, NODE) if not ({*value} & {*other["required"]}))
    satisfied = satisfying(fragment, NODE)
    assert all(fits({"required": [*one["required"], *other["required"]]}, value) for value in satisfied)


@pytest.mark.parametrize(
    ("fragment", "value"),
    [
        ({"properties": {"inner": {"required": ["flag"]}}}, {"inner": {}}),
        ({"dependentRequired": {"count": ["kind"]}}, {"count": 1}),
        ({"dependentSchemas": {"count": {"required": ["kind"]}}}, {"count": 1}),
        ({"properties": {"list": {"contains": {"const": "x"}}}}, {"list": []}),
        ({"properties": {"list": {"items": {"type": "string"}}}}, {"list": [["x"]]}),
        ({"properties": {"count": {"type": "integer"}}}, {"count": "word"}),
        ({"properties": {"kind": {"const": "one"}}}, {"kind": "two"}),
    ],
)
def test_what_is_violated_in_a_member(fragment: Object, value: Any) -> None:
    found = violating(fragment, NODE)
    assert value.keys() == found[0].keys()
    assert not fits(fragment, found[0])
    if "count" not in value or value["count"] == "word":
        assert value in found


@pytest.mark.parametrize("fragment", [{"contains": {"const": "x"}}, {"items": {"const": "x"}}, {"maxItems": 0}])
def test_arrays_that_satisfy(fragment: Object) -> None:
    found = satisfying(fragment, NODE.properties["list"])
    assert found
    assert all(isinstance(value, list) and fits(fragment, value) for value in found)


def test_an_item_that_is_asked_for_stands_behind_another_too() -> None:
    sub: Object = {"required": ["a"]}
    found = satisfying({"contains": sub}, None)
    assert [len(value) for value in found] == [1]
    sub = {"properties": {"kind": {"const": "one"}}}
    node = oracle({"type": "array", "items": {"type": "object", "properties": MEMBERS}}).root.properties["field"]
    assert [len(value) for value in satisfying({"contains": sub}, node)] == [1, 2]


def test_of_what_is_not_understood_nothing_is_constructed() -> None:
    assert satisfying(False, NODE) == []
    assert violating(True, NODE) == []
    assert violating({"format": "uuid"}, NODE) == []
    assert satisfying({"enum": []}, NODE) == []
    assert satisfying(True, None) == ["text"]
    assert violating(False, None) == ["text"]


def test_combinations_are_bounded() -> None:
    wide = {name: {"enum": list(range(9))} for name in "abcd"}
    assert len(satisfying({"properties": wide}, None)) == 24
