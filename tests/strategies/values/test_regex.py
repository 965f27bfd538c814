"""Boundary strings of patterns, held against `re`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values import regex as patterns
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


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", r"(?<n>a)", r"[a", r"a{", r"(a", r"*a"])
def test_what_is_beyond_us_is_said_to_be(pattern: str) -> None:
    with pytest.raises(patterns.NotUnderstood):
        patterns.parse(pattern)


def test_a_pattern_beyond_us_is_drawn_by_hypothesis() -> None:
    pattern = r"^(?!x)[a-z]+$"
    strings = matching(pattern)
    assert strings
    assert all(re.search(pattern, text) for text in strings)
    assert missing_pattern(pattern)


@given(st.from_regex(r"\A(?:[a-c]|\\d|\(a\|b\)|[xy]\{1,3\}|z\?){1,4}\Z"))
def test_whatever_is_read_is_read_rightly(pattern: str) -> None:
    tree = patterns.parse(pattern)
    for text in (patterns.typical(tree), *patterns.edges(tree)):
        assert re.fullmatch(pattern, text), (pattern, text)
