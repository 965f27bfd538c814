"""Patterns are read as `re` reads them, and what is beyond the reader is said to be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.values.regex import typical
from strategies.values.regex_tree import Chars, NotUnderstood, Sequence, parse


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", r"(?<n>a)", r"[a", r"a{", r"(a", r"*a"])
def test_what_is_beyond_us_is_said_to_be(pattern: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(pattern)


@pytest.mark.parametrize("sign", ["*", "+", "?", "{2}", "{2,}", "{2,3}"])
def test_lazy_quantifiers_mean_the_same_strings(sign: str) -> None:
    assert parse(f"a{sign}?") == parse(f"a{sign}")


@pytest.mark.parametrize(
    ("one", "other"), [(r"\d", "[0-9]"), (r"\w", "[0-9A-Z_a-z]"), (r"[\d]", "[0-9]"), (r"\.", "[.]"), (r"\t", "[\t]")]
)
def test_shorthands_and_escapes_mean_their_class(one: str, other: str) -> None:
    def chars(pattern: str) -> set[str]:
        tree = parse(pattern)
        assert isinstance(tree, Sequence)
        (found,) = tree.parts
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
