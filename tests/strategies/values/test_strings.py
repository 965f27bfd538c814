"""Texts for patterns and formats: what is said to match does, what is said to miss does, for any pattern at all."""

from __future__ import annotations

import re

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openapi.schema.keywords import FORMATS
from strategies.values import regex as patterns
from strategies.values.regex_tree import NotUnderstood, parse
from strategies.values.strings import FORMAT_SAMPLES, fits, matching, missing_pattern

# Pieces that make patterns of every construct that is read, and some that are not.
_ATOMS = ["a", "[a-c]", "[^a-c]", r"\d", r"\w", r"\.", ".", "(?:ab|c)", "(a|)", "[-a]", r"[\d_]", " ", r"\s", r"\/", "[+-]"]
_BEYOND = [r"\b", "(?=a)", "(?!a)", r"\1", "(?i:a)", r"\D", r"\x41", "[]", "*", "(", ")", "{", "[a"]
_COUNTS = ["", "", "*", "+", "?", "{2}", "{0}", "{1,3}", "{2,}", "+?", "??"]
PATTERNS = st.lists(
    st.tuples(st.sampled_from(_ATOMS) | st.sampled_from(_BEYOND), st.sampled_from(_COUNTS)), min_size=1, max_size=4
).flatmap(
    lambda pieces: st.sampled_from(["{}", "^{}$", "^{}", "{}$", "^(?:{}|x)$"]).map(
        lambda frame: frame.replace("{}", "".join(atom + count for atom, count in pieces))
    )
)


def compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
        fits(pattern)
    except (re.error, jsonschema_rs.ValidationError):
        return False
    return True


@given(PATTERNS)
def test_what_is_said_of_a_text_is_so(pattern: str) -> None:
    """By an engine that had no part in it; of JavaScript's `$`, Python's admits a newline behind."""
    assume(compiles(pattern))
    other = re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)
    assert [text for text in matching(pattern) if not other.search(text)] == []
    assert [text for text in missing_pattern(pattern) if other.search(text)] == []


@given(PATTERNS | st.text(st.sampled_from("ab()[]{}*+?|^$\\.-,0123pLd"), max_size=12))
def test_a_pattern_is_read_rightly_or_said_to_be_beyond_us(pattern: str) -> None:
    try:
        tree = parse(pattern)
    except NotUnderstood:
        return
    assume(compiles(pattern) and not re.search(r"[$^]", pattern[1:-1]))
    whole = re.compile(f"(?:{pattern.removeprefix('^').removesuffix('$')})", re.ASCII)
    for text in (patterns.typical(tree), *patterns.edges(tree)):
        assert whole.fullmatch(text), text


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [("^a{2,4}$", {2, 3, 4}), ("^a?$", {0, 1}), ("^a{3}$", {3}), ("^a{0}$", {0}), ("^[a-z]{1,64}$", {1, 2, 3, 64})],
)
def test_repetitions_are_met_at_both_ends(pattern: str, lengths: set[int]) -> None:
    assert {len(text) for text in matching(pattern)} == lengths


def test_classes_are_met_at_both_ends() -> None:
    assert {"a", "z", "0", "9", "_"} <= set(matching("^[a-z0-9_]$"))
    assert {"`", "{", "/", ":"} <= set(missing_pattern("^[a-z0-9_]$"))
    assert {"A", "Z"} <= {text[0] for text in matching(r"^\p{Lu}\p{Ll}+$")}
    assert all(text[0].isupper() and text[1:].islower() for text in matching(r"^\p{Lu}\p{Ll}+$"))


def test_what_is_at_an_end_of_a_class_is_met_inside_a_text_as_well() -> None:
    assert {"c0c", "c9c"} <= set(matching("^[a-z0-9]{0,8}$"))


def test_every_branch_is_met() -> None:
    assert {"one", "two", "three"} <= set(matching("^(?:one|two|three)$"))


@pytest.mark.parametrize(
    "pattern", ["[]", "[^ -~]", "[z-a]", "(" * 60 + "a" + ")" * 60, r"\p{Nope}", r"\pL", "a{", "a**", "(?<=n)a", "a\\"]
)
def test_what_is_odd_is_beyond_us(pattern: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(pattern)


@pytest.mark.parametrize(
    ("pattern", "some"), [(r"^(?!foo)[a-z]{3}$", True), (r"^(a|b)-\1$", True), (r"^\p{Greek}(?=a)$", False)]
)
def test_of_what_is_beyond_us_texts_are_drawn_where_python_has_such_patterns(pattern: str, some: bool) -> None:
    assert bool(matching(pattern)) is some


@pytest.mark.parametrize("form", sorted(FORMAT_SAMPLES))
def test_samples_are_of_their_format(form: str) -> None:
    rust = jsonschema_rs.Draft202012Validator({"format": form}, validate_formats=True)
    assert all(rust.is_valid(sample) for sample in FORMAT_SAMPLES[form])
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    assert all(checker.conforms(sample, form) for sample in FORMAT_SAMPLES[form])


def test_every_format_that_makes_a_rule_has_samples() -> None:
    assert FORMATS - set(FORMAT_SAMPLES) == {"int32", "int64"}
