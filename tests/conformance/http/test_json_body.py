"""The value of a body: that of the standard library, but for constants that are no JSON, lone surrogates and deep nesting."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.json_body import DEEPEST, NOT_JSON, json_of
from openapi.json_types import Json
from openapi.schema.oracle import Oracle

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(VALUES)
def test_every_json_value_is_read(value: Json) -> None:
    assert json_of(json.dumps(value).encode()) == value


@pytest.mark.parametrize("content", [b"", b"{", b"NaN", b"[Infinity]", b'"\\ud800"', b"\xff", b'{"a":1}{"b":2}', b"1" * 5_000])
def test_what_is_no_json_is_reported_apart(content: bytes) -> None:
    assert json_of(content) is NOT_JSON


@pytest.mark.parametrize("digits", [20, 300, 400, 4_000])
def test_a_long_integer_is_json_and_can_be_validated(digits: int) -> None:
    value = json_of(b'{"a": %s}' % (b"9" * digits))
    assert value["a"] == pytest.approx(int("9" * digits)) if digits < 309 else value["a"] == int("9" * digits)
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert Oracle(schema, "response").violated(value) == {"response.a.type": [("a",)]}


@pytest.mark.parametrize("depth", [DEEPEST, 300, 900])
def test_a_deep_value_can_be_validated_and_serialized(depth: int) -> None:
    value = json_of(b'{"a": 1, "b": ' + b"[" * depth + b"]" * depth + b"}")
    assert value["a"] == 1
    schema = {"type": "object", "properties": {"b": {"type": "string"}}}
    assert Oracle(schema, "response").violated(value) == {"response.b.type": [("b",)]}
    assert json.loads(json.dumps(value)) == value
