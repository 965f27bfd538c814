"""The oracle: it says of every value what a plain validator says, and names the rule that is in the catalogue."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi.json_types import Path, everything
from openapi.schema.oracle import Oracle, instrument, is_finite
from openapi.schema.paths import with_value
from tests.examples import examples
from tests.openapi.schemas import VALUES, schemas
from tests.openapi.synthetic import Object, catalogued, description, loaded
from tests.plans import our_catalogue, our_plan

PATHS = list[Path]


def oracle_of(schema: Any, **members: Any) -> Oracle:
    return Oracle(loaded(description(schema, **members)).request, "body")


OBJECT = {"type": "object"}
TABLE: list[tuple[Any, Any, dict[str, PATHS]]] = [
    ({"properties": {"a": {"type": "integer"}}}, {"a": 1.0}, {}),
    ({"properties": {"a": {"type": "integer"}}}, {"a": 1.5}, {"body.a.type": [("a",)]}),
    ({"properties": {"a": {"format": "int32"}}}, {"a": 2**31}, {"body.a.format": [("a",)]}),
    ({"properties": {"a": {"format": "int64"}}}, {"a": -(2**63)}, {}),
    ({"properties": {"a": {"format": "uuid"}}}, {"a": "x"}, {"body.a.format": [("a",)]}),
    ({"properties": {"a": {"format": "date-time"}}}, {"a": "2025-04-01 10:00:00Z"}, {"body.a.format": [("a",)]}),
    ({"properties": {"a": {"format": "date-time"}}}, {"a": "2025-04-01T10:00:00.123456789+05:30"}, {}),
    ({"properties": {"a": {"format": "unheard-of"}}}, {"a": "x"}, {}),
    ({"properties": {"a": {"items": {"minimum": 1}}}}, {"a": [1, 0, 0]}, {"body.a.*.minimum": [("a", 1), ("a", 2)]}),
    ({"properties": {"a": {"items": {"items": {"minimum": 1}}}}}, {"a": [[], [0]]}, {"body.a.*.*.minimum": [("a", 1, 0)]}),
    ({"additionalProperties": {"maxLength": 1}}, {"x": "ab"}, {"body.*.maxLength": [("x",)]}),
    (
        {**OBJECT, "properties": {"a": {}}, "additionalProperties": {"maxLength": 1}},
        {"x": "ab"},
        {"body.*.maxLength": [("x",)]},
    ),
    ({"additionalProperties": False}, {"x": 1}, {"body.additionalProperties": [()]}),
    (
        {"properties": {"m": {**OBJECT, "additionalProperties": False}}},
        {"m": {"x": 1}},
        {"body.m.additionalProperties": [("m",)]},
    ),
    (
        {**OBJECT, "properties": {"m": {**OBJECT, "properties": {"a": {}}, "additionalProperties": False}}},
        {"m": {"x": 1}},
        {"body.m.additionalProperties": [("m",)]},
    ),
    ({**OBJECT, "properties": {"a": {}}, "unevaluatedProperties": False}, {"a": 1}, {}),
    ({**OBJECT, "properties": {"a": {}}, "unevaluatedProperties": False}, {"b": 1}, {"body.unevaluatedProperties": [()]}),
    ({"properties": {"a": False}}, {"a": 1}, {"body.a.not": [("a",)]}),
    ({"properties": {"a": {"items": False}}}, {"a": [1]}, {"body.a.items": [("a",)]}),
    ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, {"body.propertyNames": [()]}),
    ({"propertyNames": False}, {"ab": 1}, {"body.propertyNames": [()]}),
    ({"required": ["a"]}, {}, {"body.a.required": [()]}),
    ({"additionalProperties": {"required": ["a"]}}, {"x": {}}, {"body.*.a.required": [("x",)]}),
    ({"properties": {"m": {**OBJECT, "required": ["a.b"]}}}, {"m": {}}, {"body.m.a.b.required": [("m",)]}),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, {"body.dependentRequired": [()]}),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, {"body.dependentSchemas": [()]}),
    ({"properties": {"a": {"contains": {"const": 1}}}}, {"a": [2]}, {"body.a.contains": [("a",)]}),
    ({"properties": {"a": {"contains": {"const": 1}, "minContains": 2}}}, {"a": [1]}, {"body.a.contains": [("a",)]}),
    ({"properties": {"a": {"contains": {"const": 1}, "maxContains": 1}}}, {"a": [1, 1]}, {"body.a.contains": [("a",)]}),
    ({"properties": {"a": {"contains": {"const": 1}, "minContains": 0}}}, {"a": []}, {}),
    ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}, {"body.oneOf": [()]}),
    ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, {"body.anyOf": [()]}),
    ({"not": {"required": ["a"]}}, {"a": 1}, {"body.not": [()]}),
    ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, {"body.if": [()]}),
    ({"if": {"required": ["a"]}, "else": {"required": ["b"]}}, {}, {"body.if": [()]}),
    ({"if": {"required": ["a"]}, "then": {"minProperties": 1}}, {"a": 1}, {}),
    ({"allOf": [{"x-rule": "r", "not": {"required": ["a"]}, "maxProperties": 1}]}, {"a": 1}, {"body.r": [()]}),
    ({"allOf": [{"properties": {"a": {"maximum": 1}}}]}, {"a": 2}, {"body.a.maximum": [("a",)]}),
    ({"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}, {}),
    ({"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}, {"a": 1}, {"body.a.type": [("a",)]}),
    ({"properties": {"a": {"anyOf": [{"type": "string", "maxLength": 1}, {"type": "null"}]}}}, {"a": None}, {}),
    ({"properties": {"a": {"x-unique-by": ["/n"]}}}, {"a": [{"n": "x"}, {"n": "x"}]}, {"body.a.x-unique-by": [("a",)]}),
    ({"x-covers": {"names": "/n", "keys": "/k"}}, {"n": ["x"]}, {"body.x-covers": [()]}),
    # A rule about several members says nothing new of one that has an invalid type.
    (
        {"properties": {"a": {"type": "string"}}, "oneOf": [{"properties": {"a": {"const": "x"}}}]},
        {"a": 1},
        {"body.a.type": [("a",)]},
    ),
]


@pytest.mark.parametrize(("schema", "value", "expected"), TABLE)
def test_a_violated_rule_is_named_with_its_paths(schema: Any, value: Any, expected: dict[str, PATHS]) -> None:
    oracle = oracle_of(schema)
    assert oracle.violated(value) == expected
    assert oracle.is_valid(value) is (not expected)
    assert set(expected) <= set(catalogued(schema).rules)


def test_a_recursive_schema_is_judged_at_any_depth() -> None:
    tree = {"type": "object", "properties": {"n": {"maximum": 1}, "sub": {"items": {"$ref": "#/components/schemas/T"}}}}
    oracle = oracle_of({"$ref": "#/components/schemas/T"}, components={"schemas": {"T": tree}})
    assert oracle.violated({"sub": [{"n": 2}]}) == {"body.sub.*.n.maximum": [("sub", 0, "n")]}
    deep = {"sub": [{"sub": [{"sub": [{"sub": [{"n": 2}]}]}]}]}
    assert list(oracle.violated(deep).values()) == [[("sub", 0) * 4 + ("n",)]]


@examples(30)
@given(schemas(), st.lists(VALUES, min_size=3, max_size=3))
def test_it_admits_what_another_validator_admits(schema: Any, values: list[Any]) -> None:
    """Instrumenting a schema changes how it complains, never what it admits."""
    oracle = Oracle(loaded(description(schema)).request, "body")
    other = jsonschema.Draft202012Validator(schema)
    for value in values:
        assert oracle.is_valid(value) is other.is_valid(value)
        assert bool(oracle.violated(value)) is not other.is_valid(value)


@examples(30)
@given(schemas(), st.lists(VALUES, min_size=3, max_size=3))
def test_every_rule_that_it_names_is_in_the_catalogue(schema: Any, values: list[Any]) -> None:
    catalogue = catalogued(schema)
    oracle = Oracle(catalogue.contract.request, "body")
    for value in values:
        assert set(oracle.violated(value)) - set(catalogue.rules) == set()


def rich() -> st.SearchStrategy[Object]:
    """Bodies of our plan, which is not made before a test needs it."""
    return st.sampled_from([case.body for case in our_plan().accepts() if len(str(case.body)) < 4000])


@given(st.deferred(rich), st.data())
def test_whatever_is_done_to_a_body_the_rule_is_in_our_catalogue(body: Object, data: st.DataObject) -> None:
    for _ in range(3):
        path = data.draw(
            st.sampled_from(
                [path for path, value in everything(body) if path and not isinstance(value, (dict, list))] or [("model",)]
            )
        )
        body = with_value(body, path[: data.draw(st.integers(1, len(path)))], data.draw(VALUES))
    oracle = our_plan().oracle
    violated = oracle.violated(body)
    assert set(violated) - set(our_catalogue().rules) == set()
    assert bool(violated) is not oracle.is_valid(body)


def test_data_in_a_schema_is_no_schema() -> None:
    data = {"if": {"type": "string"}, "format": "int32", "x-rule": "r"}
    for keyword in ("const", "default", "x-known-values", "examples"):
        value = [data] if keyword in ("x-known-values", "examples") else data
        assert instrument({keyword: value}) == {keyword: value}


@pytest.mark.parametrize(
    ("value", "finite"),
    [(1, True), ([{"a": 1.5}], True), (float("inf"), False), ([{"a": float("nan")}], False), ({"a": [float("-inf")]}, False)],
)
def test_numbers_that_json_cannot_say_are_found(value: Any, finite: bool) -> None:
    assert is_finite(value) is finite


def test_an_empty_key_is_a_key() -> None:
    texts = {"additionalProperties": {"type": "string"}}
    oracle = Oracle({"type": "object", "additionalProperties": {"type": "object", "properties": {"a": {}}, **texts}}, "body")
    assert oracle.violated({"": {"b": 1}}) == {"body.*.*.type": [("", "b")]}
    assert oracle.violated({"": {"": 1}}) == {"body.*.*.type": [("", "")]}
    assert oracle.violated({"": 1, "b": {"": 2}}) == {"body.*.type": [("",)], "body.*.*.type": [("b", "")]}


def test_a_key_that_looks_like_an_index_is_a_key() -> None:
    oracle = Oracle({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}, "body")
    assert oracle.violated({"0": ["a", 1], "007": "x"}) == {"body.*.*.type": [("0", 1)], "body.*.type": [("007",)]}


@pytest.mark.parametrize("text", ["2024-02-29T23:59:60Z", "0000-02-29t00:00:00z", "2025-12-31T23:59:59.1-23:59"])
def test_a_time_of_the_calendar_is_a_date_time(text: str) -> None:
    assert oracle_of({"properties": {"a": {"format": "date-time"}}}).is_valid({"a": text})


@pytest.mark.parametrize(
    "text",
    [
        *("2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-04-31T00:00:00Z"),
        *("2025-04-01T24:00:00Z", "2025-04-01T23:60:00Z", "2025-04-01T23:59:61Z", "2025-04-01T00:00:00+24:00"),
        *("2025-04-01T00:00:00+00:60", "2025-04-01T00:00:00", "2025-04-01T00:00:00Z\n", "2025-04-01T00:00:00,5Z"),
    ],
)
def test_what_no_clock_or_calendar_shows_is_no_date_time(text: str) -> None:
    assert not oracle_of({"properties": {"a": {"format": "date-time"}}}).is_valid({"a": text})
