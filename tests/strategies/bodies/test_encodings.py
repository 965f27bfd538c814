"""Spellings of queries mean what the usual one does."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.oracle import Oracle
from strategies.bodies.encodings import percent_encoded, spellings
from tests.strategies.schemas import fits, objects

STRINGS = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(STRINGS.filter(bool), STRINGS)))
def test_a_percent_encoded_query_is_the_same_query(query: list[tuple[str, str]]) -> None:
    text = percent_encoded(query)
    assert text.isascii()
    assert parse_qsl(text, keep_blank_values=True) == query


def spelled(schema: dict[str, Any]) -> list[tuple[str, Any, bytes]]:
    return list(spellings(Oracle(schema, "body"), frozenset()))


@given(objects())
def test_every_encoding_is_the_same_json_and_no_two_are_the_same_bytes(schema: dict[str, Any]) -> None:
    found = spelled(schema)
    assert all(json.loads(content) == body for _, body, content in found)
    assert all(fits(schema, body) for _, body, _ in found if body)


MEMBERS: dict[str, Any] = {
    "text": {"type": "string"},
    "rate": {"type": "number"},
    "flag": {"type": "boolean"},
    "map": {"type": "object", "additionalProperties": {"type": "string"}},
    "count": {"type": "integer"},
    "dear": {"type": "string", "x-hazard": "it dials"},
    "unsure": {"type": "string", "x-known-values": []},
}


def test_each_encoding_differs_from_the_usual_one_in_bytes() -> None:
    found = spelled({"type": "object", "properties": MEMBERS})
    assert all(body.keys() == {"text", "rate", "flag", "map"} for _, body, _ in found)
    assert len({content for _, _, content in found}) == len(found) == 5
    by_label = {label: content for label, _, content in found}
    assert json.loads(by_label["as it is"], parse_float=Decimal)["rate"] == Decimal("0.5")
    assert b"\\/" in by_label["with an exponent and a solidus escaped"]
    assert b"e-1" in by_label["with an exponent and a solidus escaped"]
    assert b"E+1" in by_label["with a capital exponent and members in reverse"]
    assert b"0.5" + b"0" * 24 in by_label["with white space and trailing zeros"]
    assert by_label["with every character escaped"].isascii()
    assert not re.search(rb'"[A-Za-z]', by_label["with every character escaped"])
    blank = by_label["with white space and trailing zeros"]
    assert blank != blank.strip()


@given(objects())
def test_members_in_reverse_are_the_same_members(schema: dict[str, Any]) -> None:
    found = {label: list(json.loads(content)) for label, _, content in spelled(schema)}
    assert found["with a capital exponent and members in reverse"] == found["as it is"][::-1]


@pytest.mark.parametrize(("text", "expected"), [("ab", "%61b"), ("", ""), ("é", "%C3%A9"), ("a&b", "%61%26%62")])
def test_every_other_character_is_percent_encoded(text: str, expected: str) -> None:
    assert percent_encoded([("", text)]) == f"={expected}"
