"""Laying overlays on a description: what is merged, appended and removed, and what each keyword remembers."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.catalogue import catalogue_of
from openapi.errors import InvalidOverlay
from openapi.json_types import resolve
from openapi.reading.documents import Document
from openapi.reading.overlays import apply_overlays
from openapi.rules import Basis, Level
from tests.openapi.synthetic import Object, description, loaded, overlay


def applied(root: Object, *actions: Object) -> Object:
    """The document with the actions applied, without what the keywords of schemas remember."""
    before = copy.deepcopy(root)
    found = apply_overlays(Document("", "d", root, ""), [Document("", "o", overlay(*actions), "")])
    assert root == before
    return found.root


def action(target: str, update: Any, **more: Any) -> Object:
    return {"target": target, "update": update, **more}


@pytest.mark.parametrize(
    ("root", "actions", "expected"),
    [
        ({"a": {"b": 1}}, [action("$.a", {"c": 2})], {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": 1}}, [action("$.a", {"b": 2})], {"a": {"b": 2}}),
        ({"a": {"b": {"c": 1}}}, [action("$.a", {"b": {"d": 2}})], {"a": {"b": {"c": 1, "d": 2}}}),
        ({"a": {"b": {"c": 1}}}, [action("$.a", {"b": 2})], {"a": {"b": 2}}),
        ({"a": {"b": [1]}}, [action("$.a", {"b": [2, 3]})], {"a": {"b": [1, 2, 3]}}),
        ({"a": {"b": [1]}}, [action("$.a", {"b": {"c": 2}})], {"a": {"b": {"c": 2}}}),
        ({"a": [1]}, [action("$.a", {"b": 2})], {"a": [1, {"b": 2}]}),
        ({"a": [1]}, [action("$.a", 2)], {"a": [1, 2]}),
        ({"a": [1]}, [action("$.a", [2, 3])], {"a": [1, 2, 3]}),
        ({"a": 1}, [action("$", {"b": 2})], {"a": 1, "b": 2}),
        ({"a": {"x": 1}, "b": {"x": 1}}, [action("$.*", {"y": 2})], {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}}),
        ({"a": {"b": 1}}, [{"target": "$.a.b", "remove": True}], {"a": {}}),
        ({"a": [1, 2, 3]}, [{"target": "$.a[0,1]", "remove": True}], {"a": [3]}),
        ({"a": [1, 2, 3]}, [{"target": "$.a[2,0]", "remove": True}], {"a": [2]}),
        ({"a": [1, 2, 1]}, [{"target": "$.a[?@ == 1]", "remove": True}], {"a": [2]}),
        ({"a": [1]}, [{"target": "$.a[0,0]", "remove": True}], {"a": []}),
        ({"a": {"x": {"x": 1}}}, [{"target": "$..x", "remove": True}], {"a": {}}),
        ({"a": list(range(12))}, [{"target": "$.a[?@ > 1]", "remove": True}], {"a": [0, 1]}),
        ({"a": 1}, [{"target": "$.a", "remove": True, "update": {"b": 1}}], {}),
        # In order: each action sees what the one before it has made.
        ({}, [action("$", {"a": {}}), action("$.a", {"b": 1})], {"a": {"b": 1}}),
        ({"a": {"b": 1}}, [{"target": "$.a", "remove": True}, action("$", {"a": {"c": 2}})], {"a": {"c": 2}}),
        ({"a": {}}, [action("$.a", {"b": 1}), action("$.a", {"b": 2})], {"a": {"b": 2}}),
    ],
)
def test_an_action_changes_what_its_target_finds(root: Object, actions: list[Object], expected: Object) -> None:
    assert applied(root, *actions) == expected


def test_what_is_merged_at_two_places_stays_two() -> None:
    found = applied({"a": {}, "b": {}}, action("$.*", {"x": {"y": []}}), action("$.a.x", {"y": [1]}))
    assert found == {"a": {"x": {"y": [1]}}, "b": {"x": {"y": []}}}


def test_an_action_that_finds_nothing_is_reported() -> None:
    layers = [Document("", "one", overlay(action("$.x", {}), action("$", {"x": {}})), "")]
    layers.append(Document("", "two", overlay(action("$.x", {}), {"target": "$.y.z", "remove": True}), ""))
    assert apply_overlays(Document("", "d", {}, ""), layers).idle == [
        "one#/actions/0: nothing matches $.x",
        "two#/actions/1: nothing matches $.y.z",
    ]


KEYS = st.sampled_from(["a", "b", "c"])
TREES: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 3), lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(KEYS, TREES), st.dictionaries(KEYS, TREES))
def test_an_update_lands_whole_and_leaves_the_rest(root: Object, update: Object) -> None:
    found = applied(root, action("$", update))

    def check(before: Any, new: Any, after: Any) -> None:
        if isinstance(before, dict) and isinstance(new, dict):
            assert list(after) == [*before, *(key for key in new if key not in before)]
            for key, each in after.items():
                if key in before and key in new:
                    check(before[key], new[key], each)
                else:
                    assert each == before.get(key, new.get(key))
        elif isinstance(before, list) and isinstance(new, list):
            assert after == before + new
        else:
            assert after == new

    check(root, update, found)


# --- provenance

BODY: Object = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "list": {"type": "array", "items": {"type": "string"}}},
}
AT = "$.paths['/api/calls'].post.requestBody.content['application/json'].schema"


def rules_with(*actions: Object, response: Any = None) -> Any:
    return catalogue_of(loaded(description(BODY, response), overlay(*actions))).rules


def source(index: int) -> str:
    return f"overlay0.json#/actions/{index}/update"


@pytest.mark.parametrize(
    ("target", "update", "rule"),
    [
        (f"{AT}.properties.id", {"maxLength": 3}, "body.id.maxLength"),
        (f"{AT}.properties", {"id": {"maxLength": 3}}, "body.id.maxLength"),
        (f"{AT}.properties", {"new": {"type": "integer", "minimum": 1}}, "body.new.minimum"),
        (AT, {"properties": {"id": {"maxLength": 3}}}, "body.id.maxLength"),
        (AT, {"minProperties": 1}, "body.minProperties"),
        (AT, {"allOf": [{"properties": {"id": {"maxLength": 3}}}]}, "body.id.maxLength"),
        (AT, {"allOf": [{"x-rule": "slug", "not": {"required": ["list"]}}]}, "body.slug"),
        (f"{AT}.properties.list", {"items": {"maxLength": 3}}, "body.list.*.maxLength"),
        (f"{AT}.properties.list.items", {"maxLength": 3}, "body.list.*.maxLength"),
        (
            "$.paths['/api/calls'].post",
            {"requestBody": {"content": {"application/json": {"schema": {"minProperties": 1}}}}},
            "body.minProperties",
        ),
        (
            "$",
            {"paths": {"/api/calls": {"post": {"parameters": [{"name": "q", "in": "query", "schema": {"maxLength": 3}}]}}}},
            "query.q.maxLength",
        ),
    ],
)
def test_a_keyword_remembers_the_sentence_it_comes_from(target: str, update: Object, rule: str) -> None:
    found = rules_with(action("$.info", {"x": 1}), action(target, update, description="The sentence."))[rule]
    assert (found.quote, found.basis, found.level) == ("The sentence.", Basis.DOCUMENTED, Level.MUST)
    assert found.source.endswith(source(1))


def test_basis_and_level_come_from_the_action() -> None:
    more = {"x-basis": "implied", "x-level": "SHOULD", "description": "Q"}
    found = rules_with(action(f"{AT}.properties.id", {"maxLength": 3}, **more))["body.id.maxLength"]
    assert (found.basis, found.level) == (Basis.IMPLIED, Level.SHOULD)


def test_a_named_rule_may_say_otherwise_itself() -> None:
    member = {"x-rule": "r", "x-requirement": "R MUST.", "quote": "Own.", "basis": "undocumented", "level": "MAY"}
    found = rules_with(action(AT, {"allOf": [{**member, "minProperties": 1}]}, description="Q"))["body.r"]
    assert (found.requirement, found.quote, found.basis, found.level) == (*("R MUST.", "Own.", Basis.UNDOCUMENTED, Level.MAY),)


def test_no_phantom_field_appears() -> None:
    """Show that what an update of `properties` remembers stands in its schemas; a member of `properties` would be a field."""
    rules = rules_with(action(f"{AT}.properties", {"id": {"maxLength": 3}, "new": {"type": "string"}}, description="Q"))
    assert not any("x-rules" in each for each in rules)


def test_an_example_that_holds_a_schema_is_an_example() -> None:
    example = {"schema": {"type": "string"}, "properties": {}}
    found = applied({"info": {}}, action("$.info", {"x-mine": example, "example": example}))
    assert found["info"] == {"x-mine": example, "example": example}


def test_the_later_overlay_is_the_one_that_is_quoted() -> None:
    first = action(f"{AT}.properties.id", {"maxLength": 3}, description="First.")
    second = action(f"{AT}.properties.id", {"maxLength": 2}, description="Second.")
    found = rules_with(first, second)["body.id.maxLength"]
    assert found.quote == "Second."
    assert "2 characters" in found.requirement


def test_what_was_required_before_stays_documented() -> None:
    """The overlay's own are implied; those of the description are not made so by standing in one list with them."""
    rules = rules_with(action(AT, {"required": ["list"]}, **{"x-basis": "implied", "description": "Q"}))
    assert (rules["body.id.required"].basis, rules["body.id.required"].quote) == (Basis.DOCUMENTED, None)
    assert (rules["body.list.required"].basis, rules["body.list.required"].quote) == (Basis.IMPLIED, "Q")
    assert rules["body.list.required"].source.endswith(source(0))


