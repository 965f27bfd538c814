"""Generated descriptions: rules, cases and an independent validator agree, and a run against the own emulator is green."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from conformance.cli.main import main
from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.schema.keywords import KEYWORDS, makes_rule, note_of
from openapi.schema.nodes import Node
from strategies.case import NO_BODY
from strategies.plan.plan import Plan

Schema = dict[str, Any]
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # a failing description is small enough
NAMES = st.sampled_from(["a", "b", "kind", "size", "tags", "über"])


@st.composite
def bounded(draw: st.DrawFn, kind: str, low: str, high: str, least: int) -> Schema:
    """A schema with none, one or two bounds that leave room."""
    first, span = draw(st.integers(least, 5)), draw(st.integers(1, 6))
    bounds = draw(st.sampled_from([{}, {low: first}, {high: first + span}, {low: first, high: first + span}]))
    return {"type": kind, **bounds}


def leaves() -> st.SearchStrategy[Schema]:
    """Schemas of strings, numbers and booleans."""
    return st.one_of(
        bounded("string", "minLength", "maxLength", 0),
        bounded("integer", "minimum", "maximum", -3),
        bounded("number", "exclusiveMinimum", "exclusiveMaximum", -3),
        st.sampled_from(
            [
                {"type": "boolean"},
                {"type": "string", "format": "date-time"},
                {"type": "string", "format": "uuid"},
                {"type": "string", "pattern": "^[a-c]{2,4}$"},
                {"type": "string", "contentEncoding": "base64"},
                {"enum": ["x", "y"]},
                {"type": ["string", "null"], "maxLength": 3},
                {"type": "integer", "multipleOf": 3, "maximum": 30},
                {"const": 7},
            ]
        ),
    )


def objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Schemas of objects with some required members, or with any keys."""
    closed = st.dictionaries(NAMES, inner, min_size=1, max_size=3).flatmap(
        lambda members: st.lists(st.sampled_from(sorted(members)), unique=True, max_size=2).map(
            lambda needed: {"type": "object", "properties": members, **({"required": needed} if needed else {})}
        )
    )
    return closed | inner.map(lambda each: {"type": "object", "additionalProperties": each})


def schemas() -> st.SearchStrategy[Schema]:
    """Schemas as deep as three levels."""
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            objects(inner),
            st.tuples(inner, bounded("array", "minItems", "maxItems", 0)).map(lambda each: {**each[1], "items": each[0]}),
            st.tuples(inner, inner).map(
                lambda each: {
                    "oneOf": [
                        {"type": "object", "required": ["k", "v"], "properties": {"k": {"const": name}, "v": schema}}
                        for name, schema in zip("pq", each, strict=True)
                    ]
                }
            ),
        ),
        max_leaves=4,
    )


BODIES = objects(schemas()).filter(lambda schema: "properties" in schema)


def described(body: Schema, folder: Path) -> str:
    """The file of a description whose operation has this body."""
    created = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}
    operation = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": {"description": "created", "content": {"application/json": {"schema": created}}}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things": {"post": operation}}}
    file = folder / "description.json"
    file.write_text(json.dumps(document))
    return str(file)


def catalogue(body: Schema) -> Catalogue:
    """The catalogue of a description with this body."""
    with TemporaryDirectory() as folder:
        return catalogue_of(load_contract(described(body, Path(folder))))


def without_a_word(known: Catalogue, root: Node) -> list[str]:
    """The keywords of a tree that have neither a rule nor a note, and are no annotations."""
    return [
        f"{node.path}.{constraint.keyword}"
        for node in root.walk()
        for constraint in node.constraints
        if constraint.keyword in KEYWORDS
        and makes_rule(constraint.keyword, constraint.value)
        and f"body.{node.path + '.' if node.path else ''}{constraint.keyword}" not in known.rules
        and note_of(constraint.keyword, constraint.value) is None
    ]


@settings(max_examples=20, phases=QUICK)
@given(BODIES)
def test_rules_cases_and_another_validator_agree(body: Schema) -> None:
    known = catalogue(body)
    assert without_a_word(known, known.body) == []
    validator = jsonschema.Draft202012Validator(body, format_checker=jsonschema.FormatChecker())
    plan = Plan(known)
    for case in plan.accepts():
        assert case.body is NO_BODY or validator.is_valid(case.body), case.body
    for case in plan.rejects():
        assert case.rule in known.rules
        # The other validator asserts no formats without a library, and its `$` matches before a line feed, as Python's does.
        is_blind = case.rule.endswith(".format") or (case.rule.endswith(".pattern") and "\\n" in json.dumps(case.body))
        assert is_blind or not validator.is_valid(case.body), (case.rule, case.body)


@settings(max_examples=3, phases=QUICK)
@given(BODIES)
def test_a_run_against_the_own_emulator_is_green(body: Schema) -> None:
    with TemporaryDirectory() as folder:
        file = described(body, Path(folder))
        status = main(["run", "--openapi", file, "--select", "body.*", "--quiet", "--out", folder])
        summary = json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8"))
    assert (status, summary["failed"]) == (0, [])
