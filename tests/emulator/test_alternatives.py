"""The emulator's responses take the first alternative, whole."""

from __future__ import annotations

from typing import Any

from emulator.alternatives import with_first


def test_the_first_branch_stands_for_all() -> None:
    one: dict[str, Any] = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    schema = {"properties": {"x": {"oneOf": [one, {"type": "null"}], "title": "X"}}}
    assert with_first(schema) == {"properties": {"x": {"title": "X", "allOf": [one]}}}


def test_nothing_to_choose_leaves_the_schema_as_it_is() -> None:
    schema = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}}}
    assert with_first(schema) is schema
