"""Texts as data: YAML says what JSON would say, and what is no JSON is refused with a place."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.errors import UnreadableDocument
from openapi.reading.syntax import parse

# What YAML cannot hold as it is: line breaks of its own, characters that do not print.
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"], exclude_characters="\ufeff"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(_TEXT, JSON, max_size=5))
def test_json_read_as_yaml_means_the_same(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert parse(text.encode(), "x") == value
    assert parse(f"# YAML\n{text}".encode(), "x") == value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((text, text) for text in ("2025-04-01", "2025-04-01T10:00:00Z", "12:30", "12:30:45.5")),
        *((text, text) for text in ("on", "off", "yes", "No", "y", "n", "1_000", "017", "0x1F", "0o17", "0b1")),
        *((text, text) for text in (".inf", "-.Inf", ".nan", "=", "30s", "1.0.0", "+", ".")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        *((text, None) for text in ("null", "~", "Null", "")),
        *(("17", 17), ("-3", -3), ("+4", 4), ("0", 0)),
        *(("1e3", 1000.0), ("1.5", 1.5), ("-.5", -0.5), ("2.", 2.0), ("6.02E+23", 6.02e23)),
    ],
)
def test_a_plain_scalar_is_what_yaml_1_2_says(written: str, meant: Any) -> None:
    found = parse(f"key: {written}".encode(), "x")["key"]
    assert (found, type(found)) == (meant, type(meant))


def test_a_key_is_a_text_whatever_it_looks_like() -> None:
    assert list(parse(b"201: a\ntrue: b\nnull: c\n1.5: d\non: e", "x")) == ["201", "true", "null", "1.5", "on"]


def test_anchors_aliases_and_merges_are_written_out() -> None:
    text = b"a: &one {x: 1, y: 2}\nb: *one\nc: {<<: *one, y: 3}\nd: {<<: [*one, {z: 4}]}"
    assert parse(text, "x") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1, "y": 3},
        "d": {"x": 1, "y": 2, "z": 4},
    }


def test_a_byte_order_mark_is_no_text() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}', "x") == {"a": 1}
    assert parse(b"\xef\xbb\xbfa: 1", "x") == {"a": 1}


def laughs(levels: int) -> str:
    return "a0: &a0 [x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, levels)
    )


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "byte 0", "no UTF-8"),
        (b"openapi: \xff", "byte 9", "no UTF-8"),
        (b"a: [1, 2", "line 2", "neither JSON nor YAML"),
        (b'{"a": 1,, }', "line 1", "neither JSON nor YAML"),
        (b"a: 1\nb: {c: 2\nd: 3", "line 3", "neither JSON nor YAML"),
        (b"a: 1\na: b: c", "line 2", "neither JSON nor YAML"),
        (b"a: \x07", "", "neither JSON nor YAML"),
        (b"a: 1\n---\nb: 2", "line 2", "neither JSON nor YAML"),
        (b"a: !!python/object:os.system x", "line 1", "neither JSON nor YAML"),
        (b"a: !mine x", "line 1", "neither JSON nor YAML"),
        (b"? [a]\n: 1", "line 1", "neither JSON nor YAML"),
        (b"a: !!binary aGVsbG8=", "#/a", "a bytes is no JSON"),
        (b"a: [1, !!set {x, y}]", "#/a/1", "a set is no JSON"),
        (b"a: !!timestamp 2025-04-01", "#/a", "a date is no JSON"),
        (b"a: {b: !!float .inf}", "#/a/b", "inf is no JSON"),
        (b'{"a": NaN}', "", "NaN is no JSON"),
        (b'{"a": 1e999}', "#/a", "inf is no JSON"),
        (b'{"a": "\\ud800"}', "#/a", "half a character"),
        (b'{"a": {"\\udfff": 1}}', "#/a", "half a character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "", "digits"),
        (b"a: &x\n  b: *x", "#/a/b", "nested more than 100 levels"),
        (b"a: &x [*x]", "#/a/0", "nested more than 100 levels"),
        (b'{"a": ' * 150 + b"1" + b"}" * 150, "", "nested more than 100 levels"),
        (b'{"a": ' * 90_000 + b"1" + b"}" * 90_000, "", "nested more than 100 levels"),
        (laughs(9).encode(), "", "values, its aliases written out"),
    ],
    ids=lambda value: value[:24].hex() if isinstance(value, bytes) else "",
)
def test_what_is_no_json_is_refused_with_its_place(text: bytes, place: str, problem: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse(text, "the.yaml")
    assert caught.value.document == "the.yaml"
    assert caught.value.place.startswith(place)
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_aliases_that_are_deep_only_together_are_refused() -> None:
    half = "{n: " * 60 + "1" + "}" * 60
    with pytest.raises(UnreadableDocument, match="nested more than 100 levels"):
        parse(f"a: &a {half}\nb: {half.replace('1', '*a')}".encode(), "x")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        found = parse(raw, "x")
    except UnreadableDocument:
        return
    assert json.loads(json.dumps(found)) == found


@given(st.text(st.sampled_from("ab:-?[]{}&*!|>'\"%@`#,.~<0 \n\t"), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text.encode(), "x")
    except UnreadableDocument:
        return
    assert not isinstance(found, float) or math.isfinite(found)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"a: 1\nb: 2\na: 3\n", "lines 1 and 3"),
        (b"a: {b: 1, b: 2}", "line 1, columns 5 and 11"),
        (b'{\n"a": 1,\n"a": 2}', "lines 2 and 3"),
        (b"201: x\n'201': y\n", "lines 1 and 2"),
    ],
)
def test_a_key_that_comes_twice_is_refused_with_both_places(text: bytes, place: str) -> None:
    with pytest.raises(UnreadableDocument, match="comes twice in one object") as caught:
        parse(text, "d")
    assert caught.value.place == place


def test_a_merged_key_may_be_overridden() -> None:
    assert parse(b"a: &a {x: 1}\nb: {<<: *a, x: 2}", "d") == {"a": {"x": 1}, "b": {"x": 2}}
