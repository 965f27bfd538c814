"""Partial values satisfy or violate the fragment of a schema that they were constructed for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.schema.nodes import Node
from strategies.values.bounds import after, before
from strategies.values.fragments import satisfying, violating
from strategies.values.valid import MOST
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


FIELD_OF: dict[str, Object] = {
    "text": {"type": "string"},
    "kind": MEMBERS["kind"],
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "map": {"type": "object", "additionalProperties": {"type": "string"}},
    "object": {"type": "object", "properties": MEMBERS},
}
FRAGMENTS: list[tuple[str, Object]] = [
    ("kind", {"const": "two"}),
    ("kind", {"enum": ["one", "three"]}),
    ("object", {"required": ["kind", "count"]}),
    ("object", {"properties": {"kind": {"const": "one"}}, "required": ["kind"]}),
    ("texts", {"contains": {"const": "x"}}),
    ("object", {"anyOf": [{"required": ["kind"]}, {"properties": {"count": {"const": 7}}, "required": ["count"]}]}),
    ("object", {"oneOf": [{"required": ["kind"]}, {"required": ["count"]}]}),
    ("object", {"allOf": [{"required": ["kind"]}, {"required": ["count"]}]}),
    ("object", {"not": {"required": ["kind"]}}),
    ("text", {"pattern": "^[a-c]{2,4}$"}),
    *(("texts", {keyword: count}) for keyword in ("minItems", "maxItems") for count in (1, 2, 3)),
    *(("text", {keyword: count}) for keyword in ("minLength", "maxLength") for count in (1, 2, 3)),
    *(("object", {keyword: count}) for keyword in ("minProperties", "maxProperties") for count in (1, 2, 3)),
    *(("map", {keyword: count}) for keyword in ("minProperties", "maxProperties") for count in (1, 2)),
    *(
        (field, {keyword: bound})
        for field in ("number", "whole")
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        for bound in (-3, 0, 5)
    ),
]


@pytest.mark.parametrize(("field", "fragment"), FRAGMENTS)
def test_values_for_each_keyword_satisfy_it_or_violate_it_and_nothing_else(field: str, fragment: Object) -> None:
    node = oracle(FIELD_OF[field]).root.properties["field"]
    satisfied, violated = satisfying(fragment, node), violating(fragment, node)
    assert satisfied
    assert violated
    assert [value for value in satisfied if not fits({**FIELD_OF[field], **fragment}, value)] == []
    assert [value for value in violated if fits(fragment, value) or not fits(FIELD_OF[field], value)] == []


@pytest.mark.parametrize(
    ("fragment", "satisfied", "violated"),
    [
        ({"minLength": 3}, ["xxx"], ["xx"]),
        ({"maxLength": 3}, ["x"], ["xxxx"]),
        ({"minItems": 2}, [["n0", "n1"]], [["n0"]]),
        ({"maxItems": 2}, [[]], [["n0", "n1", "n2"]]),
        ({"minimum": 3}, [3], [before(3)]),
        ({"maximum": 3}, [3], [after(3)]),
        ({"exclusiveMinimum": 3}, [after(3)], [3]),
        ({"exclusiveMaximum": 3}, [before(3)], [3]),
    ],
)
def test_values_for_a_bound_stand_at_it(fragment: Object, satisfied: list[Any], violated: list[Any]) -> None:
    assert (satisfying(fragment, None), violating(fragment, None)) == (satisfied, violated)


@pytest.mark.parametrize("keyword", ["minLength", "maxLength", "minItems", "maxItems"])
def test_nothing_too_large_to_send_is_constructed(keyword: str) -> None:
    for bound in (MOST - 1, MOST, MOST + 1, 10**12):
        for value in (*satisfying({keyword: bound}, None), *violating({keyword: bound}, None)):
            assert len(value) <= MOST
    if keyword.startswith("min"):
        assert violating({keyword: 0}, None) == []


def test_of_several_of_which_any_will_do_none_holds_and_each_is_missed() -> None:
    branches: list[Object] = [{"properties": {"kind": {"const": kind}}, "required": ["kind"]} for kind in ("one", "two")]
    found = violating({"anyOf": branches}, NODE)
    assert {} in found
    assert {value["kind"] for value in found if value} == {"one", "two", "three"}
    assert [value["kind"] for value in satisfying({"anyOf": branches}, NODE)] == ["one", "two"]


def test_each_required_member_is_missed_alone() -> None:
    found = violating({"required": ["kind", "count", "list"]}, NODE)
    assert [sorted(value) for value in found] == [["count", "list"], ["kind", "list"], ["count", "kind"]]


def test_a_member_that_must_not_be_there_is_left_out() -> None:
    assert satisfying({"properties": {"kind": False, "count": {"const": 3}}}, NODE) == [{"count": 3}]
    for names in (["kind"], ["kind", "count"]):
        assert satisfying({"not": {"required": names}}, NODE) == [{}]


def test_a_member_is_stated_once_by_the_schema_that_says_more_of_it() -> None:
    fragment: Object = {"required": ["kind", "count"], "properties": {"kind": {"const": "two"}}}
    (found,) = satisfying(fragment, NODE)
    assert found.keys() == {"kind", "count"}
    assert found["kind"] == "two"


def test_what_no_field_describes_is_described_by_the_fragment() -> None:
    (number,) = satisfying({"type": "integer"}, None)
    assert type(number) is int
    assert satisfying({"description": "any"}, None) == ["text"]
    assert satisfying({"type": "integer", "default": {"$ref": "#/x"}}, None) == ["text"]


@pytest.mark.parametrize(
    ("fragment", "satisfied", "violated"),
    [
        ({"minimum": 3}, [3], [2]),
        ({"maximum": 3}, [3], [4]),
        ({"exclusiveMinimum": 3}, [4], [3]),
        ({"exclusiveMaximum": 3}, [2], [3]),
    ],
)
def test_a_whole_number_just_misses_a_bound(fragment: Object, satisfied: list[Any], violated: list[Any]) -> None:
    whole = NODE.properties["count"]
    assert (satisfying(fragment, whole), violating(fragment, whole)) == (satisfied, violated)


def test_of_two_alternatives_both_are_chosen_once_or_none() -> None:
    assert violating({"oneOf": [{"required": ["kind"]}, {"required": ["list"]}]}, NODE)[1:] == [{}]
