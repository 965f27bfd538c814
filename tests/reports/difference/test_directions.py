"""A keyword became narrower exactly where every value of the new version is one of the old version, as a validator says."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.difference.directions import Direction, direction, opposite

NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, 1.5])
COUNTS = st.integers(0, 3)
TYPES = ["string", "integer", "number", "null", "boolean"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"), NUMBERS),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"), COUNTS),
    "enum": st.lists(st.sampled_from(["a", 1, None, True]), min_size=1, unique=True),
    "type": st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
    "uniqueItems": st.booleans(),
    "multipleOf": st.integers(1, 6),
}
PROBES: list[Any] = [
    *range(-5, 8), 12, 30, 60, 0.5, 1.5, 2.5, None, True, False, [1, 1],
    *("a" * size for size in range(5)),
    *(list(range(size)) for size in range(5)),
    *(dict.fromkeys("abcd"[:size]) for size in range(5)),
]  # fmt: skip


def valid(keyword: str, value: Any) -> set[int]:
    """The probes that are valid by a validator that shares no code with the comparison."""
    return {index for index, each in enumerate(PROBES) if jsonschema_rs.is_valid({keyword: value}, each)}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name], VALUES[name])))
def test_the_direction_is_that_of_the_sets_of_valid_values(case: tuple[str, Any, Any]) -> None:
    keyword, old, new = case
    before, after = valid(keyword, old), valid(keyword, new)
    found = direction(keyword, old, new)
    if found is Direction.NARROWER:
        assert after <= before
    elif found is Direction.WIDER:
        assert before <= after
    elif found is Direction.SAME:
        assert before == after
    else:
        assert keyword in ("enum", "type", "multipleOf")
        assert not before < after
        assert not after < before


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name], VALUES[name])))
def test_the_way_back_is_opposite(case: tuple[str, Any, Any]) -> None:
    keyword, old, new = case
    assert direction(keyword, new, old) is opposite(direction(keyword, old, new))


@pytest.mark.parametrize(("old", "new"), [("^a", "^b"), ({"a": 1}, None)])
def test_whatever_cannot_be_compared_may_be_both(old: Any, new: Any) -> None:
    assert direction("pattern", old, new) is Direction.OTHER
    assert direction("maximum", "x", 1) is Direction.OTHER
