"""Tests of what JSON Schema cannot say: names that are unique, names that are covered."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.extensions import KEYWORDS, at, name_of
from openapi.schema.name_references import condition_of

UNIQUE = ["/name", "/inner/name"]
REFERS = [
    {"names": ["/given", {"at": "/parts/*", "where": {"required": ["far"]}, "name": "/name"}], "to": ["/known/*/name"]},
    {"names": ["/list"], "to": [{"at": "/url", "between": ["{", "}"]}, "/map/*/keys"]},
]
ONE_REFERS = [{"names": ["/options/*/needs"], "to": ["/given"], "one": True}]
DISTINCT = ["/parts/*/name", "/others/*/name"]
COVERS = {"names": "/needs/list", "keys": "/given"}


def admits(keyword: str, argument: Any, value: Any) -> bool:
    return jsonschema_rs.validator_for({keyword: argument}, keywords=KEYWORDS).is_valid(value)


@pytest.mark.parametrize(
    ("value", "unique"),
    [
        ([], True),
        ([{"name": "a"}], True),
        ([{"name": "a"}, {"name": "b"}], True),
        ([{"name": "a"}, {"name": "a"}], False),
        ([{"name": "a"}, {"inner": {"name": "a"}}], False),
        # The first that exists is the name, so the second pointer says nothing here.
        ([{"name": "a", "inner": {"name": "b"}}, {"inner": {"name": "b"}}], True),
        ([{"name": "a", "inner": {"name": "b"}}, {"name": "a"}], False),
        ([{"name": "a"}, {"name": "A"}, {"name": "a "}], True),
        # What has no name, or none that is a text, is not unlike any other.
        ([{}, {}, {"name": 1}, {"name": 1}, {"name": None}, {"name": None}, "a", "a", None], True),
        ([{"name": 1, "inner": {"name": "a"}}, {"name": "a"}], False),
        ([{"name": "a"}, {}, {"name": "b"}, {"name": "a"}], False),
        *(("text", True), (7, True), (None, True), ({"name": "a"}, True)),
    ],
)
def test_names_are_unique(value: Any, unique: bool) -> None:
    assert admits("x-unique-by", UNIQUE, value) is unique


@given(st.lists(st.fixed_dictionaries({}, optional={"name": st.sampled_from("abc")})))
def test_unique_means_that_no_two_are_equal(elements: list[dict[str, str]]) -> None:
    names = [each["name"] for each in elements if "name" in each]
    assert admits("x-unique-by", ["/name"], elements) is (len(set(names)) == len(names))


@pytest.mark.parametrize(
    ("value", "covered"),
    [
        ({}, True),
        ({"needs": {"list": []}}, True),
        ({"needs": {"list": ["a"]}}, False),
        ({"needs": {"list": ["a"]}, "given": {}}, False),
        ({"needs": {"list": ["a"]}, "given": {"a": None}}, True),
        ({"needs": {"list": ["a", "b"]}, "given": {"a": 1}}, False),
        ({"needs": {"list": ["a"]}, "given": {"A": 1}}, False),
        ({"needs": {"list": ["a"]}, "given": ["a"]}, False),
        ({"needs": {"list": ["a", "a"]}, "given": {"a": 1, "b": 2}}, True),
        ({"needs": {"list": [1, None]}}, True),
        ({"needs": {"list": "a"}}, True),
        ({"given": {"a": 1}}, True),
        *(("text", True), (7, True), (None, True), ([], True)),
    ],
)
def test_names_are_covered(value: Any, covered: bool) -> None:
    assert admits("x-covers", COVERS, value) is covered


def test_nothing_equals_what_is_not_there() -> None:
    assert at({"a": {"b": 1}}, "/a/b") == 1
    for where in ("/x", "/a/b/c", "/a/0", "a"):
        assert at({"a": {"b": 1}}, where) not in (None, 1, {}, [])
    assert name_of({"a": ["x"]}, ["/b", "/a/0"]) == "x"
    assert name_of({}, ["/b"]) is None


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ({}, True),
        ({"given": {"a": 1}, "known": [{"name": "b"}, {"name": "a"}]}, True),
        ({"given": {"a": 1, "c": 1}, "known": [{"name": "b"}, {"name": "a"}]}, False),
        ({"parts": [{"name": "a"}]}, True),
        ({"parts": [{"name": "a", "far": 1}]}, False),
        ({"parts": [{"name": "a", "far": 1}], "known": [{"name": "a"}]}, True),
        ({"list": ["a", "b"], "url": "x/{a}/{b}"}, True),
        ({"list": ["a", "b"], "url": "x/{a}/b"}, False),
        ({"list": ["a", "b"], "url": "{a}", "map": [{"keys": {"b": 1}}]}, True),
        ({"list": "a"}, False),
        *(({"list": other, "url": 7}, True) for other in (7, None, [7], [None])),
        *(("text", True), (7, True), (None, True), (["a"], True)),
    ],
)
def test_names_refer_to_what_is_there(value: Any, valid: bool) -> None:
    assert admits("x-refers", REFERS, value) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ({"options": []}, True),
        ({"options": [{"needs": ["a"]}]}, False),
        ({"options": [{"needs": ["a"]}, {"needs": ["b"]}], "given": ["a"]}, True),
        ({"options": [{"needs": ["a"]}, {"needs": ["b"]}], "given": ["b"]}, True),
        ({"options": [{"needs": ["a", "b"]}, {"needs": ["c"]}], "given": ["a"]}, False),
        ({"options": [{"needs": ["a"]}, {}]}, True),
        ({"options": "text"}, True),
    ],
)
def test_the_names_of_one_item_suffice_where_that_is_said(value: Any, valid: bool) -> None:
    assert admits("x-refers", ONE_REFERS, value) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ({"parts": [{"name": "a"}, {"name": "b"}], "others": [{"name": "c"}, {}, {}]}, True),
        ({"parts": [{"name": "a"}, {"name": "a"}]}, False),
        ({"parts": [{"name": "a"}], "others": [{"name": "a"}]}, False),
        ({"parts": [{"name": "a"}], "others": [{"name": 1}, {"name": 1}]}, True),
        *(("text", True), (None, True), ({"parts": "a"}, True)),
    ],
)
def test_names_are_distinct_wherever_they_stand(value: Any, valid: bool) -> None:
    assert admits("x-distinct", DISTINCT, value) is valid


CONDITIONS: list[Any] = [
    {},
    {"required": ["a"]},
    {"required": ["a", "b"], "properties": {"a": {"const": "x"}}},
    {"properties": {"a": {"const": "x"}, "b": {"const": ""}}},
    {"properties": {"a": {"const": 1}}},
    {"properties": {"a": True}},
    {"properties": {"a": {"const": "x", "minLength": 1}}},
    {"type": "object", "required": ["b"]},
    {"minProperties": 1},
    True,
    False,
]
MEMBERS: st.SearchStrategy[Any] = st.dictionaries(
    st.sampled_from("abc"), st.sampled_from(["x", "", 1, True, None, ["x"], {}]), max_size=3
)


@given(st.sampled_from(CONDITIONS), MEMBERS | st.sampled_from(["x", 1, None, [], ["a"]]))
def test_a_condition_says_what_a_validator_says(schema: Any, value: Any) -> None:
    holds = condition_of(schema)
    assert holds is not None
    assert holds(value) == jsonschema_rs.validator_for(schema).is_valid(value)
