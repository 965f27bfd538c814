"""A schema in parts says of an object what it says as a whole; where it cannot be taken apart, it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi import load_contract
from openapi.json_types import Json
from openapi.schema.member_validators import apart
from openapi.schema.oracle import Oracle

_MEMBERS: Json = {"a": {"type": "integer", "maximum": 1}, "b": {"type": "object", "required": ["a"]}, "c": True}
_TOGETHER: Json = [
    {"not": {"required": ["a", "b"], "properties": {"a": {"const": 1}}}, "x-rule": "a-or-b"},
    {"if": {"properties": {"b": {"minProperties": 2}}, "required": ["b"]}, "then": {"required": ["c"]}},
    {
        "anyOf": [{"required": ["a"]}, {"required": ["c"]}, {"properties": {"b": {"type": "object"}}}],
        "properties": {"d": False},
    },
]
_VALUES = st.recursive(
    st.sampled_from([None, 0, 1, 2, "text", {}, {"a": 1}, {"a": 1, "b": 1}]),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=2,
)
_OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), _VALUES, max_size=4)

WHOLE: dict[str, Json] = {
    "members": {"properties": _MEMBERS},
    "rules beside": {"type": "object", "properties": _MEMBERS, "allOf": _TOGETHER, "required": ["c"], "description": "x"},
    "references": {
        "$ref": "#/$defs/one",
        "$defs": {
            "one": {"allOf": [{"$ref": "#/$defs/two"}, {"properties": {"a": {"minimum": 0}}}, *_TOGETHER]},
            "two": {"properties": {**_MEMBERS, "e": {"$ref": "#/$defs/two"}}, "x-origin": "here"},
        },
    },
}
NOT_APART: dict[str, Json] = {
    "unknown members": {"properties": _MEMBERS, "additionalProperties": False},
    "counts": {"properties": _MEMBERS, "allOf": [{"not": {"minProperties": 2}}]},
    "keywords of ours": {"properties": _MEMBERS, "x-refers": [{"names": ["/a"], "to": ["/b"]}]},
    "references inside": {"properties": _MEMBERS, "not": {"$ref": "#/$defs/one"}, "$defs": {"one": {"required": ["a"]}}},
    "made of itself": {"$ref": "#/$defs/one", "$defs": {"one": {"allOf": [{"$ref": "#/$defs/one"}]}}},
    "references elsewhere": {"$ref": "https://example.com/schema"},
    "nothing": {"allOf": [False]},
}


@pytest.mark.parametrize("name", WHOLE)
@given(value=_OBJECTS)
def test_parts_say_what_the_whole_says(name: str, value: dict[str, Json]) -> None:
    parts = Oracle(WHOLE[name], "x").parts
    assert parts is not None
    each_is_valid = all(is_valid(member) for key, member in value.items() if (is_valid := parts.member(key)) is not None)
    assert (each_is_valid and parts.go_together(value)) == Oracle(WHOLE[name], "x").is_valid(value)


@pytest.mark.parametrize("name", NOT_APART)
def test_what_looks_at_more_is_left_whole(name: str) -> None:
    assert apart(NOT_APART[name], lambda schema: Oracle(schema, "x").is_valid) is None


def test_our_own_body_can_be_taken_apart() -> None:
    parts = Oracle(load_contract().request, "body").parts
    assert parts is not None
    assert parts.names == {"voice", "externalVoice", "firstSpeaker", "firstSpeakerSettings"}
