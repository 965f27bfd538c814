"""The keywords about bodies that JSON Schema cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.keywords import checks_of

_UNIQUE = {"type": "array", "x-unique-by": ["/alias", "/tool/name"], "items": {"type": "object"}}
_COVERS = {"type": "object", "x-covers": {"names": "/needs/names", "keys": "/given"}}


@pytest.mark.parametrize(
    ("schema", "value", "is_good"),
    [
        (_UNIQUE, [], True),
        (_UNIQUE, [{"alias": "a"}, {"alias": "b"}], True),
        (_UNIQUE, [{"alias": "a"}, {"alias": "a"}], False),
        (_UNIQUE, [{"alias": "a"}, {"tool": {"name": "a"}}], False),
        (_UNIQUE, [{"alias": "a", "tool": {"name": "b"}}, {"tool": {"name": "b"}}], True),
        (_UNIQUE, [{}, {}], True),
        (_UNIQUE, [{"alias": 1}, {"alias": 1}], True),
        (_UNIQUE, "no list", True),
        (_COVERS, {"needs": {"names": ["a"]}, "given": {"a": None}}, True),
        (_COVERS, {"needs": {"names": ["a", "b"]}, "given": {"a": 1}}, False),
        (_COVERS, {"needs": {"names": ["a"]}}, False),
        (_COVERS, {"needs": {"names": []}}, True),
        (_COVERS, {"given": {}}, True),
        ({"type": "object", "properties": {"in": {"type": "array", "items": _COVERS}}}, {"in": [{},
        {"needs": {"names": ["a"]}}]}, False),
        ({"type": "object", "additionalProperties": _UNIQUE}, {"a": [{"alias": "a"}] * 2}, False),
    ],
)  # fmt: skip
def test_keywords(schema: dict[str, Any], value: Any, is_good: bool) -> None:
    check = checks_of(schema)
    assert check is not None
    assert (check(value) is None) is is_good


def test_a_schema_without_them_needs_no_check() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    assert checks_of({"$ref": "#/$defs/Node", "$defs": {"Node": node}}) is None
