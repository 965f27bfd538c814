"""What a schema mentions is all that it judges by."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.mentioned import Mentioned

_LEAVES = st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from(["", "a", "b", "xx", "xxx", 0.5])
_NAMES = st.sampled_from(["a", "b", "c", "other"])
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=6
)
_A: dict[str, Any] = {"properties": {"a": {"required": ["b"], "properties": {"b": {"type": "object"}}}}, "required": ["a"]}

SCHEMAS: dict[str, dict[str, Any]] = {
    "names": _A,
    "texts": {"properties": {"a": {"enum": ["", "a", None]}}, "required": ["a"]},
    "numbers": {"properties": {"a": {"const": 1}, "b": {"type": "integer"}}},
    "conditions": {"if": _A, "then": {"properties": {"b": False}}, "else": {"not": {"required": ["b"]}}},
    "alternatives": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "anyOf": [_A, {"properties": {"b": True}}]},
    "lengths": {"properties": {"a": {"minLength": 2}}},
    "patterns": {"properties": {"a": {"pattern": "^x{2}$"}, "b": {"minProperties": 1}}},
    "elements": {"properties": {"a": {"items": {"type": "string"}, "contains": {"const": "b"}}}},
    "whole values": {"properties": {"a": {"const": {"c": 1}}, "b": {"enum": [[1], "a"]}}},
    "lists that are stated": {"not": {"properties": {"a": {"const": []}, "b": {"const": ["a"]}}, "required": ["a"]}},
    "unknown members": {"additionalProperties": False, "properties": {"a": {"additionalProperties": False}}},
    "sizes": {"minProperties": 2},
}


@pytest.mark.parametrize("name", SCHEMAS)
@given(
    body=st.dictionaries(_NAMES, _VALUES, max_size=4), query=st.dictionaries(_NAMES, st.sampled_from(["a", "xx"]), max_size=1)
)
def test_it_judges_what_is_mentioned_as_it_judges_all(name: str, body: dict[str, Any], query: dict[str, str]) -> None:
    schema = {"properties": {"body": SCHEMAS[name], "query": {"not": {"required": ["c"]}}}}
    checker = jsonschema_rs.Draft202012Validator(schema)
    seen = Mentioned(schema).in_(query, body)
    assert checker.is_valid(seen or {"query": {}, "body": {}}) == checker.is_valid({"query": query, "body": body})


def test_texts_that_it_does_not_tell_apart_look_alike() -> None:
    mentioned = Mentioned({"properties": {"body": _A}})
    assert mentioned.in_({}, {"a": {"b": {"text": "Hello"}}}) == mentioned.in_({}, {"a": {"b": {"text": "Hi", "delay": "1s"}}})
    assert mentioned.in_({}, {"c": 1}) is None
