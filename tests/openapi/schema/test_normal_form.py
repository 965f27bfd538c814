"""Null, and null or another, have one form."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.schema.normal_form import is_null, nullable_rest, or_null


@pytest.mark.parametrize(
    ("schema", "null"),
    [
        *(({"type": "null"}, True), ({"type": ["null"]}, True), ({"enum": [None]}, True), ({"const": None}, True)),
        *(({"type": ["null", "string"]}, False), ({"enum": [None, 1]}, False), ({"const": 0}, False), ({}, False)),
        *((True, False), (False, False)),
    ],
)
def test_a_schema_of_null_alone(schema: Any, null: bool) -> None:
    assert is_null(schema) is null


def test_the_normal_form_is_recognised() -> None:
    rest = {"type": "string"}
    assert nullable_rest(or_null(rest)) == rest
    assert nullable_rest({"if": {"type": "null"}, "then": {}, "else": rest}) is None
    assert nullable_rest({"if": {"type": "string"}, "else": rest}) is None
