"""Tests of what standard parsers read, by kind of member and by parser."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.coercion.parsers import STRICT, is_lenient, parsers, read_by_others
from openapi.json_types import Json
from openapi.schema.nodes import tree

DURATION = {"type": "string", "pattern": r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"}
# Narrower than what protobuf writes, and marked by nothing.
WHOLE_SECONDS = {"type": "string", "pattern": r"^(?:0|[1-9][0-9]{0,11})s$"}
HUNDREDTHS = {"type": "string", "pattern": r"^[0-9]+(?:\.[0-9]{1,2})?s$"}
NAME = {"type": "string", "pattern": "^[a-z]{2,5}$"}
MESSAGE = {"type": "object", "properties": {"a": {"type": "string"}}}


def _pairs(schema: dict[str, Any], *values: Json) -> list[tuple[dict[str, Any], Json]]:
    return [(schema, value) for value in values]


READ: list[tuple[dict[str, Any], Json]] = [
    *_pairs(DURATION, "٣s", "3٣22.22s", "5.s", ".5s", "+5s", "030s", " 30s", "3_0s", "1.0000000001s", "0.e5s"),
    *_pairs(WHOLE_SECONDS, "٣22s", "3.0s", "3.000s", "022s"),
    *_pairs(HUNDREDTHS, "3٣22.22s", "3.50000s", "٣s", "22.s", "22.2222222222s"),
    *_pairs({"type": "boolean"}, "true", "yes", 1, 0, None),
    *_pairs({"type": "integer", "format": "int32"}, "5", "5e0", "٣", " 5 ", True, None),
    *_pairs({"type": "number"}, "0.5", True, None, "5 x", "\u00a00.5"),
    *_pairs({"type": "string", "enum": ["A_B", "A_C"]}, 1, "1", True, 99, "A_B\0"),
    *_pairs(MESSAGE, [], "", None),
    *_pairs({"type": "string"}, 5, ["x"]),
    *_pairs({"type": "array", "items": {"type": "string"}}, "", "word", "%ä٣\0 z", 7),
    ({"type": "string", "pattern": r"^\d{2}$"}, "٣٣"),
    ({"type": "string", "format": "uuid"}, "urn:uuid:3c90c3cc-0d44-4b50-8888-8dd25736052a"),
]
REFUSED: list[tuple[dict[str, Any], Json]] = [
    *_pairs(DURATION, "30", "30m", "PT30S", "5S", "--5s", "5s\n", "1e1s", "x5s", "", [], {}, 30),
    *_pairs(WHOLE_SECONDS, "3.5s", "-3s", "3", "x", "30m", "3.25s"),
    *_pairs(HUNDREDTHS, "3.555s", "-3.5s", "3.5", "2a2.22s"),
    *_pairs({"type": "boolean"}, "word", [], {}, [True, False]),
    *_pairs({"type": "integer", "format": "int32"}, 1.5, "word", [], {}, [1, 2]),
    *_pairs({"type": "number"}, "word", [], {}, [0.5, 1.5]),
    *_pairs({"type": "string", "enum": ["A_B", "A_C"]}, "a_b", "B", "", "A_B ", "A_D"),
    *_pairs(MESSAGE, ["x"], "word", 7, True, [["x", "y"]]),
    *_pairs({"type": "object"}, [], "", "word", 7),
    *_pairs({"type": "array", "items": {"type": "string"}}, {}, {"x": 1}),
    *_pairs({"type": "string"}, [], {}, ["x", "y"]),
    *_pairs({"type": ["string", "array"], "pattern": "^a*$"}, "b", "%ä"),
    *_pairs(NAME, "a", "ab\n", "aé", "a1", "AB"),
]


@pytest.mark.parametrize(("schema", "value"), READ)
def test_what_some_parser_reads_is_lenient(schema: dict[str, Any], value: Json) -> None:
    assert is_lenient(tree(schema), value)


@pytest.mark.parametrize(("schema", "value"), REFUSED)
def test_what_every_parser_refuses_is_not(schema: dict[str, Any], value: Json) -> None:
    assert not is_lenient(tree(schema), value)


@pytest.mark.parametrize(
    ("parser", "schema", "value", "is_read"),
    [
        ("protobuf", MESSAGE, [], True),
        ("protobuf-go", MESSAGE, [], False),
        ("protobuf", {"type": "boolean"}, "true", False),
        ("pydantic", {"type": "boolean"}, "true", True),
        ("protobuf", {"type": "string"}, 5, False),
        ("ajv", {"type": "string"}, 5, True),
        ("ajv", {"type": "string"}, ["x"], False),
        ("ajv-array", {"type": "string"}, ["x"], True),
        ("protobuf", DURATION, "٣s", True),
        ("ajv", DURATION, "٣s", False),
        ("protobuf", DURATION, ".5s", False),
        ("protobuf-go", DURATION, ".5s", True),
        (STRICT, {"type": "string"}, 5, False),
        (STRICT, {"type": "number"}, "5", False),
    ],
)
def test_of_one_parser_only_that_counts(parser: str, schema: dict[str, Any], value: Json, is_read: bool) -> None:
    assert is_lenient(tree(schema), value, frozenset({parser})) is is_read


def test_null_in_an_array_is_not_null_for_a_member() -> None:
    node = tree({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}).properties["a"]
    assert node.each is not None
    assert is_lenient(node, None, frozenset({"protobuf"}))
    assert not is_lenient(node.each, None, frozenset({"protobuf"}))


def test_a_description_may_state_more() -> None:
    schema = {"type": "string", "pattern": "^[a-z]+$", "x-lenient": {"pattern": "^[A-Z]+$"}}
    assert is_lenient(tree(schema), "AB")
    assert not is_lenient(tree(schema), "A1")


@pytest.mark.parametrize("schema", [DURATION, MESSAGE, {"type": "boolean"}, {"type": "string"}, {"type": "number"}])
def test_what_others_read_is_refused_by_the_chosen_parser(schema: dict[str, Any]) -> None:
    chosen = frozenset({"protobuf-go"})
    found = list(read_by_others(tree(schema), chosen))
    assert found
    assert not any(is_lenient(tree(schema), value, chosen) for value in found)
    assert all(is_lenient(tree(schema), value) for value in found)


def test_nothing_is_left_to_other_parsers_where_all_count() -> None:
    assert list(read_by_others(tree({"type": "boolean"}), frozenset(parsers()))) == []


def test_a_strict_parser_may_take_null_for_a_member_that_is_not_set_and_in_no_array() -> None:
    items = {"type": "array", "items": {"type": "string"}}
    node = tree({"type": "object", "properties": {"a": items}}).properties["a"]
    assert node.each is not None
    assert is_lenient(node, None, frozenset({STRICT}))
    assert not is_lenient(node.each, None, frozenset({STRICT}))


def test_plain_spellings_of_another_type_are_the_first_that_others_read() -> None:
    number = tree({"type": "number", "minimum": 0, "maximum": 1})
    first, second = list(read_by_others(number, frozenset({STRICT})))[:2]
    assert {type(first), type(second)} == {bool, str}
    assert 0 <= float(next(each for each in (first, second) if isinstance(each, str))) <= 1
    assert {type(each) for each in list(read_by_others(tree({"type": "string"}), frozenset({STRICT})))[:2]} == {bool, int}
