"""Built bodies: valid, with the value at its place, and with nothing around it that could be left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, paths_in, with_value, without
from strategies.bodies.builder import Builder, carried_to, is_sure, with_members
from strategies.values.valid import accepted
from tests.strategies.schemas import BODIES, FIELDS, NAMES, Object, fits, objects, oracle, ours


def built(schema: Object) -> Iterator[tuple[Json, Path, Json]]:
    """A body around the first values of each field without members: the body, the path, and the value."""
    rules = Oracle(schema, "body")
    for node in rules.root.walk():
        for each in accepted(node)[:2] if node.place and not node.is_object and node.each is None else ():
            found = Builder(rules).around(node, each.value)
            if found is not None:
                yield (*found, each.value)


@given(BODIES)
def test_a_body_is_valid_and_has_the_value_at_its_path(schema: Object) -> None:
    for body, path, value in built(schema):
        assert fits(schema, body)
        assert at(body, path) == value


@given(BODIES)
def test_no_member_of_a_body_can_be_left_out(schema: Object) -> None:
    for body, path, _ in built(schema):
        for other in list(paths_in(body))[1:]:
            on_the_way = path[: len(other)] == other
            inside = other[: len(path)] == path
            assert on_the_way or inside or not fits(schema, without(body, other)), (body, path, other)


@given(objects(FIELDS), st.data())
def test_what_is_completed_keeps_what_it_has(schema: Object, data: st.DataObject) -> None:
    rules = Oracle(schema, "body")
    name = data.draw(st.sampled_from(sorted(schema["properties"])))
    values = [each.value for each in accepted(rules.root.properties[name])] or [None]
    had = {name: data.draw(st.sampled_from(values))}
    found = Builder(rules).complete(had, (name,))
    if found is not None:
        assert found[name] == had[name]
        assert fits(schema, found)


@given(BODIES)
def test_what_is_valid_is_complete(schema: Object) -> None:
    builder = Builder(Oracle(schema, "body"))
    least = builder.complete({})
    assert least is not None
    assert builder.complete(least) == least
    assert builder.related(least) == least
    assert builder.unreferring(least) == least


def test_what_cannot_be_completed_is_none() -> None:
    schema: Object = {"type": "object", "properties": {"a": {"type": "integer"}}}
    builder = Builder(Oracle(schema, "body"))
    assert builder.complete({"a": "x"}) is None
    assert builder.related({"a": "x"}) is None
    assert builder.unreferring({"a": "x"}) is None
    assert builder.complete({"a": "x"}, (), frozenset({"body.a.type"})) == {"a": "x"}
    assert builder.complete({"a": "x"}, ("a",), frozenset({"body.a.maximum"})) is None


@given(st.lists(st.sampled_from(NAMES), unique=True), st.sampled_from([("a", "b"), ("b", "c")]))
def test_as_many_members_as_fit_are_added_earlier_ones_first(names: list[str], pair: tuple[str, str]) -> None:
    schema: Object = {
        "type": "object",
        "properties": {name: {"type": "boolean"} for name in NAMES},
        "not": {"required": [*pair]},
    }
    found = with_members(Oracle(schema, "body"), {}, [(name, True) for name in names])
    assert fits(schema, found)
    left = [name for name in names if name not in found]
    assert left == ([max(pair, key=names.index)] if {*pair} <= {*names} else [])


def test_with_no_member_to_add_the_value_stays() -> None:
    assert with_members(oracle({"type": "string"}), {"field": "x"}, []) == {"field": "x"}


def test_a_value_is_carried_into_an_array_of_the_size_it_needs() -> None:
    item: Object = {"type": "object", "properties": {"deep": {"type": "integer"}}}
    array: Object = {"type": "array", "items": item, "minItems": 3}
    rules = Oracle(
        {"type": "object", "properties": {"list": array, "map": {"additionalProperties": item, "minProperties": 2}}}, ""
    )
    places = {node.path: node for node in rules.root.walk()}
    body, path = carried_to(places["list.*.deep"], rules.root, 7)
    assert (path, at(body, path), len(body["list"])) == (("list", 0, "deep"), 7, 3)


def test_a_field_that_must_not_be_sent_completes_no_body() -> None:
    costly: Object = {"type": "string", "x-hazard": "it dials"}
    schema: Object = {
        "type": "object",
        "properties": {"costly": costly, "plain": {"type": "string"}},
        "anyOf": [{"required": ["costly"]}, {"required": ["plain"]}],
    }
    found = Builder(Oracle(schema, "body")).complete({})
    assert found is not None
    assert found.keys() == {"plain"}


@pytest.mark.parametrize("required", [["costly"], ["plain", "costly"]])
def test_a_body_that_needs_a_field_that_must_not_be_sent_cannot_be_built(required: list[str]) -> None:
    fields: Object = {"costly": {"type": "string", "x-hazard": "it dials"}, "plain": {"type": "string"}}
    builder = Builder(Oracle({"type": "object", "properties": fields, "required": required}, "body"))
    assert builder.complete({}) is None
    kept = builder.complete({"costly": "x"})
    assert kept is not None
    assert kept.keys() == {"costly", *required}


@pytest.mark.parametrize(("demand", "body"), [("then", {"kind": "b"}), ("else", {"kind": "a"}), ("else", {})])
def test_what_a_condition_asks_for_is_added(demand: str, body: Object) -> None:
    schema: Object = {
        "type": "object",
        "properties": {"other": {"type": "string"}, "kind": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
        "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
        demand: {"required": ["size"]},
    }
    found = Builder(Oracle(schema, "body")).complete(body)
    assert found is not None
    assert fits(schema, found)
    assert "other" not in found
    assert {**body, **found} == found


def test_a_field_of_which_nothing_is_known_to_be_accepted_is_not_sure() -> None:
    fields: Object = {
        "known": {"type": "string", "x-known-values": ["a"]},
        "unknown": {"type": "string", "x-known-values": []},
        "needing": {"type": "string", "x-needs": "a plan"},
        "plain": {"type": "string"},
    }
    root = Oracle({"type": "object", "properties": fields}, "body").root
    assert [name for name, node in root.properties.items() if is_sure(node)] == ["known", "plain"]


def test_around_each_field_of_ours_stands_what_it_needs_and_no_more() -> None:
    rules, count = ours(), 0
    for node in rules.root.walk():
        values = accepted(node)[:1] if node.place and not node.is_object and node.each is None else ()
        for each in values:
            found = Builder(rules).around(node, each.value)
            if found is None:
                continue
            body, path = found
            assert rules.is_valid(body)
            assert rules.root.at(path) is node
            count += 1
            for name in body.keys() - {path[0]}:
                assert not rules.is_valid(without(body, (name,))), (node.path, name)
    assert count > 100


@given(BODIES)
def test_a_value_in_place_of_another_is_found_there(schema: Object) -> None:
    for body, path, _ in built(schema):
        assert at(with_value(body, path, "mark"), path) == "mark"


def test_each_name_that_must_be_covered_is_given_something() -> None:
    names: Object = {"type": "array", "items": {"type": "string"}}
    schema: Object = {
        "type": "object",
        "properties": {"names": names, "given": {"type": "object", "additionalProperties": {}}},
        "x-covers": {"names": "/names", "keys": "/given"},
    }
    rules = Oracle(schema, "body")
    assert "body.x-covers" in rules.violated({"names": ["a", "b"]})
    assert Builder(rules).complete({"names": ["a", "b"], "given": {"c": 1}}) == {
        "names": ["a", "b"],
        "given": {"c": 1, "a": "text", "b": False},
    }
    found = Builder(rules).complete({"names": list("abcde")})
    assert found is not None
    assert list(found["given"].items()) == [("a", "text"), ("b", False), ("c", 0), ("d", ""), ("e", "text")]


def test_a_required_member_whose_name_ends_like_that_of_another_replaces_it_not() -> None:
    schema: Object = {"type": "object", "properties": {"a": {"type": "integer"}, "x.a": {}}, "required": ["a", "x.a"]}
    found = Builder(Oracle(schema, "body")).complete({"a": 5})
    assert found is None or found["a"] == 5
