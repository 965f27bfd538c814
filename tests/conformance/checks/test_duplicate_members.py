"""Members that come twice are found however the text is written, and nothing else is taken for one."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.duplicate_members import repeated_member

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_no_value_has_a_member_twice_however_it_is_written(value: Any, ascii_only: bool, indent: int | None) -> None:
    content = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert repeated_member(content, value) is None


@given(st.dictionaries(st.text(max_size=3), VALUES, min_size=1, max_size=3), st.data(), st.integers(0, 3))
def test_a_member_that_comes_twice_is_named_however_deep(members: dict[str, Any], data: st.DataObject, depth: int) -> None:
    name = data.draw(st.sampled_from(sorted(members)))
    again = f"{json.dumps(name)}: {json.dumps(data.draw(VALUES))}"
    text = json.dumps(members)[:-1] + f", {again}}}"
    for _ in range(depth):
        text = f'{{"in": [{text}]}}'
    assert repeated_member(text.encode(), json.loads(text)) == name


@pytest.mark.parametrize("number", [2**70, -(2**65)])
def test_numbers_beyond_64_bits_hide_nothing(number: int) -> None:
    with pytest.raises(TypeError):
        orjson.dumps(number)
    once, twice = f'{{"a": {number}}}', f'{{"a": {number}, "a": 1}}'
    assert repeated_member(once.encode(), json.loads(once)) is None
    assert repeated_member(twice.encode(), json.loads(twice)) == "a"


def test_equal_names_in_different_objects_are_no_repetition() -> None:
    text = '{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}'
    assert repeated_member(text.encode(), json.loads(text)) is None
    assert repeated_member(b'"\\"a\\" twice"', '"a" twice') is None


def test_of_several_members_that_come_twice_the_first_is_named() -> None:
    assert repeated_member(b'{"a": 1, "b": 1, "b": 2, "a": 2}', {"a": 2, "b": 2}) == "a"
