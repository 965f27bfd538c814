"""A joined schema accepts no value that one of its two schemas refuses."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from emulator.parsing.canonical import canonical_schema
from emulator.validation import documented, plain_validator, validator
from emulator.value_kinds import shape_of
from tests.emulator.bodies import bodies
from tests.emulator.client import contract

_MEMBERS: list[Any] = [
    *(
        1,
        1.5,
        -1,
        2**31,
        True,
        None,
        "1",
        "x",
        "30s",
        "30",
        "BIG",
        {},
        {"b": 1},
        {"b": "x"},
        {"a": {"b": 1}},
        [],
        [1],
        ["x", "y"],
    )
]
_VALUES: list[Any] = [{}, {"b": 1}, {"a": "x", "b": "y"}, {"c": 1}, [], [{}], 1, *({"a": member} for member in _MEMBERS)]
_TEXT, _NUMBER, _OBJECT = {"type": "string"}, {"type": "number"}, {"type": "object"}
_IMPLIED = {"basis": "implied"}


def _of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


SCHEMAS: dict[str, dict[str, Any]] = {
    "bounds": _of(a={"type": "integer", "format": "int32", "minimum": 0}),
    "floats": _of(a={"type": "number", "format": "float", "minimum": 0, "maximum": 1}),
    "enum": _of(a={"type": "string", "enum": ["BIG", "SMALL"]}),
    "bounds that overlap": _of(a={"type": "integer", "minimum": 1, "allOf": [{"minimum": -1, "maximum": 1.0}, {"minimum": 0}]}),
    "an enum of an unknown format": _of(a={"type": "string", "enum": ["BIG", "x"], "format": "enum"}),
    "an enum of several types": _of(a={"type": ["string", "integer"], "enum": ["BIG", 1, None]}),
    "a format that is known": _of(a={"type": "string", "format": "uuid"}),
    "met again": {"$defs": {"o": _of(b=_TEXT)}, **_of(a={"$ref": "#/$defs/o"}, b={"$ref": "#/$defs/o"})},
    "duration": _of(a={"type": "string", "pattern": "^[0-9]+s$"}),
    "an implied duration": _of(a={"type": "string", "pattern": "^[0-9]+s$", "x-rules": {"pattern": _IMPLIED}}),
    "an implied type": _of(a={"type": "array", "items": _TEXT, "x-rules": {"type": _IMPLIED}}),
    "nullable": _of(a={"type": ["string", "null"], "maxLength": 1}),
    "null or an object": {"$defs": {"o": _of(b=_TEXT)}, **_of(a={"if": {"type": "null"}, "else": {"$ref": "#/$defs/o"}})},
    "one of two": {**_of(a=_TEXT, b=_TEXT), "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
    "rules of their own": {**_of(a={}), "allOf": [{"x-rule": "one", "required": ["a"]}, _of(a={"minItems": 1})]},
    "nothing at all": {**_of(a={}), "allOf": [False]},
    "a rule that is implied": {**_of(a={}), "allOf": [{"x-rule": "one", "required": ["a"], "x-rules": {"one": _IMPLIED}}]},
    "closed in a part": {**_of(a={}, b={}), "allOf": [{"properties": {"a": {}}, "additionalProperties": False}]},
    "conditions in two parts": {**_of(a={}), "allOf": [{"if": {"required": ["a"]}}, {"else": False}]},
    "the same keyword twice": {**_of(a=_TEXT), "allOf": [{"maxProperties": 2}, {"maxProperties": 1}]},
    "a map": _of(a={**_OBJECT, "additionalProperties": _TEXT, "maxProperties": 1}),
    "a list": _of(a={"type": "array", "items": _TEXT, "maxItems": 1}),
    "a list with a head": _of(a={"type": "array", "prefixItems": [_NUMBER], "items": _TEXT}),
    "recursive": {"$ref": "#/$defs/n", "$defs": {"n": _of(a={"$ref": "#/$defs/n"})}},
    "unevaluated": {**_of(a={}), "allOf": [{"properties": {"b": {}}}], "unevaluatedProperties": False},
    "true is not one": _of(a={"enum": [1], "allOf": [{"enum": [True]}]}),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_nothing_passes_that_either_refuses(name: str) -> None:
    schema = SCHEMAS[name]
    reported = documented(schema)
    canonical = jsonschema_rs.Draft202012Validator(canonical_schema(shape_of(schema)))
    both = canonical_schema(shape_of(schema), shape_of(reported))
    definitions = {**reported.get("$defs", {}), **both["$defs"]}
    joined = jsonschema_rs.Draft202012Validator({**both, "$defs": definitions}, validate_formats=True)
    for value in _VALUES:
        if joined.is_valid(value):
            assert canonical.is_valid(value), value
            assert validator(schema).is_valid(value), value


def test_of_our_contract_all_that_both_let_through_passes() -> None:
    own = contract()
    canonical = jsonschema_rs.Draft202012Validator(canonical_schema(shape_of(own.request)))
    outcomes = set()
    for body in bodies():
        passes = canonical.is_valid(body) and validator(own.request).is_valid(body)
        if passes != plain_validator(own).is_valid(body):
            assert passes, body
            assert len(body.get("languageHint", "")) > 16, body  # what no response could show
        outcomes.add(passes)
    assert outcomes == {True, False}
