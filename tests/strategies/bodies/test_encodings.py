"""Spellings of queries mean what the usual one does."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from strategies.bodies.encodings import percent_encoded

STRINGS = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(STRINGS.filter(bool), STRINGS)))
def test_a_percent_encoded_query_is_the_same_query(query: list[tuple[str, str]]) -> None:
    text = percent_encoded(query)
    assert text.isascii()
    assert parse_qsl(text, keep_blank_values=True) == query
