"""Patterns are read as `re` reads them, and what is beyond the reader is said to be."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values.regex import typical
from strategies.values.regex_tree import Chars, NotUnderstood, Sequence, parse
from strategies.values.strings import matching


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", r"(?<=n)a", r"\p{Nope}", r"\ud83d", r"[a", r"a{", r"(a", r"*a"])
def test_what_is_beyond_us_is_said_to_be(pattern: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(pattern)


@pytest.mark.parametrize("sign", ["*", "+", "?", "{2}", "{2,}", "{2,3}"])
def test_lazy_quantifiers_mean_the_same_strings(sign: str) -> None:
    assert parse(f"a{sign}?") == parse(f"a{sign}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\d", "[0-9]"),
        (r"\w", "[0-9A-Z_a-z]"),
        (r"[\d]", "[0-9]"),
        (r"\.", "[.]"),
        (r"\t", "[\t]"),
        (r"\x41", "A"),
        (r"\u0041", "A"),
        (r"\u{41}", "A"),
        (r"\cJ", "[\n]"),
        (r"(?<n>a)", "a"),
    ],
)
def test_shorthands_and_escapes_mean_their_class(one: str, other: str) -> None:
    def chars(pattern: str) -> set[str]:
        tree = parse(pattern)
        while isinstance(tree, Sequence):
            (tree,) = tree.parts
        found = tree
        assert isinstance(found, Chars)
        return {chr(code) for code in range(0x80) if chr(code) in found}

    assert chars(one) == {chr(code) for code in range(0x80) if re.fullmatch(other, chr(code))}


@given(st.sets(st.sampled_from("abc-]^.9 "), min_size=1))
def test_a_negated_class_holds_every_printable_character_that_it_does_not_name(members: set[str]) -> None:
    tree = parse("[^" + "".join(f"\\{each}" if not each.isalnum() else each for each in sorted(members)) + "]")
    assert isinstance(tree, Sequence)
    (found,) = tree.parts
    assert isinstance(found, Chars)
    assert {chr(code) for code in range(0x20, 0x7F) if chr(code) not in found} == members


@pytest.mark.parametrize("depth", [1, 39, 40])
def test_groups_inside_each_other_are_read_up_to_a_depth(depth: int) -> None:
    assert typical(parse("(" * depth + "a" + ")" * depth)) == "a"
    with pytest.raises(NotUnderstood):
        parse("(" * (depth + 40) + "a" + ")" * (depth + 40))


@pytest.mark.parametrize("pattern", [r"^\p{Script=Greek}+$", r"^\p{Emoji_Presentation}$", r"^\p{Nd}{2}$", r"^[\p{Sc}]$"])
def test_characters_of_a_property_are_those_that_the_engine_takes(pattern: str) -> None:
    found = matching(pattern)
    assert found
    assert all(map(jsonschema_rs.validator_for({"pattern": pattern}).is_valid, found))
