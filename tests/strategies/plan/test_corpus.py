"""The corpus: valid bodies that between them have every property and every member of an enum, cheap to check and send."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.plan.corpus import corpus, rich_bodies, slimmed, traits
from tests.strategies.plan.small import BODY, planned
from tests.strategies.schemas import BODIES, Object, fits, keywords
from tests.strategies.test_case import VALUES


def test_the_corpus_has_every_property_and_every_member_that_must_be_accepted() -> None:
    corpus, root = planned().corpus, planned().oracle.root
    assert all(fits(BODY, {"count": 1, **body}) for body in corpus.rich_bodies)
    met = {trait for body in corpus.rich_bodies for trait in traits(body, root)}
    assert {("kind", "KIND_ONE"), ("kind", "KIND_TWO"), ("some", "A"), ("items.*.on", ""), ("tags.*", "")} <= met
    assert all(fits(BODY, body) and at(body, path) is not None for body, path in corpus.places.values())
    assert all(map(planned().oracle.is_valid, corpus.known))
    sizes = [len(str(body)) for body in corpus.known]
    assert sizes == sorted(sizes)


def test_what_is_slimmed_is_short_and_of_the_same_shape() -> None:
    wide: Any = {f"k{index}": ["x" * 500] * 9 for index in range(50)}
    slim = slimmed(wide)
    assert len(slim) == 30
    assert {len(each) for each in slim.values()} == {5}
    assert {len(text) for each in slim.values() for text in each} == {40}
    assert slimmed({"a": [1, "x" * 400]}) == {"a": [1, "x" * 400]}


def size(value: Any) -> int:
    return len(str(value))


@given(VALUES)
def test_slimming_keeps_the_shape_and_changes_nothing_that_is_short(value: Any) -> None:
    assert slimmed(value) == value
    assert slimmed({"long": "x" * 401, "in": value}) == {"long": "x" * 40, "in": value}
    assert slimmed(slimmed([value] * 9)) == slimmed([value] * 9) == [value] * 5


@settings(max_examples=15)
@given(BODIES)
def test_of_any_schema_the_bodies_are_valid_and_sorted_by_size(schema: Object) -> None:
    oracle = Oracle(schema, "body")
    found = corpus(oracle, [], frozenset())
    empty, *others = found.rich_bodies
    assert empty == {}
    # Built around what is missing alone: they need not have what the body requires.
    assert all(fits(schema, body) for body in others if body)
    assert list(map(size, others)) == sorted(map(size, others))
    assert all(fits(schema, body) and at(body, path) is not None for body, path in found.places.values())
    assert all(fits(schema, body) for body in found.known)


@settings(max_examples=15)
@given(BODIES)
def test_each_field_that_can_be_set_has_a_place(schema: Object) -> None:
    oracle = Oracle(schema, "body")
    leaves = {node.path for node in oracle.root.walk() if node.place and not node.is_object and node.each is None}
    found = corpus(oracle, [], frozenset())
    assert found.places.keys() <= leaves
    assert leaves - found.places.keys() <= {rule.rpartition(".")[0].removeprefix("body.") for rule in keywords(schema)}


def test_what_is_lacking_or_must_not_be_sent_is_not_in_it() -> None:
    fields: Object = {
        "plain": {"type": "string"},
        "costly": {"type": "string", "x-hazard": "it dials"},
        "needing": {"type": "string", "x-needs": "a plan"},
        "unknown": {"type": "string", "x-known-values": []},
    }
    oracle = Oracle({"type": "object", "properties": fields}, "body")
    found = corpus(oracle, [], frozenset({"needing"}))
    met = {name for body in (*found.rich_bodies, *found.known) for name in body}
    assert met == {"plain"}
    assert {name for body in corpus(oracle, [], frozenset()).rich_bodies for name in body} == {"plain", "needing"}


def test_bodies_that_are_invalid_or_too_large_are_not_taken() -> None:
    oracle = Oracle({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "object"}}}, "body")
    huge = {"b": {f"key{index}": "x" * 399 for index in range(30)}}
    found = rich_bodies(oracle, [{"a": 7, "b": {"is": "taken"}}, {"a": "x"}, huge], frozenset())
    assert {"a": 7, "b": {"is": "taken"}} in found
    assert {"a": "x"} not in found
    assert huge not in found


@given(st.integers(45, 60))
def test_of_many_bodies_those_are_taken_that_are_needed_and_some_for_variety(count: int) -> None:
    oracle = Oracle({"type": "object", "properties": {"a": {"type": "integer"}, "kind": {"enum": ["X", "Y"]}}}, "body")
    many = [{"a": number} for number in range(count)]
    found = rich_bodies(oracle, [*many, {"kind": "Y", "a": 1}], frozenset())
    met = {trait for body in found for trait in traits(body, oracle.root)}
    assert met >= {("a", ""), ("kind", ""), ("kind", "X"), ("kind", "Y")}
    assert len(found) == 41
    assert len({str(body) for body in found}) == len(found)


def test_traits_are_the_properties_and_the_members_of_enums() -> None:
    root = planned().oracle.root
    assert traits({}, root) == {("", "")} or traits({}, root) == set()
    found = traits({"kind": "KIND_ONE", "items": [{"key": "x"}], "tags": {"any": "y"}, "nobody": 1}, root)
    assert {("kind", ""), ("kind", "KIND_ONE"), ("items", ""), ("items.*.key", ""), ("tags.*", "")} <= found
    assert not any("nobody" in path or "any" in path for path, _ in found)
    assert BODY["properties"].keys() >= {path.partition(".")[0] for path, _ in found if path}
