"""Habitual sentences are read as keywords, and sentences that only look like them are not."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from conformance.cli.main import main
from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.prose.proposals import Proposal, proposals

_EXCHANGES = "x-exchange-rules"
SHARED = Path(__file__).parents[4] / "shared" / "reference"


def document(schema: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    """A description with one schema, and others that it may refer to."""
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": {"Thing": schema, **others}}}


def of_member(sentence: str, **schema: Any) -> list[Proposal]:
    """The proposals for a sentence about the member `size`."""
    member = {"description": sentence, **schema}
    other = {"type": "string"}
    return list(proposals(document({"type": "object", "properties": {"size": member, "otherSize": other}})))


def of_object(sentence: str, *names: str) -> list[Proposal]:
    """The proposals for a sentence about an object."""
    properties = {name: {"type": "string"} for name in names}
    return list(proposals(document({"type": "object", "description": sentence, "properties": properties})))


@pytest.mark.parametrize(
    ("sentence", "schema", "update"),
    [
        ("Must be between 1 and 5.", {"type": "integer"}, {"minimum": 1, "maximum": 5}),
        ("The speed, between -0.5 and 2.", {"type": "number"}, {"minimum": -0.5, "maximum": 2}),
        ("Must be at most 8.", {"type": "integer"}, {"maximum": 8}),
        ("Must be at least 3 characters long.", {"type": "string"}, {"minLength": 3}),
        ("Maximum value is 9.", {"type": "number"}, {"maximum": 9}),
        ("Minimum value is 2, which is the default value.", {"type": "number"}, {"minimum": 2, "default": 2}),
        ("Must match ^[a-z]{2}$.", {"type": "string"}, {"pattern": "^[a-z]{2}$"}),
        ("Defaults to 12.", {"type": "integer"}, {"default": 12}),
        ("If not set, will default to true.", {"type": "boolean"}, {"default": True}),
        ("Defaults to 90 seconds.", {"type": "string", "pattern": r"^\d+s$"}, {"default": "90s"}),
        ("Defaults to 2 hours.", {"type": "string", "pattern": r"^\d+s$"}, {"default": "7200s"}),
        ('Defaults to "low" as a start.', {"type": "string"}, {"default": "low"}),
        ("Defaults to loud.", {"type": "string", "enum": ["TONE_LOUD", "TONE_LOW"]}, {"default": "TONE_LOUD"}),
        ("Defaults to `agent: {}`.", {"type": "object"}, {"default": {"agent": {}}}),
        ('Keys may not start with "own.", so.', {"type": "object"}, {"propertyNames": {"not": {"pattern": "^own\\."}}}),
        ("Valid values are between [0.5, 2] inclusive.", {"type": "number"}, {"minimum": 0.5, "maximum": 2}),
        ("Must be greater than or equal to 0.5.", {"type": "number"}, {"minimum": 0.5}),
        ("Must be less than 9.", {"type": "integer"}, {"exclusiveMaximum": 9}),
        ("Must be greater than 0 and less than or equal to 1.5.", {"type": "number"}, {"exclusiveMinimum": 0, "maximum": 1.5}),
        ("The number of rows (max 100).", {"type": "integer"}, {"maximum": 100}),
        ("(Default: enabled)", {"type": "boolean"}, {"default": True}),
        ("Currently defaults to 12.", {"type": "integer"}, {"default": 12}),
        ("Typically true and left as the default (false) otherwise.", {"type": "boolean"}, {"default": False}),
        ("All values must be strings.", {"type": "object"}, {"additionalProperties": {"type": "string"}}),
    ],
)  # fmt: skip
def test_a_sentence_says_what_a_keyword_would(sentence: str, schema: dict[str, Any], update: dict[str, Any]) -> None:
    (found,) = of_member(sentence, **schema)
    assert (found.target, found.sentence, dict(found.update)) == (
        "$.components.schemas.Thing.properties.size",
        sentence,
        update,
    )


@pytest.mark.parametrize(
    ("sentence", "schema"),
    [
        ("Must be between 1 and 5.", {"type": "string"}),  # of what the string names
        ("Somewhere between two and five.", {"type": "number"}),
        ("Defaults to the size of the parent.", {"type": "integer"}),
        ("Defaults to 12 unless the other is set.", {"type": "integer"}),
        ("Defaults to 12 if `otherSize` is set.", {"type": "integer"}),
        ("Defaults to 12 for a new one and 13 otherwise.", {"type": "integer"}),
        ("(Default: enabled for some, disabled otherwise)", {"type": "boolean"}),
        ("(Default: enabled)", {"type": "string"}),
        ("Must be exactly -1 or greater than 0.", {"type": "integer"}),
        ("Must be greater than the other.", {"type": "integer"}),
        ("Rows (max 100).", {"type": "string"}),
        ("May not be set together with one of the others.", {"type": "string"}),
        ("Only valid when it is set.", {"type": "string"}),
        ("Defaults to 12.", {"type": "integer", "maximum": 10}),
        ("Defaults to quiet.", {"type": "string", "enum": ["LOUD"]}),
        ("Prefer the default here.", {"type": "integer"}),
        ("Required if the other is set.", {"type": "integer"}),
        ("Whether the parameter is required.", {"type": "boolean"}),
        ("Must match the other.", {"type": "string"}),
        ("Must be between 1 and 5.", {"type": "integer", "minimum": 1, "maximum": 5}),  # no news
        ("Either this or that may be set, but not both.", {"type": "string"}),
        ("The maximum size that is used.", {"type": "integer"}),
        ("Only one must be met.", {"type": "object", "properties": {"a": {}, "b": {}}}),
    ],
)
def test_a_sentence_that_says_nothing_exact_proposes_nothing(sentence: str, schema: dict[str, Any]) -> None:
    assert of_member(sentence, **schema) == []


def test_members_that_exclude_or_need_each_other_are_rules_of_their_object() -> None:
    (both,) = of_member("Either this or `other_size` may be set, but not both.", type="string")
    assert both.target == "$.components.schemas.Thing"
    assert both.update["allOf"][0]["not"] == {"required": ["otherSize", "size"]}
    (together,) = of_member("May not be set together with other_size.", type="string")
    assert (together.target, together.update["allOf"][0]["not"]) == (
        "$.components.schemas.Thing",
        {"required": ["otherSize", "size"]},
    )
    (true,) = of_member("May not be set if `otherSize` is true.", type="string")
    not_valid = {"required": ["otherSize", "size"], "properties": {"otherSize": {"const": True}}}
    assert true.update["allOf"][0]["not"] == not_valid
    (needed,) = of_member("Only valid when `otherSize` is set (by whom?).", type="string")
    assert dict(needed.update) == {"dependentRequired": {"size": ["otherSize"]}}
    (required,) = of_member("Required. ", type="string")
    assert (required.target, dict(required.update)) == ("$.components.schemas.Thing", {"required": ["size"]})


def test_exactly_one_of_several() -> None:
    (named,) = of_object("Exactly one of tool_id or name should be set.", "toolId", "name", "count")
    assert (named.level, dict(named.update)) == ("SHOULD", {"oneOf": [{"required": ["toolId"]}, {"required": ["name"]}]})
    (every,) = of_object("Exactly one field must be set.", "a", "b")
    assert dict(every.update) == {"minProperties": 1, "maxProperties": 1}
    (most,) = of_object("At most one medium may be set.", "a", "b")
    assert dict(most.update) == {"maxProperties": 1}
    assert of_object("Exactly one winner must be set.", "a", "b") == []


def test_an_alternative_that_came_later_makes_a_sentence_unsure() -> None:
    kinds = {name: {"$ref": f"#/components/schemas/{name.title()}Details"} for name in ("http", "client", "data")}
    others = {f"{name.title()}Details": {"type": "object"} for name in kinds}
    kinds["needs"] = {"$ref": "#/components/schemas/Needs"}
    sentence = "Exactly one implementation (http or client) must be set."
    for confidence in ("unsure", "certain"):
        thing = {"type": "object", "description": sentence, "properties": dict(kinds)}
        (found,) = proposals(document(thing, **others, Needs={"type": "object"}))
        assert found.confidence == confidence
        kinds.pop("data", None)


def test_a_draft_is_an_overlay_that_makes_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    description, out = tmp_path / "d.yaml", tmp_path / "draft.yaml"
    body = {"type": "object", "properties": {"size": {"type": "integer", "description": "Must be between 1 and 5."}}}
    created = {"type": "object", "properties": {"id": {"type": "string"}}}
    operation = {
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
        "responses": {"201": {"content": {"application/json": {"schema": created}}}},
    }
    text = {**document(created, Body=body), "paths": {"/things": {"post": operation}}}
    description.write_text(yaml.safe_dump(text))
    assert main(["propose-overlay", str(description), "--out", str(out)]) == 0
    assert "1 proposal: 1 certain" in capsys.readouterr().err
    rules = catalogue_of(load_contract(str(description), [str(out)])).rules
    assert rules["body.size.maximum"].quote == "Must be between 1 and 5."
    assert main(["propose-overlay", str(tmp_path / "none.yaml")]) == 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the vendor's descriptions are not here")
@pytest.mark.parametrize("version", ["2025-04-01", "2025-09-29"])
def test_proposals_for_the_vendors_descriptions_are_what_our_overlay_says(version: str) -> None:
    text = yaml.load((SHARED / f"vendor-openapi-{version}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert "If unset, defaults to the input_sample_rate." in {each.sentence for each in proposals(text)}
    overlay = Path(__file__).parents[3] / "openapi" / "contracts" / "ultravox" / "overlay.yaml"
    stated: dict[tuple[str, str], list[Any]] = {}
    for action in yaml.load(overlay.read_text(encoding="utf-8"), yaml.CSafeLoader)["actions"]:
        for keyword, value in (action.get("update") or {}).items():
            stated.setdefault((action["target"], keyword), []).append(value)
    found = list(proposals(text))
    assert len(found) > 30
    compared = [
        (each, keyword, value, stated[each.target, keyword])
        for each in found
        for keyword, value in each.update.items()
        if (each.target, keyword) in stated and keyword not in ("allOf", _EXCHANGES)
    ]
    assert len(compared) > 25
    assert [each for each in compared if each[2] not in each[3]] == []
    # Ours say more of when they apply; which values are equal is the same.
    ours = [rule.get("equal") for (_, keyword), values in stated.items() if keyword == _EXCHANGES for rule in chain(*values)]
    proposed = [rule["equal"] for each in found for rule in each.update.get(_EXCHANGES, ())]
    assert proposed
    assert [each for each in proposed if each not in ours] == []
    for each in found:
        jsonschema_rs.validator_for(dict(each.update))
