"""Every violation violates its rule and no other, by a validator that had no part in its construction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given

from openapi.coercion.parsers import ALL, parsers
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.negative.violations import ALONGSIDE, COERCED, Violation, is_hazard, violates_only, violations
from tests.strategies.schemas import BODIES, Object, errors, fits, keywords, ours


def found_in(schema: Object) -> Iterator[Violation]:
    for same_rule in violations(Oracle(schema, "body")):
        yield from same_rule


@given(BODIES)
def test_a_violation_has_one_error_of_its_keyword_at_its_path(schema: Object) -> None:
    for each in found_in(schema):
        found = set(errors(schema, each.body))
        keyword = each.rule.rpartition(".")[2]
        if keyword == "required":
            (path, kind) = found.pop()
            assert (found, kind) == (set(), "required")
            assert each.rule.split(".")[-2] not in at(each.body, path)
        elif keyword == "propertyNames":
            assert {path for path, _ in found} == {each.path}
        elif keyword == "type":
            assert (each.path, "type") in found
            assert {path for path, _ in found} == {each.path}
        else:
            assert found == {(each.path, keyword)}, each


@given(BODIES)
def test_every_keyword_of_a_schema_is_violated(schema: Object) -> None:
    assert {each.rule for each in found_in(schema)} == set(keywords(schema))


@given(BODIES)
def test_the_violations_of_a_rule_differ_and_come_together(schema: Object) -> None:
    grouped = [[each.rule for each in same] for same in violations(Oracle(schema, "body"))]
    rules = [same[0] for same in grouped]
    assert all(set(same) == {same[0]} for same in grouped)
    assert len(set(rules)) == len(rules)
    for same in violations(Oracle(schema, "body")):
        bodies = [json.dumps(each.body) for each in same]
        assert len(set(bodies)) == len(bodies)


@given(BODIES)
def test_the_same_schema_is_violated_in_the_same_ways(schema: Object) -> None:
    assert list(found_in(schema)) == list(found_in(schema))


def test_a_field_that_must_not_be_sent_is_in_no_violation() -> None:
    expensive: Object = {"type": "object", "x-hazard": "it dials", "properties": {"to": {"type": "string"}}}
    schema: Object = {"type": "object", "properties": {"a": {"type": "integer"}, "expensive": expensive}}
    oracle = Oracle(schema, "body")
    assert [node.path for node in oracle.root.walk() if is_hazard(oracle.root, node)] == ["expensive", "expensive.to"]
    found = list(found_in(schema))
    assert found
    assert not any("expensive" in str(each.body) for each in found)


@pytest.mark.parametrize(
    "fragment", [{"dependentRequired": {"a": []}}, {"patternProperties": {"^v": {}}}, {"properties": {"a": True, "b": {}}}]
)
def test_no_value_is_drawn_against_what_none_violates(fragment: Object, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[Json]()
    monkeypatch.setattr("strategies.values.sampling.examples_of", drawn.append)
    list(found_in({"type": "object", "properties": {"m": fragment}}))
    assert drawn == []


def test_a_violation_of_one_place_may_hide_what_else_is_said_of_the_place_alone() -> None:
    oracle = Oracle(
        {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}, "b": {"type": "integer", "maximum": 3}}},
        "body",
    )
    cases: list[tuple[Json, str, bool]] = [
        ({"a": "long"}, "body.a.maxLength", True),
        ({"a": "long"}, "body.b.maximum", False),
        ({"a": "long", "b": 4}, "body.a.maxLength", False),
        ({"a": 1}, "body.a.type", True),
        ({"a": 1, "b": 4}, "body.a.type", False),
        ({"a": "x"}, "body.a.maxLength", False),
    ]
    for body, rule, alone in cases:
        assert violates_only(oracle, body, rule) is alone, body


PLAIN = frozenset("maximum minimum pattern enum required oneOf maxProperties".split())


def test_a_plain_validator_refuses_every_violation_of_a_plain_keyword_of_ours() -> None:
    schema, count = ours().schema, 0
    for same in violations(ours()):
        keyword = same[0].rule.rpartition(".")[2]
        for each in (
            same[:3] if keyword in ("maximum", "minimum", "pattern", "enum", "required", "oneOf", "maxProperties") else ()
        ):
            assert not fits(schema, each.body), each
            count += 1
    assert count > 100


KINDS: Object = {"type": "string", "enum": ["KIND_ONE", "KIND_TWO"]}
WAYS: Object = {"type": "string", "enum": ["WAY_A", "WAY_B", "WAY_C"], "x-implementation-defined": {"const": "WAY_C"}}


def test_an_invalid_member_of_an_enum_stands_beside_each_sure_member_of_another_in_its_object() -> None:
    inner: Object = {"type": "object", "properties": {"kind": KINDS, "way": WAYS, "note": {"type": "string"}}}
    for schema, beside in (({"in": inner}, {"WAY_A", "WAY_B"}), (inner["properties"], set())):
        found = [each for each in found_in({"type": "object", "properties": schema}) if each.rule.endswith("kind.enum")]
        assert found
        alongside = [each for each in found if each.label.startswith(ALONGSIDE)]
        assert {each.label.removeprefix(ALONGSIDE) for each in alongside} == beside
        for each in alongside:
            assert at(each.body, each.path) not in KINDS["enum"]
            assert at(each.body, (*each.path[:-1], "way")) == each.label.removeprefix(ALONGSIDE)


def keys_of(holder: Json) -> Iterable[str | int]:
    return holder if isinstance(holder, dict) else range(len(holder))


@pytest.mark.parametrize("keyword", ["maximum", "minimum"])
def test_an_invalid_item_stands_alone_between_valid_ones_and_behind_them_in_turn(keyword: str) -> None:
    sizes: Object = {"type": "integer", "minimum": 3, "maximum": 9}
    for schema, places in (
        ({"type": "array", "items": sizes}, [(0, 1), (1, 3), (2, 3)]),
        ({"type": "object", "additionalProperties": sizes}, [(0, 1), (1, 3), (2, 3)]),
        ({"type": "array", "items": sizes, "maxItems": 2}, [(0, 1), (1, 2), (1, 2)]),
    ):
        of = {"type": "object", "properties": {"list": schema}}
        found = [each for each in found_in(of) if each.rule == f"body.list.*.{keyword}"]
        assert [(list(keys_of(each.body["list"])).index(each.path[1]), len(each.body["list"])) for each in found] == places


@given(BODIES)
def test_without_anything_around_a_violation_no_member_can_be_left_out(schema: Object) -> None:
    for same in violations(Oracle(schema, "body"), alone=True):
        for each in same[:2]:
            if not isinstance(each.body, dict) or each.rule.endswith(("Properties", "dependentRequired", "not")):
                continue
            for name in each.body.keys() - {*each.path[:1], *schema.get("required", ())}:
                smaller = {key: value for key, value in each.body.items() if key != name}
                assert {rule for _, rule in errors(schema, smaller)} - {rule for _, rule in errors(schema, each.body)}, each


def test_in_context_a_violation_of_members_has_all_else_that_may_be_there() -> None:
    inner: Object = {"type": "object", "properties": {name: {"type": "boolean"} for name in "abc"}, "required": ["a"]}
    schema: Object = {"type": "object", "properties": {"in": inner}}
    found = [each.body["in"].keys() for each in found_in(schema) if each.rule == "body.in.a.required"]
    assert set() in found
    assert {"b", "c"} in found


def test_values_that_another_parser_reads_are_tried_where_the_server_has_one_parser() -> None:
    oracle = Oracle({"type": "object", "properties": {"on": {"type": "boolean"}}}, "body")

    def read(reads: frozenset[str]) -> list[str]:
        return [each.label for same in violations(oracle, reads) for each in same if each.label.startswith(COERCED)]

    assert read(ALL) == []
    one = {parser: read(frozenset({parser})) for parser in parsers()}
    assert any(one.values())
    assert all(len(labels) <= 12 for labels in one.values())


@pytest.mark.parametrize("keyword", ["maxProperties", "oneOf"])
def test_of_alternatives_that_exclude_each_other_one_has_content_beside_the_other(keyword: str) -> None:
    inner: Object = {"type": "object", "properties": {"a": {"type": "string"}}}
    stated: Object = {"maxProperties": 1} if keyword == "maxProperties" else {"oneOf": [{"required": [n]} for n in ("x", "y")]}
    either: Object = {"type": "object", "properties": {"x": inner, "y": inner}, **stated}
    found = list(found_in({"type": "object", "properties": {"either": either, "size": {"type": "integer", "maximum": 3}}}))
    lopsided = [each for each in found if each.label == "with content beside what is empty"]
    assert {each.rule for each in lopsided} == {f"body.either.{keyword}"}
    assert {frozenset(name for name, value in each.body["either"].items() if value) for each in lopsided} >= {
        frozenset({"x"}),
        frozenset({"y"}),
    }
