"""Packs of an object: every value of every member, never two members that exclude each other, and as few packs as fit."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values.hostile import LENGTHS
from strategies.values.valid import accepted
from tests.strategies.coverage.packing.packs import field_packs, packs_of
from tests.strategies.schemas import FIELDS, LEAVES, NAMES, Object, fits, objects

FLAG: Object = {"type": "boolean"}
SIZE: Object = {"type": "integer", "minimum": 0, "maximum": 9}


@given(objects(LEAVES))
def test_the_first_pack_is_the_least_that_is_valid(schema: Object) -> None:
    first, *others = packs_of(schema)
    assert fits(schema, first)
    assert all(len(first) <= len(value) for value in others)
    assert first.keys() >= set(schema.get("required", ()))


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True), objects(FIELDS))
def test_members_that_exclude_each_other_are_never_in_one_pack(pair: list[str], schema: Object) -> None:
    members = schema["properties"] | dict.fromkeys(pair, FLAG)
    exclusive: Object = {"type": "object", "properties": members, "not": {"required": pair}}
    found = packs_of(exclusive)
    assert not any(set(pair) <= value.keys() for value in found)
    for name in pair:
        assert {True, False} <= {value.get(name) for value in found}


@given(st.integers(2, 4))
def test_of_members_of_which_one_may_be_there_each_is(count: int) -> None:
    schema: Object = {"type": "object", "properties": dict.fromkeys(NAMES[:count], FLAG), "maxProperties": 1}
    assert {frozenset(value) for value in packs_of(schema)} == {frozenset(), *(frozenset({name}) for name in NAMES[:count])}


@given(objects(LEAVES))
def test_packs_are_hardly_more_than_the_values_of_the_member_with_most(schema: Object) -> None:
    node, maker, found = field_packs(schema)
    most = max((len(maker.packs(child)) for child in node.properties.values()), default=0)
    pairs = len(node.properties) * (len(node.properties) - 1) // 2
    together = sum(len(maker.packs(child)) for child in node.properties.values())
    excluding = "not" in schema or "dependentRequired" in schema or "maxProperties" in schema
    required = sum(len(maker.packs(node.properties[name])) for name in node.required)
    assert len(found) <= 1 + (together if excluding else most) + pairs + required


def test_what_a_member_needs_comes_with_it() -> None:
    needs: Object = {"type": "object", "properties": {"a": FLAG, "b": SIZE}, "dependentRequired": {"a": ["b"]}}
    found = packs_of(needs)
    assert {True, False} <= {value.get("a") for value in found}
    assert all("b" in value for value in found if "a" in value)
    only: Object = {**needs, "properties": {"a": FLAG, "b": {"type": "string"}}}
    assert any("b" in value and "a" not in value for value in packs_of(only))


def test_where_nothing_can_stand_even_alone_there_is_no_endless_search() -> None:
    impossible: Object = {"type": "object", "properties": {"a": FLAG}, "not": {}}
    assert packs_of(impossible) == []


def test_a_member_of_many_values_is_met_with_and_without_each_other_member() -> None:
    kind: Object = {"type": "string", "enum": [f"KIND_{index}" for index in range(60)]}
    found = packs_of({"type": "object", "properties": {"kind": kind, "a": FLAG, "b": SIZE, "c": {"type": "string"}}})
    for other in "abc":
        assert {other in value for value in found if "kind" in value} == {True, False}, other


def test_numbers_of_one_kind_differ_in_one_body() -> None:
    """Two rates that are mixed up show only where they differ."""
    found = packs_of({"type": "object", "properties": {"in": SIZE, "out": SIZE}})
    both = [value for value in found if {"in", "out"} <= value.keys()]
    assert sum(value["in"] != value["out"] for value in both) > len(both) / 2


def test_a_string_that_is_filled_in_has_another_length_each_time() -> None:
    members: Object = {"text": {"type": "string"}, "code": {"type": "string", "pattern": "^[a-z]{1,64}(x|y|z|[0-9]{2,5})$"}}
    many: Object = {"type": "string", "enum": [f"KIND_{index}" for index in range(60)]}
    found = packs_of({"type": "object", "properties": {**members, "kind": many}})
    lengths = [len(value["text"]) for value in found if "text" in value]
    assert len({*lengths} & {*LENGTHS}) > 8
    assert LENGTHS[0] in lengths


def test_a_member_with_a_default_is_left_out_alone() -> None:
    members = {"rate": {"type": "integer", "minimum": 0, "default": 5}, "size": {"type": "integer", "minimum": 0}}
    found = packs_of({"type": "object", "properties": members})
    assert any(set(pack) == {"size"} for pack in found)


def test_all_but_a_member_with_a_default_have_content() -> None:
    members: dict[str, Any] = {
        "rate": {"type": "integer", "minimum": 0, "default": 5},
        "list": {"type": "array", "items": {"type": "boolean"}},
    }
    found = [pack for pack in packs_of({"type": "object", "properties": members}) if set(pack) == {"list"}]
    assert any(pack["list"] for pack in found)


def test_each_required_number_is_there_without_what_is_optional() -> None:
    schema: Object = {"type": "object", "properties": {"rate": SIZE, "size": SIZE, "flag": FLAG}, "required": ["rate"]}
    node, _, packs = field_packs(schema)
    alone = [pack.value["rate"] for pack in packs if pack.aims[0].label == "only rate"]
    assert sorted(alone) == sorted(each.value for each in accepted(node.properties["rate"]) if each.must)
    assert all(pack.value.keys() == {"rate"} for pack in packs if pack.aims[0].label == "only rate")


@pytest.mark.parametrize("most", [2, 3, 4])
def test_each_two_members_that_may_meet_are_in_one_pack(most: int) -> None:
    members: Object = dict.fromkeys("abcde", FLAG)
    schema: Object = {"type": "object", "properties": members, "maxProperties": most, "not": {"required": ["a", "b"]}}
    met = {pair for value in packs_of(schema) for pair in combinations(sorted(value), 2)}
    assert met == {*combinations("abcde", 2)} - {("a", "b")}


def test_pairs_that_no_other_pack_has_together_get_one_of_their_own() -> None:
    """`a` and `b` exclude most of each other's values, so packing finds them apart."""
    kinds: Object = {"type": "string", "enum": ["x", "y", "z"]}
    schema: Object = {
        "type": "object",
        "properties": {"a": kinds, "b": kinds},
        "not": {"required": ["a", "b"], "anyOf": [{"properties": {name: {"enum": ["x", "z"]}}} for name in "ab"]},
    }
    node, _, packs = field_packs({**schema, "properties": {**schema["properties"], "c": FLAG}})
    assert node.is_object
    assert next(pack.value for pack in packs if {"a", "b"} <= pack.value.keys()).items() >= {("a", "y"), ("b", "y")}
    for pack in packs:
        assert fits(schema, pack.value)
