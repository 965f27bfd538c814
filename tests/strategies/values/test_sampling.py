"""Drawn examples: the same for the same seed, valid, and as many as asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.values.sampling import draw, examples_against, examples_of, examples_of_pattern, take
from tests.strategies.schemas import LEAVES, Object, fits


@settings(max_examples=5)
@given(st.integers(0, 1000), st.integers(1, 20))
def test_a_seed_draws_the_same_again(seed: int, count: int) -> None:
    strategy = st.lists(st.integers())
    first = take(strategy, count, seed)
    assert first == take(strategy, count, seed)
    assert len(first) == count


def test_another_seed_draws_others() -> None:
    assert take(st.integers(), 10, 1) != take(st.integers(), 10, 2)


def test_what_has_few_values_gives_each_of_them() -> None:
    assert sorted(take(st.booleans(), 10)) == [False, True]


def test_examples_are_handed_over_as_they_are_drawn() -> None:
    found: list[int] = []
    draw(st.integers(), 5, 0, found.append)
    assert found[:5] == take(st.integers(), 5)


@settings(max_examples=8)
@given(LEAVES)
def test_examples_of_a_schema_are_valid(schema: Object) -> None:
    found = examples_of(schema)
    assert found
    assert all(fits(schema, value) for value in found)
    assert found == examples_of(schema)


@pytest.mark.parametrize(
    ("schema", "fragment"),
    [
        ({"type": "integer"}, {"minimum": 2}),
        ({"type": "string"}, {"minLength": 1}),
        ({"$ref": "#/$defs/way", "$defs": {"way": {"enum": ["a", "b"]}}}, {"const": "a"}),
    ],
)
def test_examples_against_a_fragment_satisfy_all_but_the_fragment(schema: Object, fragment: Object) -> None:
    found = examples_against(schema, fragment)
    assert found
    assert all(fits(schema, value) and not fits(fragment, value) for value in found)


def test_references_are_followed_and_extensions_ignored() -> None:
    schema: Object = {"$ref": "#/$defs/size", "$defs": {"size": {"type": "integer", "minimum": 3, "x-rule": "size"}}}
    found = examples_of(schema)
    assert found
    assert all(isinstance(value, int) and value >= 3 for value in found)
    named: Object = {"type": "object", "properties": {"$defs": {"type": "integer"}}, "required": ["$defs"]}
    assert all(isinstance(value["$defs"], int) for value in examples_of(named))


@pytest.mark.parametrize("schema", [False, {"type": "integer", "minimum": 2, "maximum": 1}, {"type": "string", "pattern": "("}])
def test_of_what_has_no_value_there_is_no_example(schema: Object) -> None:
    assert examples_of(schema) == []


def test_a_pattern_that_python_lacks_has_no_example() -> None:
    assert all(re.search(r"^(?=a)\w{2}$", text) for text in examples_of_pattern(r"^(?=a)\w{2}$"))
    assert examples_of_pattern(r"^\p{Greek}$") == []
