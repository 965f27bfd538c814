"""The catalogue: which rules follow from a contract, what they are called, and where each comes from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openapi import load_contract
from openapi.catalogue import MUTATORS, Catalogue, catalogue_of, default_of, entries
from openapi.json_types import resolve
from openapi.reading.documents import read
from openapi.rules import Area, Basis, Level
from openapi.schema.keywords import FORMATS, KEYWORDS, SILENT, makes_rule, note_of
from openapi.schema.nodes import tree
from tests.openapi.schemas import schemas
from tests.openapi.synthetic import (
    OUR_OVERLAY,
    OURS,
    ROOT,
    Object,
    body_rules,
    catalogued,
    description,
    loaded,
    overlay,
    replaced,
)
from tests.openapi.versions import SEPTEMBER, september


@cache
def catalogue(name: str) -> Catalogue:
    """Return our catalogue or that of a later version."""
    return september() if name else catalogue_of(load_contract())


ALL = pytest.mark.parametrize("name", ["", "september"])


@ALL
def test_every_source_leads_somewhere(name: str) -> None:
    found = catalogue(name)
    files = {each.name: OUR_OVERLAY for each in found.contract.overlays}
    files |= {f"{table}.yaml": ROOT / "openapi" / f"{table}.yaml" for table in ("protocol", "mutators", "probes")}
    files["ultravox/protocol.yaml"] = ROOT / "openapi" / "contracts" / "ultravox" / "protocol.yaml"
    documents: dict[str, Any] = {each: read(str(path)).root for each, path in files.items()}
    documents[found.contract.description.name] = SEPTEMBER if name else DOCUMENT
    for rule in found.rules.values():
        document, _, where = rule.source.partition("#")
        if where.startswith("/"):
            resolve(documents[document], where)
        else:  # our own tables name their entries
            (member,) = set(documents[document]) - {"x", "quotes"}
            assert [each for each in documents[document][member] if each["id"] == where]


@ALL
def test_every_rule_is_a_sentence_with_its_weight(name: str) -> None:
    for rule in catalogue(name).rules.values():
        assert rule.requirement.endswith(".")
        assert rule.level is Level.MAY or re.search(r"\b(MUST|SHOULD)\b", rule.requirement)
        assert len(rule.requirement) < 400
        assert "\n" not in rule.requirement
        assert (rule.area, rule.basis) == (Area(rule.area), Basis(rule.basis))


@ALL
def test_every_area_has_rules(name: str) -> None:
    assert {rule.area for rule in catalogue(name).rules.values()} == set(Area)


def test_other_versions_of_the_description_make_other_rules() -> None:
    april, later = (set(catalogue(name).rules) for name in ("", "september"))
    assert len(later - april) > 100
    assert len(april - later) > 10
    assert {rule.split(".")[1] for rule in april & later if rule.startswith("body.")} > {"temperature", "medium"}


# --- ids come from content

DOCUMENT: Object = yaml.safe_load(OURS.read_text(encoding="utf-8"))
BODY = ("components", "schemas", "ultravox.v1.StartCallRequest", "properties")


@pytest.mark.parametrize("first", [True, False])
def test_another_property_leaves_every_id_as_it_was(first: bool) -> None:
    before = catalogue_of(loaded(DOCUMENT)).rules
    properties = resolve(DOCUMENT, "/" + "/".join(BODY))
    new = {"aaa": {"type": "string", "maxLength": 3}}
    grown = {**new, **properties} if first else {**properties, **new}
    after = catalogue_of(loaded(replaced(DOCUMENT, BODY, grown))).rules
    assert set(after) - set(before) == {"body.aaa.type", "body.aaa.maxLength"}
    assert set(before) - set(after) == set()
    for identity in before:
        one, other = before[identity], after[identity]
        assert (one.requirement, one.area, one.basis) == (other.requirement, other.area, other.basis)


def test_actions_in_another_order_make_the_same_ids(tmp_path: Path) -> None:
    layer = yaml.safe_load(OUR_OVERLAY.read_text(encoding="utf-8"))
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump({**layer, "actions": layer["actions"][::-1]}))
    assert set(catalogue_of(load_contract(None, [str(path)])).rules) == set(catalogue("").rules)


@given(schemas(), st.randoms(use_true_random=False))
def test_the_order_of_keywords_and_properties_makes_no_difference(schema: Any, random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(member)) for key, member in value.items()]
            return dict(random.sample(items, len(items)))
        return value

    assert set(catalogued(schema).rules) == set(catalogued(shuffled(schema)).rules)


# --- what becomes a rule


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


def test_our_own_description_is_understood_whole() -> None:
    assert catalogue("").notes == ()


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


# --- defaults, echoes and prior calls

ECHO_BODY: Object = {
    "properties": {
        "a": {"type": "string", "default": "x"},
        "only_sent": {"default": 1},
        "nested": {"properties": {"b": {}, "c": {"default": 2}}},
        "list": {"items": {"properties": {"d": {"default": 3}}}},
    }
}
ECHO_RESPONSE: Object = {
    "properties": {
        "a": {"type": "string"},
        "only_shown": {"default": 4},
        "nested": {"properties": {"b": {"default": 5}, "c": {"default": 6}}},
        "list": {"items": {"properties": {"d": {}}}},
    }
}


def test_what_stands_in_request_and_response_is_echoed() -> None:
    found = {each for each in catalogued(ECHO_BODY, ECHO_RESPONSE).rules if each.endswith(".echo")}
    names = ["a", "nested", "nested.b", "nested.c", "list", "list.*.d"]
    assert found == {f"body.{name}.echo" for name in names}


def test_a_default_is_that_of_the_request_or_else_of_the_response() -> None:
    rules = catalogued(ECHO_BODY, ECHO_RESPONSE).rules
    found = {each: rules[each].requirement for each in rules if each.endswith(".default")}
    assert found == {
        "body.a.default": "Where a is not sent, the response MUST show 'x'.",
        "body.nested.b.default": "Where nested.b is not sent, the response MUST NOT show another value than 5.",
        "body.nested.c.default": "Where nested.c is not sent, the response MUST NOT show another value than 2.",
        "response.only_shown.default": "The response for a new object MUST show only_shown as 4.",
    }


def test_the_default_of_null_is_a_default() -> None:
    node = tree(loaded(description({"properties": {"a": {"default": None}, "b": {}}})).request)
    found = default_of(node.properties["a"])
    assert found is not None
    assert found[0] is None
    assert default_of(node.properties["b"]) is None


@pytest.mark.parametrize(("inherits", "names"), [("*", ["a", "nested", "list"]), (["a", "only_sent"], ["a"]), ([], [])])
def test_a_parent_call_hands_on_what_the_response_shows(inherits: Any, names: list[str]) -> None:
    parent = {"parameter": "parent", "identifier": "id", "inherits": inherits, "quote": "Q"}
    parameter = {"name": "parent", "in": "query", "schema": {"type": "string"}}
    update = {"x-parent-call": parent, "parameters": [parameter]}
    layer = overlay({"target": "$.paths['/api/calls'].post", "update": update})
    rules = catalogue_of(loaded(description(ECHO_BODY, ECHO_RESPONSE), layer)).rules
    found = [each for each in rules if each.endswith((".inherited", ".overridden"))]
    assert found == [f"state.{name}.{verb}" for name in names for verb in ("inherited", "overridden")]
    assert all(rules[each].quote == "Q" for each in found)


def test_rules_about_what_a_contract_has_not_are_left_out() -> None:
    rules = catalogued({}).rules
    assert not [each for each in rules if each.startswith(("auth.", "state.read", "state.delete", "state.prior"))]
    document = description({}, components={"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "k"}}})
    assert "auth.missing-key" in catalogue_of(loaded({**document, "security": [{"k": []}]})).rules


def test_rules_are_selected_by_globs_in_their_order() -> None:
    found = catalogue("")
    assert found.select([]) == list(found.rules.values())
    assert [rule.id for rule in found.select(["body.temperature.m*"])] == [
        *("body.temperature.minimum", "body.temperature.maximum"),
    ]
    assert found.select(["nothing.*"]) == []
    both = found.select(["state.*", "body.model.*"])
    assert {rule.id.split(".")[0] for rule in both} == {"state", "body"}
    assert both == [rule for rule in found.rules.values() if rule in both]


def test_every_mutator_is_watched_by_a_rule() -> None:
    names = [each["id"] for each in entries(MUTATORS, "mutators")]
    assert names
    assert {f"observed.{name}" for name in names} <= catalogue("").rules.keys()
