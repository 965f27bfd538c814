"""Invalid scalars: each violates its keyword, and the first value beyond each boundary is among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.coercion.parsers import ALL, is_lenient
from strategies.negative.by_keyword import INVALID
from strategies.negative.scalars import SCALARS
from tests.strategies.schemas import ENUMS, INTEGERS, LEAVES, NUMBERS, STRINGS, Object, errors, fits, oracle


def invalid(schema: Object, keyword: str) -> list[Any]:
    node = oracle(schema).root.properties["field"]
    constraint = next(each for each in node.constraints if each.keyword == keyword)
    return [each.value for each in INVALID[keyword](node, constraint)]


@given(LEAVES)
def test_what_is_made_for_a_keyword_violates_it(schema: Object) -> None:
    """Of a pattern and an enum, and of a type: what happens to be valid is left out when bodies are built."""
    for keyword in schema.keys() & SCALARS.keys() - {"type"}:
        found = invalid(schema, keyword)
        assert found, keyword
        assert all(not fits({keyword: schema[keyword]}, value) for value in found), (keyword, found)


@given(LEAVES)
def test_a_wrong_type_is_of_another_type(schema: Object) -> None:
    for value in invalid(schema, "type"):
        assert "type" in {keyword for _, keyword in errors(schema, value)}


@given(INTEGERS)
def test_the_next_integer_beyond_a_bound_is_tried_first(schema: Object) -> None:
    expected = {"minimum": -1, "exclusiveMinimum": 0, "maximum": 1, "exclusiveMaximum": 0}
    for keyword in schema.keys() & expected.keys():
        assert invalid(schema, keyword)[0] == schema[keyword] + expected[keyword]


@given(NUMBERS)
def test_a_number_hardly_beyond_a_bound_is_tried_first(schema: Object) -> None:
    for keyword in schema.keys() - {"type"}:
        first, *others = invalid(schema, keyword)
        assert abs(first - schema[keyword]) <= 2**-19 * max(abs(schema[keyword]), 1)
        assert all(abs(each - schema[keyword]) > abs(first - schema[keyword]) for each in others)


@given(STRINGS)
def test_a_string_is_one_character_too_long_or_too_short(schema: Object) -> None:
    if "maxLength" in schema:
        assert {len(text) for text in invalid(schema, "maxLength")} == {schema["maxLength"] + 1}
    if "minLength" in schema:
        assert {len(text) for text in invalid(schema, "minLength")} == {schema["minLength"] - 1}


@given(ENUMS)
def test_an_enum_is_missed_by_case_by_length_and_by_what_is_empty(schema: Object) -> None:
    found, last = invalid(schema, "enum"), schema["enum"][-1]
    assert {f"{last} ", f"{last}_X", last[:-1], last.replace("_", "-"), ""} <= set(found)
    assert {last.lower(), last.upper()} & set(found)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=4, unique=True))
def test_an_enum_of_numbers_is_missed_on_both_sides(members: list[int]) -> None:
    found = invalid({"type": "integer", "enum": members}, "enum")
    assert {max(members) + 1, min(members) - 1} <= set(found)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 0.5, 0.25])
def test_what_is_no_multiple_is_between_two(step: float) -> None:
    found = invalid({"type": "number", "multipleOf": step}, "multipleOf")
    assert any((value / step) % 1 == 0.5 or (value % step) == step // 2 for value in found)


def test_likely_mistakes_come_before_invented_members() -> None:
    schema: Object = {"type": "string", "enum": ["KIND_ONE"], "x-invalid-values": ["first", "second", "third"]}
    found = invalid(schema, "enum")
    assert found.index("first") < found.index("second") < found.index("KIND_UNKNOWN") < found.index("third")


@given(LEAVES)
def test_no_parser_reads_the_wrong_types_that_are_tried_of_numbers_and_strings(schema: Object) -> None:
    """`is_lenient` says so by a table of the parsers; its own tests hold that table against the real ones."""
    node = oracle(schema).root.properties["field"]
    if "enum" not in schema:
        assert not all(is_lenient(node, value, ALL) for value in invalid(schema, "type"))


@pytest.mark.parametrize(
    ("form", "valid"), [("int32", 2**31 - 1), ("int64", 2**63 - 1), ("uuid", "3c90c3cc-0d44-4b50-8888-8dd25736052a")]
)
def test_formats_are_missed_by_the_next_number_or_one_digit(form: str, valid: Any) -> None:
    kind = "string" if isinstance(valid, str) else "integer"
    found = invalid({"type": kind, "format": form}, "format")
    if kind == "integer":
        assert {valid + 1, -valid - 2} <= set(found)
    else:
        assert any(len(each) == len(valid) and each[:-1] == valid[:-1] for each in found)
