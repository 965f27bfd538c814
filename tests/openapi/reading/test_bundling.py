"""References, resolved into one schema that stands alone and that says what the many said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from openapi import ContractError, load_contract
from openapi.catalogue import catalogue_of
from openapi.json_types import resolve
from openapi.schema.nodes import tree
from tests.openapi.synthetic import Object, description, loaded, written


def bundled(request: Any, **schemas: Any) -> Object:
    return dict(loaded(description(request, components={"schemas": schemas})).request)


def ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def test_all_that_is_referred_to_comes_along_and_nothing_else() -> None:
    found = bundled(ref("A"), A={"properties": {"b": ref("B")}}, B={"items": ref("C")}, C={"type": "string"}, D={})
    assert set(found["$defs"]) == {"A", "B", "C"}
    validator = jsonschema_rs.validator_for(found)
    assert validator.is_valid({"b": ["x"]})
    assert not validator.is_valid({"b": [1]})


def test_names_of_properties_are_no_keywords() -> None:
    """A field may be called as a keyword is; what it refers to comes along all the same."""
    found = bundled({"properties": {"$ref": ref("A"), "items": ref("B")}}, A={"type": "string"}, B={"type": "null"})
    assert set(found["$defs"]) == {"A", "B"}
    assert not jsonschema_rs.is_valid(found, {"$ref": 1})


def test_data_that_looks_like_a_reference_is_data() -> None:
    found = bundled({"const": {"$ref": "#/nowhere"}, "default": {"$ref": "#/$defs/x"}, "enum": [{"$ref": "x.yaml"}]})
    assert found["const"] == {"$ref": "#/nowhere"}


def test_what_is_defined_under_one_name_in_two_files_stays_two(tmp_path: Path) -> None:
    written(tmp_path, {"components": {"schemas": {"A": {"type": "integer", "title": "other"}}}}, "other.json")
    properties = {"own": ref("A"), "other": {"$ref": "other.json#/components/schemas/A"}}
    document = description({"properties": properties}, components={"schemas": {"A": {"type": "string"}}})
    contract = load_contract(written(tmp_path, document), [])
    assert {name: each["type"] for name, each in contract.request["$defs"].items()} == {"A": "string", "A-2": "integer"}
    assert contract.origins["A-2"] == f"{(tmp_path / 'other.json').as_uri()}#/components/schemas/A"


def test_any_name_can_be_referred_to() -> None:
    name = "a/b~c %é["
    found = bundled({"$ref": "#/components/schemas/a~1b~0c%20%25%C3%A9%5B"}, **{name: {"type": "string"}})
    assert list(found["$defs"]) == ["a/b~c____"]
    assert not jsonschema_rs.is_valid(found, 1)


def test_a_file_of_schemas_alone_speaks_the_dialect_of_the_description(tmp_path: Path) -> None:
    written(tmp_path, {"type": "string", "nullable": True}, "field.json")
    document = description({"properties": {"a": {"$ref": "field.json"}}}, version="3.0.0")
    contract = load_contract(written(tmp_path, document), [])
    assert contract.request["$defs"]["root"]["type"] == ["string", "null"]


def test_a_file_with_a_version_speaks_its_own(tmp_path: Path) -> None:
    other = {"openapi": "3.1.0", "A": {"type": "number", "exclusiveMinimum": 1}}
    written(tmp_path, other, "other.json")
    document = description({"properties": {"a": {"$ref": "other.json#/A"}}}, version="3.0.0")
    assert "body.a.exclusiveMinimum" in catalogue_of(load_contract(written(tmp_path, document), [])).rules
    written(tmp_path, {**other, "openapi": "4.0"}, "other.json")
    with pytest.raises(ContractError, match=r"other\.json: #/openapi"):
        load_contract(str(tmp_path / "openapi.json"), [])


@pytest.mark.parametrize("keyword", ["$id", "$schema", "$anchor", "$dynamicAnchor", "$defs", "definitions"])
def test_what_would_move_references_elsewhere_is_left_out(keyword: str) -> None:
    value: Any = {"A": {}} if keyword in ("$defs", "definitions") else "http://example.com/x"
    value = "here" if "nchor" in keyword else value
    found = bundled({"properties": {"a": {keyword: value, **ref("A")}}}, A={"type": "string"})
    assert keyword not in found["properties"]["a"]
    assert not jsonschema_rs.is_valid(found, {"a": 1})


def test_a_recursive_schema_is_finite() -> None:
    node = {"type": "object", "properties": {"name": {"maxLength": 3}, "children": {"items": ref("Node")}}}
    contract = loaded(description(ref("Node"), components={"schemas": {"Node": node}}))
    rules = [each for each in catalogue_of(contract).rules if each.endswith("maxLength")]
    assert rules == ["body.name.maxLength", "body.children.*.name.maxLength"]


def test_schemas_that_refer_to_each_other_make_no_forest() -> None:
    names = [f"S{index}" for index in range(6)]
    schemas = {name: {"properties": {other.lower(): ref(other) for other in names}} for name in names}
    contract = loaded(description(ref("S0"), components={"schemas": schemas}))
    assert sum(1 for _ in tree(contract.request).walk()) < 20_000


@pytest.mark.parametrize(
    "body",
    [
        ref("A"),
        {"allOf": [ref("A")]},
        {"allOf": [{"type": "object"}, {"allOf": [ref("A")]}]},
        {"anyOf": [{"type": "null"}, ref("A")]},
    ],
)
def test_a_schema_made_of_itself_is_reported_with_its_chain(body: Object) -> None:
    with pytest.raises(ContractError) as caught:
        bundled(ref("A"), A=ref("B"), B={"description": "x", **body})
    assert caught.value.problem in (
        "the schema consists of itself (A -> B -> A)",
        "the schema consists of itself (B -> A -> B)",
    )
    assert caught.value.place in ("#/components/schemas/A", "#/components/schemas/B")


def test_a_schema_that_holds_itself_in_a_member_is_no_cycle() -> None:
    found = bundled(ref("A"), A={"properties": {"a": ref("A")}, "anyOf": [{"required": ["b"]}, {"not": ref("B")}]}, B={})
    assert set(found["$defs"]) == {"A", "B"}


def test_many_ways_to_one_schema_are_walked_once() -> None:
    """With every way walked, thirty diamonds on end would be a billion of them."""
    schemas: Object = {f"S{i}": {"allOf": [ref(f"S{i + 1}"), ref(f"S{i + 1}")]} for i in range(30)}
    schemas["S30"] = {"type": "object"}
    assert len(bundled({"properties": {"x": {"items": ref("S0")}}}, **schemas)["$defs"]) == 31


@pytest.mark.parametrize(
    ("schema", "parts"),
    [
        ({"type": "object", "maxProperties": 1}, ["maxProperties"]),
        ({"properties": {"a": {"oneOf": [{"maxLength": 1}, {"type": "null"}]}}}, ["maxLength"]),
        ({"properties": {"a": {"anyOf": [{"type": "null"}, ref("A")]}}}, ["maxLength", "minLength"]),
        ({"allOf": [{"properties": {"a": {"allOf": [ref("A")]}}}]}, ["maxLength"]),
    ],
)
def test_a_rule_of_an_inline_schema_reports_where_it_stands(schema: Object, parts: list[str], tmp_path: Path) -> None:
    inner = {"anyOf": [{"maxLength": 1, "minLength": 1, "type": "string"}, {"type": "null"}]}
    document = description(schema, schema, components={"schemas": {"A": inner}})
    rules = catalogue_of(load_contract(written(tmp_path, document), [])).rules.values()
    found = [rule for rule in rules if rule.id.rsplit(".", 1)[-1] in parts]
    assert {rule.id.split(".")[0] for rule in found} == {"body", "response"}
    for rule in found:
        assert resolve(document, rule.source.partition("#")[2]) == 1


def test_a_rule_of_a_nullable_schema_in_3_0_reports_where_it_stands(tmp_path: Path) -> None:
    field = {"nullable": True, "enum": ["a"], "allOf": [{"maxLength": 1}]}
    document = description({"properties": {"a": field}}, version="3.0.0")
    rules = catalogue_of(load_contract(written(tmp_path, document), [])).rules
    for name in ("enum", "maxLength"):
        assert resolve(document, rules[f"body.a.{name}"].source.partition("#")[2]) in (1, ["a"])
