"""Strings that match a pattern, as another engine reads it, and no identifier twice."""

from __future__ import annotations

import re
from itertools import islice

import jsonschema_rs
import pytest

from emulator.pattern_values import matching, numbered

# Hypothesis takes seconds to make the long ones simple.
LONG = [pytest.param(each, marks=pytest.mark.slow) for each in ("^[0-9a-f]{24}$", "^usr_[a-z0-9]{8,}$")]
PATTERNS = ["^ORD-[0-9]+$", "^[A-Z]{3}$", "^a|b$", *LONG]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_identifier_matches_and_is_new(pattern: str) -> None:
    found = list(islice(numbered(pattern, 3), 200))
    assert len(found) == len(set(found))
    assert all(map(jsonschema_rs.Draft202012Validator({"pattern": pattern, "type": "string"}).is_valid, found))
    assert len(found) == 200 or pattern == "^a|b$"


@pytest.mark.parametrize("pattern", [*PATTERNS, r"^\d+s$", ""])
def test_a_value_matches_and_is_long_enough(pattern: str) -> None:
    text = matching(pattern, 3)
    assert text is None or (re.search(pattern, text) and len(text) >= 3)


@pytest.mark.parametrize("pattern", [r"\p{L}+", "^(?!)$"])
def test_a_pattern_without_a_string_has_none(pattern: str) -> None:
    assert matching(pattern) is None
    assert list(numbered(pattern)) == []
