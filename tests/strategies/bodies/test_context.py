"""A violation in context: whoever overlooks it has nothing else to complain about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings

from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, without
from strategies.bodies.builder import Builder, is_sure
from strategies.bodies.context import (
    accompanied,
    among_valid,
    contexts,
    filled_out,
    lopsided,
    other_alternatives,
    rotated,
    whole,
)
from strategies.negative.violations import violations
from strategies.values.place_schema import alone
from tests.plans import our_plan
from tests.strategies.schemas import BODIES, fits, ours


def test_an_invalid_type_behind_a_valid_element_hides_no_name_that_is_taken() -> None:
    """A server that reads an invalid type as none refuses the name, and so passes for one that reads the value."""
    plan = our_plan()
    behind = [
        (rule, each)
        for rule, found in plan.violations.items()
        for each in found
        if rule.endswith(".type") and {1, 2} & set(each.path) and isinstance(each.path[-1], str)
    ]
    assert len(behind) > 20
    for rule, each in behind:
        violated = plan.oracle.violated(without(each.body, each.path))
        assert not [name for name in violated if name.endswith(".x-unique-by")], (rule, each.body)


CHOICE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"type": "object", "properties": {"one": {"type": "object"}, "two": {"type": "object"}}, "maxProperties": 1},
        "size": {"type": "integer", "maximum": 3},
        "list": {
            "type": "array",
            "items": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}},
        },
        "dear": {"type": "string", "x-hazard": "it dials"},
        "unsure": {"type": "string", "x-known-values": []},
    },
}


def rules() -> Oracle:
    return Oracle(CHOICE, "body")


def test_the_contexts_have_every_sure_member_between_them() -> None:
    found = contexts(rules())
    assert all(map(rules().is_valid, found))
    assert set().union(*found) == {"kind", "size", "list"}


def test_the_contexts_of_ours_are_valid_and_have_every_sure_member() -> None:
    found = contexts(ours())
    assert found
    assert all(map(ours().is_valid, found))
    every = {name for name, node in ours().root.properties.items() if is_sure(node) and not node.get("x-hazard")}
    assert len(every - set().union(*found)) <= 2


@settings(max_examples=10)
@given(BODIES)
def test_a_violation_filled_out_stays_the_only_one_at_its_place(schema: Any) -> None:
    oracle = Oracle(schema, "body")
    for same in violations(oracle):
        each = same[0]
        if each.rule.endswith((".type", ".minItems", ".maxItems")):
            continue
        for body in (
            filled_out(oracle, each.body, each.path[:-1], each.rule),
            accompanied(oracle, each.body, each.path, each.rule, contexts(oracle)),
        ):
            assert list(oracle.violated(body)) == [each.rule]
            assert at(body, each.path) == at(each.body, each.path) or isinstance(at(each.body, each.path), dict)


def test_every_sure_member_accompanies_a_violation() -> None:
    body: Json = {"list": [{"a": "x"}]}
    found = accompanied(rules(), body, ("list", 0, "a"), "body.list.*.a.type", contexts(rules()))
    assert found.keys() == {"kind", "size", "list"}
    assert found["list"][0].keys() == {"a", "b"}
    filled = filled_out(rules(), body, ("list", 0), "body.list.*.a.type")
    assert filled["list"][0].keys() == {"a", "b"}
    assert filled.keys() == {"list"}


AROUND = [((1, 1), [True, False, True]), ((2, 0), [True, True, False]), ((0, 1), [False, True])]


@pytest.mark.parametrize(("around", "expected"), AROUND)
def test_valid_items_stand_around_a_violation(around: tuple[int, int], expected: list[bool]) -> None:
    body, path = among_valid(rules(), {"list": [{"a": "x"}]}, ("list", 0, "a"), "body.list.*.a.type", *around)
    assert path == ("list", expected.index(False), "a")
    assert at(body, path) == "x"
    assert [rules().is_valid({"list": [each]}) for each in body["list"]] == expected


@pytest.mark.parametrize(("around", "expected"), AROUND)
def test_valid_members_stand_around_a_violation_in_a_map(around: tuple[int, int], expected: list[bool]) -> None:
    each = {"type": "object", "properties": {"a": {"type": "integer"}}}
    oracle = Oracle({"type": "object", "properties": {"map": {"type": "object", "additionalProperties": each}}}, "body")
    body, path = among_valid(oracle, {"map": {"k": {"a": "x"}}}, ("map", "k", "a"), "body.map.*.a.type", *around)
    assert path == ("map", "k", "a")
    assert [oracle.is_valid({"map": {"k": value}}) for value in body["map"].values()] == expected


def test_violations_of_each_kind_stand_first_between_and_last_in_each_array() -> None:
    plan = our_plan()
    met: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in plan.rejects():
        path = case.offending_path or ()
        for depth, step in enumerate(path):
            if isinstance(step, int) and plan.catalogue.is_documented(case.rule):
                last = step == len(at(case.body, path[:depth])) - 1
                position = ("alone" if last else "first") if not step else "last" if last else "between"
                met[plan.oracle.place(path[:depth]), case.rule.rpartition(".")[2]].add(position)
    assert len(met) > 15
    assert [key for key, positions in met.items() if not {"alone", "between", "last"} <= positions] == []
    assert sum("first" in positions for positions in met.values()) > len(met) // 2  # where there are enough violations


def test_of_a_choice_each_alternative_is_met_in_turn() -> None:
    inner: dict[str, Any] = {**CHOICE["properties"]["kind"], "properties": {"one": {}, "two": {}, "three": {}}}
    choice = {"type": "object", "properties": {"kind": inner, "size": {"type": "integer", "maximum": 3}}}
    oracle = Oracle({"type": "object", "properties": {"outer": choice}}, "body")
    body: Json = {"outer": {"kind": {"one": {}}, "size": 4}}
    others = list(other_alternatives(Builder(oracle), body, ("outer",), "body.outer.size.maximum"))
    assert [list(each["outer"]["kind"]) for each in others] == [["one"], ["two"], ["three"]]


def test_beside_another_alternative_a_violation_stays_what_it_is() -> None:
    either: dict[str, Any] = {
        "type": "object",
        "properties": {"one": {"type": "string"}, "two": {"type": "string"}, "size": {"type": "integer", "maximum": 3}},
        "oneOf": [{"required": ["one"]}, {"required": ["two"]}],
    }
    oracle = Oracle({"type": "object", "properties": {"list": {"type": "array", "items": either}}}, "body")
    body: Json = {"list": [{"one": "x", "size": 4}]}
    found = [rotated(oracle, body, ("list", 0, "size"), index) for index in range(3)]
    assert [each and {*each["list"][0]} for each in found] == [None, {"two", "size"}, None]


def test_content_stands_in_one_of_two_that_exclude_each_other() -> None:
    inner = {"type": "object", "properties": {"a": {"type": "string"}}}
    both = {"type": "object", "properties": {"one": inner, "two": inner}, "maxProperties": 1}
    oracle = Oracle({"type": "object", "properties": {"kind": both}}, "body")
    found = list(lopsided(oracle, {"kind": {"one": {}, "two": {}}}, ("kind",), "body.kind.maxProperties"))
    assert [{name for name, value in each["kind"].items() if value} for each in found] == [{"one"}, {"two"}]
    assert list(lopsided(oracle, {"kind": {"one": {}}}, ("kind",), "body.kind.maxProperties")) == []


@given(BODIES)
def test_a_whole_value_is_valid(schema: Any) -> None:
    for node in Oracle(schema, "body").root.walk():
        value = whole(node)
        assert value is None or fits(alone(node), value)


def test_the_contexts_have_each_of_several_members_that_exclude_each_other() -> None:
    members = {name: {"type": "string"} for name in ("one", "two", "plain")}
    either = {"type": "object", "properties": members, "oneOf": [{"required": ["one"]}, {"required": ["two"]}]}
    found = contexts(Oracle(either, "body"))
    assert {frozenset(each) for each in found} == {frozenset({"one", "plain"}), frozenset({"two", "plain"})}


@pytest.mark.parametrize("around", [(1, 1), (2, 0), (0, 1)])
def test_no_valid_item_stands_around_a_violation_where_it_would_be_another(around: tuple[int, int]) -> None:
    sizes: dict[str, Any] = {"type": "integer", "maximum": 9}
    for more in ({"uniqueItems": True}, {"maxItems": 1}, {"contains": {"const": 10}, "maxContains": 1}):
        oracle = Oracle({"type": "object", "properties": {"list": {"type": "array", "items": sizes, **more}}}, "body")
        body, path = among_valid(oracle, {"list": [10]}, ("list", 0), "body.list.*.maximum", *around)
        assert oracle.violated(body) == {"body.list.*.maximum": [path]}
