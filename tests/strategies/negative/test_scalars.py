"""Invalid scalars: each violates its keyword, and the first value beyond each boundary is among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.coercion.parsers import ALL, is_lenient
from openapi.schema.nodes import tree
from strategies.negative.by_keyword import INVALID
from strategies.negative.scalars import SCALARS
from strategies.values.valid import accepted
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
def test_an_invalid_type_is_of_another_type(schema: Object) -> None:
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
def test_no_parser_reads_the_invalid_types_that_are_tried_of_numbers_and_strings(schema: Object) -> None:
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


@pytest.mark.parametrize("step", [2, 5, 0.5])
@pytest.mark.parametrize("limits", [{}, {"minimum": 10, "maximum": 40}])
def test_what_is_no_multiple_is_next_to_one_that_must_be_accepted(step: float, limits: Object) -> None:
    schema: Object = {"type": "number", "multipleOf": step, **limits}
    node = oracle(schema).root.properties["field"]
    sure = [each.value for each in accepted(node) if each.must]
    found = invalid(schema, "multipleOf")
    assert all(min(abs(value - each) for each in sure) <= max(step, 1) for value in found)
    assert any({keyword for _, keyword in errors(schema, value)} == {"multipleOf"} for value in found)


@pytest.mark.parametrize(("bound", "zero"), [(5, True), (2, True), (1, False), (0, False), (-3, False)])
def test_nothing_is_tried_where_one_must_be_passed(bound: int, zero: bool) -> None:
    assert (0 in invalid({"type": "integer", "minimum": bound}, "minimum")[1:]) is zero


@pytest.mark.parametrize("bound", [1, 0.5, 0, -2, 10**20, -(10**20)])
def test_a_number_misses_a_bound_by_little_by_much_and_by_far(bound: float) -> None:
    for keyword, direction in (("maximum", 1), ("minimum", -1)):
        found = [each for each in invalid({"type": "number", keyword: bound}, keyword) if each]
        distances = [(each - bound) * direction for each in found]
        assert all(each > 0 for each in distances), (keyword, found)
        assert min(distances) < max(distances)
        assert len({*found}) >= 2


def test_a_share_is_missed_by_a_percentage() -> None:
    assert 50 in invalid({"type": "number", "maximum": 1}, "maximum")
    assert 50 not in invalid({"type": "number", "maximum": 2}, "maximum")


@given(st.integers(1, 30))
def test_lengths_are_counted_in_characters_and_not_in_units(length: int) -> None:
    for keyword, missed in (("minLength", length - 1), ("maxLength", length + 1)):
        found = invalid({"type": "string", keyword: length}, keyword)
        assert {len(text) for text in found} == {missed}
        assert missed == 0 or any(len(text.encode("utf-16-le")) == 4 * missed for text in found)
        assert any(len(text.encode("utf-16-le")) == 2 * missed for text in found)


def test_a_length_beyond_what_is_worth_sending_is_not_missed() -> None:
    assert invalid({"type": "string", "maxLength": 10**6}, "maxLength") == []


@pytest.mark.parametrize("limits", [{"maximum": "10s"}, {"minimum": "5s"}, {"minimum": "5s", "maximum": "10s"}])
def test_durations_miss_each_bound_by_a_second_by_a_nanosecond_and_by_far(limits: dict[str, str]) -> None:
    schema: Object = {"type": "string", "pattern": "^[0-9]+(?:\\.[0-9]{1,9})?s$", "x-duration": limits}
    seconds = [float(text.removesuffix("s")) for text in invalid(schema, "x-duration")]
    if "maximum" in limits:
        assert {11.0, 10.000000001} <= {*seconds}
        assert max(seconds) > 10_000
    if "minimum" in limits:
        assert {4.0, 4.999999999} <= {*seconds}
    assert not [
        each for each in seconds if float(limits.get("minimum", "0s")[:-1]) <= each <= float(limits.get("maximum", "1e9s")[:-1])
    ]


@pytest.mark.parametrize("members", [["A_ONE", "A_TWO"], ["ONE", "TWO"], ["A_B_ONE", "A_B_TWO", "A_B_T"], ["LONE"]])
def test_invented_members_have_the_prefix_that_all_members_share(members: list[str]) -> None:
    found = invalid({"type": "string", "enum": members}, "enum")
    invented = next(each for each in found if each.endswith("CONFORMANCE_TEST"))
    prefix = invented.removesuffix("CONFORMANCE_TEST")
    assert all(each.startswith(prefix) for each in members)
    assert prefix == "" or prefix.endswith("_")
    assert not any(
        all(each.startswith(longer) for each in members) for longer in (f"{prefix}{word}_" for word in ("A", "B", "ONE"))
    )
    assert {f"{prefix}{word}" for word in ("UNKNOWN", "NONE", "OTHER")} <= {*found}


def test_a_wrong_type_of_an_array_is_one_of_its_items_alone() -> None:
    item: Object = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = invalid({"type": "array", "items": item}, "type")
    assert any(isinstance(value, dict) and value and fits(item, value) for value in found)
    one = invalid(item, "type")
    assert any(isinstance(value, list) and len(value) == 1 and fits(item, value[0]) and value[0] for value in one)


def test_an_array_of_numbers_is_not_said_to_be_one_number_which_some_parsers_read() -> None:
    assert 7 not in invalid({"type": "array", "items": {"type": "number"}}, "type")
    assert 7 in invalid({"type": "array", "items": {"type": "string"}}, "type")


def test_a_number_is_tried_where_a_text_is_awaited_that_no_parser_makes_of_it() -> None:
    duration = {"type": "string", "pattern": r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"}
    for schema, tried in (duration, True), ({"type": "boolean"}, True), ({"type": "string"}, False):
        assert any(type(value) is int for value in invalid(schema, "type")) is tried


def test_a_choice_is_taken_for_no_alternative_by_its_name() -> None:
    """Some take a string for the alternative that it names."""
    members: Object = {"user": {"type": "object"}, "agent": {"type": "object"}}
    wanted: list[tuple[Object, str]] = [
        ({"maxProperties": 1}, "user"),
        ({"oneOf": [{"required": ["user"]}]}, "user"),
        ({}, "word"),
    ]
    for schema, word in wanted:
        node = tree({"type": "object", "properties": {"speaker": {"type": "object", "properties": members, **schema}}})
        speaker = node.properties["speaker"]
        (stated,) = (each for each in speaker.constraints if each.keyword == "type")
        values = {each.label: each.value for each in SCALARS["type"](speaker, stated)}
        assert values["a word"] == word
