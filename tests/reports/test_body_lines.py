"""Bodies are shown as they were sent, with what matters marked; differences are marked where that helps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.body_lines import LONGEST, body_lines, printable, shown_body
from reports.html.differences import difference

TEXT = st.text(st.characters(categories=["L", "N", "P", "Zs"], include_characters="\n\t", max_codepoint=0xFFFF))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def marked(body: str, *offending_fields: str) -> list[str]:
    return [line.text.strip() for line in body_lines(body, offending_fields) if line.kind]


@given(JSON)
def test_indenting_changes_no_value(value: object) -> None:
    assert json.loads(shown_body(json.dumps(value))) == value


@pytest.mark.parametrize("number", ["1.50", "1e400", "-0", "12345678901234567890123", "1E+2"])
def test_numbers_stay_as_they_were_written(number: str) -> None:
    assert f'"n": {number}' in shown_body(f'{{"n":{number}}}')


@pytest.mark.parametrize("body", ['{"a": 1, "a": 2}', "{'a': 1}", "[1,]", "", "[" * 500 + "]" * 500, "NaN]"])
def test_what_is_no_plain_json_is_shown_as_it_was_sent(body: str) -> None:
    assert shown_body(body) == body


def test_what_cannot_be_seen_is_written_out() -> None:
    assert printable("a\x00\u202e\udcff\ud800") == "a\\u0000\\u202e\\xff\\ud800"
    assert "\u202e" not in shown_body('{"a": "\u202e"}')


def test_a_long_body_is_cut_and_says_so() -> None:
    lines = body_lines('"' + "x" * LONGEST * 2 + '"')
    assert lines[-1].text == f"… {LONGEST + 2:,} more characters"


def test_a_offending_field_is_marked_with_all_that_is_in_it() -> None:
    body = '{"a": {"b": [1, {"c": 2}]}, "d": 3}'
    assert marked(body, "/a/b/1") == ["{", '"c": 2', "}"]
    assert marked(body, "/d") == ['"d": 3']
    assert marked(body) == []


def test_a_offending_field_that_is_missing_is_reported() -> None:
    assert marked('{"a": {}}', "/a/b") == ['"b" is not there']
    assert marked("{}", "/joinTimeout") == ['"joinTimeout" is not there']
    assert marked('{"a": 1}', "/a/b/c") == []


def test_pointers_are_unescaped() -> None:
    assert marked('{"a/b": {"~": 1}}', "/a~1b/~0") == ['"~": 1']


@given(st.text(), st.text())
def test_pieces_join_to_the_texts_again(expected: str, actual: str) -> None:
    left, right = difference(expected, actual)
    assert "".join(piece.text for piece in left) == expected
    assert "".join(piece.text for piece in right) == actual


def test_only_what_differs_is_marked() -> None:
    left, right = difference('joinTimeout: "30s"', 'joinTimeout: "60s"')
    assert [piece.text for piece in left if piece.marked] == ["30s"]
    assert [piece.text for piece in right if piece.marked] == ["60s"]


def test_sentences_with_little_in_common_are_left_alone() -> None:
    left, right = difference("a refusal with 400 or 422", "201 Created")
    assert not any(piece.marked for piece in [*left, *right])
