"""Which keyword becomes a rule, in which words, and which one is noted for having none."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.catalogue import catalogue_of
from openapi.rules import Area
from openapi.schema.keywords import FORMATS, KEYWORDS, SILENT, makes_rule, note_of
from tests.openapi.synthetic import (
    Object,
    body_rules,
    catalogued,
    description,
    loaded,
    replaced,
)


def ids(schema: Any) -> set[str]:
    """The rules about the request of a synthetic description."""
    return {identity for identity in catalogued(schema).rules if identity.startswith("body.")}


def test_each_keyword_is_a_rule_of_its_area() -> None:
    body = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 3, "format": "uuid"},
            "kind": {"enum": ["a", "b"]},
            "count": {"type": "integer", "format": "int32", "minimum": 0},
        },
        "oneOf": [{"required": ["name"]}, {"required": ["kind"]}],
    }
    rules = catalogued(body, {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}).rules
    areas = {rule.id: rule.area for rule in rules.values() if "#/paths" in rule.source}
    constraint, shape = Area.CONSTRAINT, Area.SHAPE
    assert areas == {
        "body.type": constraint,
        "body.name.required": constraint,
        **dict.fromkeys(["body.name.type", "body.name.maxLength", "body.name.format"], constraint),
        "body.kind.enum": Area.ENUM,
        **dict.fromkeys(["body.count.type", "body.count.format", "body.count.minimum"], constraint),
        "body.oneOf": Area.CROSS_FIELD,
        "body.name.echo": Area.ECHO,
        **dict.fromkeys(["response.type", "response.name.type", "response.name.required"], shape),
    }


@pytest.mark.parametrize(
    ("schema", "rules"),
    [
        ({"format": "float"}, set()),
        ({"format": "enum"}, set()),
        ({"format": "date-time"}, {"body.a.format"}),
        ({"additionalProperties": True}, set()),
        ({"additionalProperties": False}, {"body.a.additionalProperties"}),
        ({"unevaluatedProperties": False}, {"body.a.unevaluatedProperties"}),
        ({"uniqueItems": False}, set()),
        ({"uniqueItems": True}, {"body.a.uniqueItems"}),
        ({"if": {"minLength": 1}, "then": {"maxLength": 2}, "else": {}}, {"body.a.if"}),
        ({"contains": {"const": 1}, "minContains": 2}, {"body.a.contains"}),
        ({"items": {"maxLength": 1}}, {"body.a.*.maxLength"}),
        ({"additionalProperties": {"maxLength": 1}}, {"body.a.*.maxLength"}),
        ({"allOf": [{"maxLength": 1}, {"allOf": [{"minLength": 1}]}]}, {"body.a.maxLength", "body.a.minLength"}),
        ({"allOf": [{"x-rule": "mine", "minLength": 1}]}, {"body.a.mine"}),
        (False, {"body.a.not"}),
        (True, set()),
    ],
)
def test_what_makes_a_rule(schema: Any, rules: set[str]) -> None:
    assert ids({"properties": {"a": schema}}) == rules


@pytest.mark.parametrize(
    ("field", "keyword"),
    [
        ({"dependencies": {"a": ["b"]}}, "dependencies"),
        ({"type": "object", "maxLenght": 3}, "maxLenght"),
        ({"type": "string", "regexp": "^a"}, "regexp"),
    ],
)
def test_a_keyword_that_is_not_understood_is_listed_with_its_place(field: Object, keyword: str) -> None:
    (body, response) = catalogued({"properties": {"a": field}}, {"properties": {"b": {"items": field}}}).notes
    assert body.endswith(
        f"/requestBody/content/application~1json/schema/properties/a/{keyword}: keyword {keyword!r} is not understood"
    )
    assert response.endswith(f"/schema/properties/b/items/{keyword}: keyword {keyword!r} is not understood")


@pytest.mark.parametrize(
    ("field", "note"),
    [
        ({"contentSchema": {}}, "keyword 'contentSchema' is not asserted"),
        ({"contentEncoding": "base64"}, "keyword 'contentEncoding' is not asserted"),
        ({"format": "phone"}, "format 'phone' is not asserted"),
        ({"pattern": r"(?<x>a)\k<x>"}, "the engine does not read this pattern, so it has no rule"),
        ({"pattern": "(?i)a"}, "the engine does not read this pattern, so it has no rule"),
    ],
)
def test_what_is_not_asserted_is_noted(field: Object, note: str) -> None:
    found = catalogued({"properties": {"a": field}})
    assert [each.partition(": ")[2] for each in found.notes] == [note]
    assert not body_rules(found)


def test_a_keyword_of_a_query_parameter_that_is_not_understood_is_listed() -> None:
    parameters = [{"name": "q", "in": "query", "schema": {"type": "array", "prefixItem": [{}]}}]
    document = replaced(description({}), ("paths", "/api/calls", "post", "parameters"), parameters)
    (note,) = catalogue_of(loaded(document)).notes
    assert note.endswith("/post/parameters/0/schema/prefixItem: keyword 'prefixItem' is not understood")


def test_no_keyword_is_both_a_rule_and_silent() -> None:
    assert set(KEYWORDS) & SILENT == set()
    assert not any(note_of(keyword, {}) for keyword in (*KEYWORDS, *SILENT, "x-anything") if keyword != "format")
    assert not makes_rule("format", "float")
    assert all(makes_rule("format", each) for each in FORMATS)


def test_the_sentence_shows_field_and_value() -> None:
    rules = catalogued({"properties": {"a": {"items": {"enum": ["x", "y"]}, "maxItems": 3, "type": ["array", "null"]}}}).rules
    assert rules["body.a.maxItems"].requirement == "a MUST have at most 3 elements."
    [one] = [each for each in catalogued({"maxProperties": 1}).rules.values() if each.id == "body.maxProperties"]
    assert one.requirement.endswith(" MUST have at most 1 member.")
    assert rules["body.a.*.enum"].requirement == "a.* MUST be one of x, y."
    assert rules["body.a.type"].requirement == "a MUST be an array or null."
    assert len(catalogued({"enum": ["x" * 50] * 1 + ["y" * 500]}).rules["body.enum"].requirement) < 1000