def test_a_default_that_an_overlay_adds_remembers_too() -> None:
    response = {"type": "object", "properties": {"id": {"type": "string"}}}
    update = action(f"{AT}.properties.id", {"default": "x"}, description="Defaults to x.")
    assert rules_with(update, response=response)["body.id.default"].quote == "Defaults to x."


def test_where_an_overlay_says_nothing_the_description_is_the_source() -> None:
    found = rules_with(action(f"{AT}.properties.id", {"maxLength": 3, "description": "D"}, description="Q"))["body.id.type"]
    assert found.quote is None
    assert resolve(description(BODY), found.source.partition("#")[2]) == "string"


def test_a_copy_merges_one_value_into_each_target() -> None:
    root = description({}, components={"schemas": {"A": {"type": "string", "maxLength": 3}, "B": {"title": "b"}}})
    found = applied(root, {"target": "$.components.schemas.B", "copy": "$.components.schemas.A"})
    copied = {key: value for key, value in found["components"]["schemas"]["B"].items() if key != "x-rules"}
    assert copied == {"title": "b", "type": "string", "maxLength": 3}


@pytest.mark.parametrize("source", ["$.components.schemas.*", "$.nowhere", 3])
def test_a_copy_needs_one_source(source: Any) -> None:
    root = description({}, components={"schemas": {"A": {}, "B": {}}})
    with pytest.raises(InvalidOverlay, match="#/actions/0/copy"):
        applied(root, {"target": "$.components.schemas.B", "copy": source})
