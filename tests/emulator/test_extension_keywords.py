"""The keywords about bodies that JSON Schema cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.extension_keywords import checks_of

_UNIQUE = {"type": "array", "x-unique-by": ["/alias", "/tool/name"], "items": {"type": "object"}}
_REFERENCE = {**_UNIQUE, "x-unique-reference": ["/stored", "/id"]}
_COVERS = {"type": "object", "x-covers": {"names": "/needs/names", "keys": "/given"}}

_REFERS = {
    "type": "object",
    "x-refers": [
        {"names": [{"at": "/parts/*", "where": {"required": ["far"]}, "name": "/name"}], "to": ["/known"]},
        {"when": {"required": ["url"]}, "names": ["/known"], "to": [{"at": "/url", "between": ["/{", "}"]}]},
    ],
}
_ONE_REFERS = {"type": "object", "x-refers": [{"names": ["/options/*/needs"], "to": ["/given"], "one": True}]}
_DISTINCT = {"type": "object", "x-distinct": ["/one/*/name", "/two/*/name"]}


@pytest.mark.parametrize(
    ("schema", "value", "is_valid_body"),
    [
        (_UNIQUE, [], True),
        (_UNIQUE, [{"alias": "a"}, {"alias": "b"}], True),
        (_UNIQUE, [{"alias": "a"}, {"alias": "a"}], False),
        (_UNIQUE, [{"alias": "a"}, {"tool": {"name": "a"}}], False),
        (_UNIQUE, [{"alias": "a", "tool": {"name": "b"}}, {"tool": {"name": "b"}}], True),
        (_UNIQUE, [{}, {}], True),
        (_UNIQUE, [{"alias": 1}, {"alias": 1}], True),
        (_UNIQUE, "no list", True),
        (_REFERENCE, [{"stored": "a"}, {"stored": "a"}], False),
        (_REFERENCE, [{"stored": "a"}, {"id": "a"}], True),
        (_REFERENCE, [{"stored": "a"}, {"alias": "a"}], True),
        (_REFERENCE, [{"stored": "a", "alias": "b"}, {"stored": "a"}], True),
        (_COVERS, {"needs": {"names": ["a"]}, "given": {"a": None}}, True),
        (_COVERS, {"needs": {"names": ["a", "b"]}, "given": {"a": 1}}, False),
        (_COVERS, {"needs": {"names": ["a"]}}, False),
        (_COVERS, {"needs": {"names": []}}, True),
        (_COVERS, {"given": {}}, True),
        ({"type": "object", "properties": {"in": {"type": "array", "items": _COVERS}}}, {"in": [{},
        {"needs": {"names": ["a"]}}]}, False),
        (_REFERS, {"parts": [{"name": "a"}]}, True),
        (_REFERS, {"parts": [{"name": "a", "far": 1}]}, False),
        (_REFERS, {"parts": [{"name": "a", "far": 1}], "known": {"a": 1}, "url": "x/{a}"}, True),
        (_REFERS, {"known": ["a", "b"], "url": "x/{a}{b}"}, False),
        (_REFERS, {"known": ["a", "b"]}, True),
        (_REFERS, "no object", True),
        (_ONE_REFERS, {"options": [{"needs": {"a": 1}}, {"needs": {"b": 1}}], "given": {"b": 1}}, True),
        (_ONE_REFERS, {"options": [{"needs": {"a": 1}}, {"needs": {"b": 1, "c": 1}}], "given": {"b": 1}}, False),
        (_ONE_REFERS, {"options": [{"needs": {"a": 1}}, {}]}, True),
        (_ONE_REFERS, {"options": []}, True),
        (_DISTINCT, {"one": [{"name": "a"}], "two": [{"name": "b"}, {}]}, True),
        (_DISTINCT, {"one": [{"name": "a"}], "two": [{"name": "a"}]}, False),
        ({"type": "object", "additionalProperties": _UNIQUE}, {"a": [{"alias": "a"}] * 2}, False),
    ],
)  # fmt: skip
def test_keywords(schema: dict[str, Any], value: Any, is_valid_body: bool) -> None:
    check = checks_of(schema)
    assert check is not None
    assert (check(value) is None) is is_valid_body


def test_a_schema_without_them_needs_no_check() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    assert checks_of({"$ref": "#/$defs/Node", "$defs": {"Node": node}}) is None
