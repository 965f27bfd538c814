"""Boundary strings of patterns, held against `re`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values import regex as patterns
from strategies.values.regex_tree import Chars, Sequence, parse
from strategies.values.strings import matching, missing_pattern

DURATION = r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"
KNOWN = [DURATION, r"^[a-zA-Z0-9_-]{1,64}$", r"^\d{3}-\w+$", r"^(a|bc)*d?$", r"^[^x-z]\.$", "^ultravox\\.", "abc", r"^\[\]\\$"]


@pytest.mark.parametrize("pattern", KNOWN)
def test_edges_match_and_misses_do_not(pattern: str) -> None:
    assert matching(pattern)
    assert missing_pattern(pattern)
    # The shorthands of ECMA-262 mean ASCII, and its `$` only the very end.
    takes = re.compile(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern, re.ASCII).search
    assert all(map(takes, matching(pattern)))
    assert not any(map(takes, missing_pattern(pattern)))


def test_the_edges_of_repetitions_are_met() -> None:
    strings = matching(r"^[a-z]{2,5}$")
    assert {len(text) for text in strings} >= {2, 3, 5}
    assert {len(text) for text in missing_pattern(r"^[a-z]{2,5}$")} >= {1, 6}


def test_anchors_are_tried_from_outside() -> None:
    misses = missing_pattern(DURATION)
    assert any(re.search(DURATION.removeprefix("^"), text) for text in misses)
    assert any(re.search(DURATION.removesuffix("$"), text) for text in misses)


def test_a_pattern_beyond_us_is_drawn_by_hypothesis() -> None:
    pattern = r"^(?!x)[a-z]+$"
    strings = matching(pattern)
    assert strings
    assert all(re.search(pattern, text) for text in strings)
    assert missing_pattern(pattern)


@given(st.from_regex(r"\A(?:[a-c]|\\d|\(a\|b\)|[xy]\{1,3\}|z\?){1,4}\Z"))
def test_whatever_is_read_is_read_rightly(pattern: str) -> None:
    tree = parse(pattern)
    for text in (patterns.typical(tree), *patterns.edges(tree)):
        assert re.fullmatch(pattern, text), (pattern, text)


CHARS = st.tuples(st.integers(0x30, 0x7A), st.integers(0, 6)).filter(
    lambda two: chr(two[0]).isalnum() and chr(sum(two)).isalnum()
)


@given(CHARS)
def test_a_class_is_met_at_both_ends_and_missed_just_beyond_them(ends: tuple[int, int]) -> None:
    low, high = ends[0], ends[0] + ends[1]
    tree = parse(f"[{chr(low)}-{chr(high)}]")
    assert isinstance(tree, Sequence)
    (chars,) = tree.parts
    assert isinstance(chars, Chars)
    assert [chr(code) in chars for code in (low - 1, low, high, high + 1)] == [False, True, True, False]
    assert {*patterns.edges(tree)} == {chr(low), chr(high)}
    misses = {*patterns.misses(tree)}
    assert {chr(code) for code in (low - 1, high + 1) if 0x20 < code < 0x7F} | {""} <= misses
    assert not [each for each in misses if each and each in chars]


@given(st.integers(0, 5), st.none() | st.integers(0, 5))
def test_a_repetition_is_met_at_each_edge_and_missed_by_one(low: int, more: int | None) -> None:
    high = None if more is None else low + more
    tree = parse(f"a{{{low},{'' if high is None else high}}}")
    met = {len(text) for text in patterns.edges(tree)}
    assert met >= {low} if high is None else met >= {low, min(low + 1, high), high}
    assert all(low <= length <= (high if high is not None else length) for length in met)
    assert high is not None or max(met) > low + 20, "far beyond what is needed"
    missed = {len(text) for text in patterns.misses(tree) if set(text) <= {"a"}}
    wanted = ({low - 1} if low else set()) | ({high + 1} if high is not None else set())
    assert wanted <= missed
    assert len(patterns.typical(tree)) in range(low, (high if high is not None else low + 2) + 1)


def test_a_repetition_without_end_is_no_boundary() -> None:
    assert max(len(text) for text in patterns.edges(parse("a{1,5000}"))) == 200
    assert max(len(text) for text in patterns.misses(parse("a{1,199}"))) == 200
    assert max(len(text) for text in patterns.misses(parse("a{1,200}"))) < 200


@given(st.lists(st.sampled_from(["one", "two", "[0-9]", "x{2}"]), min_size=1, max_size=4, unique=True))
def test_each_alternative_is_met_and_missed(branches: list[str]) -> None:
    pattern = f"(?:{'|'.join(branches)})"
    found = [*patterns.edges(parse(pattern))]
    for branch in branches:
        assert any(re.fullmatch(branch, text) for text in found), branch
    misses = [*patterns.misses(parse(pattern))]
    assert len([text for text in misses if not re.fullmatch(pattern, text)]) >= len(branches)


@pytest.mark.parametrize(
    ("pattern", "typical", "full"),
    [
        ("a?b", "b", "ab"),
        ("a*b", "aab", "aab"),
        ("a+", "aa", "aa"),
        ("[a-z]{3}", "ccc", "ccc"),
        ("x(?:-[0-9]{1,3})?", "x", "x-22"),
        ("(?:a|bcd)", "bcd", "bcd"),
        ("(?:abcd|b)", "b", "abcd"),
        ("a{0}b", "b", "b"),
        ("a{0,1}b", "b", "ab"),
        ("^$", "", ""),
        (r"\d\s\.", "2\n.", "2\n."),
    ],
)
def test_an_ordinary_string_leaves_out_what_is_optional_and_a_full_one_has_it(pattern: str, typical: str, full: str) -> None:
    tree = parse(pattern)
    found = patterns.typical(tree), patterns.full(tree)
    assert all(re.fullmatch(pattern, text) for text in found)
    assert [len(text) for text in found] == [len(typical), len(full)]
    assert found[1] == full or "\\" in pattern


@given(st.from_regex(r"\A[0-9A-Za-z]{2,6}(?:-[0-9A-Za-z]{2,6})?\Z"))
def test_a_foreign_character_stands_inside_each_run(text: str) -> None:
    found = [*patterns.foreign(text)]
    runs = [match.span() for match in re.finditer("[0-9A-Za-z]{2,}", text)]
    assert {"a", "\u0663", ".", "/", " ", "é"} <= {char for each in found for char in each} | set(text)
    for start, end in runs:
        assert any("\u0663" in each[start + 1 : end] for each in found)
    assert any(each[runs[0][0]] == "\u0663" for each in found), "and before the first one"
    for each in found:
        assert len(each) == len(text) + 1
        assert any(each[:at] + each[at + 1 :] == text for at in range(len(each)))


def test_around_a_match_stands_something_on_either_side() -> None:
    found = [*patterns.around("ab")]
    assert {"ab\n", "xab", "abx", "!ab", "ab!", ""} <= {*found}
    assert sum(each.count("ab") == 2 for each in found) == 2
