"""Generated descriptions: rules, cases and an independent validator agree, and a run against the own emulator is green."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
from hypothesis import Phase, given
from hypothesis import strategies as st

from conformance.cli.main import main
from openapi import load_contract
from openapi.catalogue import Catalogue, catalogue_of
from openapi.schema.keywords import KEYWORDS, makes_rule, note_of
from openapi.schema.nodes import Node
from strategies.case import NO_BODY
from strategies.plan.plan import Plan
from tests.examples import examples

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
KINDS = ("round", "square")


def pointed(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


@st.composite
def choices(draw: st.DrawFn) -> tuple[Schema, dict[str, Schema]]:
    """A choice between two schemas of the document, with a discriminator or constants, and these schemas."""
    names, is_constant = ("Round", "Square"), draw(st.booleans())
    branches = {}
    for name, kind in zip(names, KINDS, strict=True):
        fixed: Schema = {"const": kind} if is_constant else {"type": "string"}
        members = {"kind": fixed, kind: draw(leaves())}
        # Without constants an object may fit both, which a validator that knows no discriminators refuses.
        closed = {} if is_constant else {"additionalProperties": False}
        branches[name] = {"type": "object", "required": ["kind", kind], "properties": members, **closed}
    mapping = {kind: f"#/components/schemas/{name}" for kind, name in zip(KINDS, names, strict=True)}
    stated = draw(st.sampled_from([{"propertyName": "kind", "mapping": mapping}] + [None] * is_constant))
    found = {"oneOf": [pointed(name) for name in names], **({"discriminator": stated} if stated else {})}
    return found, branches


@st.composite
def documents(draw: st.DrawFn) -> Schema:
    """Descriptions with a body of any shape; some have choices, header parameters, links, and show again what was sent."""
    body, (choice, branches) = draw(BODIES), draw(choices())
    if draw(st.booleans()):
        body = {**body, "properties": {**body["properties"], "form": choice}}
    own = {"id": {"type": "string", "format": "uuid"}, "token": {"type": "integer"}}
    status = draw(st.sampled_from([{}, {"status": choice}]))
    echoed = body["properties"] if draw(st.booleans()) else {}
    needed = draw(st.sampled_from([["id"], ["id", "token"], ["id", *status]]))
    created = {"type": "object", "required": needed, "properties": {**echoed, **own, **status}}
    success: Schema = {"description": "created", "content": {"application/json": {"schema": created}}}
    paths: Schema = {}
    if draw(st.booleans()):
        key = draw(st.sampled_from([each for each in ("id", "token") if each in needed]))
        success["links"] = {"Read": {"operationId": "read", "parameters": {"key": f"$response.body#/{key}"}}}
        paths["/entries/{key}"] = {"get": {"operationId": "read", "responses": {"200": {"description": "shown"}}}}
    header = {"name": "X-Trace", "in": "header", "required": True, "example": "a b", "schema": {"type": "string"}}
    operation = {
        "parameters": draw(st.sampled_from([[], [header], [{**header, "required": False}]])),
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": success},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/things": {"post": operation}, **paths},
        "components": {"schemas": branches},
    }


def written(document: Schema, folder: Path) -> str:
    """The file of a description."""
    file = folder / "description.json"
    file.write_text(json.dumps(document))
    return str(file)


def catalogue(document: Schema) -> Catalogue:
    """The catalogue of a description."""
    with TemporaryDirectory() as folder:
        return catalogue_of(load_contract(written(document, Path(folder))))


def without_a_word(known: Catalogue, root: Node, prefix: str) -> list[str]:
    """The keywords of a tree that have neither a rule nor a note, and are no annotations."""
    return [
        f"{node.path}.{constraint.keyword}"
        for node in root.walk()
        for constraint in node.constraints
        if constraint.keyword in KEYWORDS
        and makes_rule(constraint.keyword, constraint.value)
        and f"{prefix}.{node.path + '.' if node.path else ''}{constraint.keyword}" not in known.rules
        and note_of(constraint.keyword, constraint.value) is None
    ]


def is_meant_by_a_discriminator(document: Schema, rule: str) -> bool:
    """Return whether a rule rests on what OpenAPI says of discriminators and JSON Schema does not."""
    return "discriminator" in json.dumps(document["paths"]) and ".oneOf" in rule


@examples(6, phases=QUICK)
@given(documents())
def test_rules_cases_and_another_validator_agree(document: Schema) -> None:
    known = catalogue(document)
    assert without_a_word(known, known.body, "body") + without_a_word(known, known.response, "response") == []
    operation = document["paths"]["/things"]["post"]
    body = {**operation["requestBody"]["content"]["application/json"]["schema"], "components": document["components"]}
    validator = jsonschema.Draft202012Validator(body, format_checker=jsonschema.FormatChecker())
    plan = Plan(known)
    for case in plan.accepts():
        assert case.body is NO_BODY or validator.is_valid(case.body), case.body
    for case in plan.rejects():
        assert case.rule in known.rules
        # The other validator asserts no formats without a library, and its `$` matches before a line feed, as Python's does.
        is_blind = case.rule.endswith(".format") or (case.rule.endswith(".pattern") and "\\n" in json.dumps(case.body))
        is_blind = is_blind or is_meant_by_a_discriminator(document, case.rule)
        assert is_blind or not validator.is_valid(case.body), (case.rule, case.body)


@examples(20, phases=QUICK)
@given(documents())
def test_what_a_description_says_is_in_its_contract(document: Schema) -> None:
    known = catalogue(document)
    operation = document["paths"]["/things"]["post"]
    created = operation["responses"]["201"]["content"]["application/json"]["schema"]
    for prefix, holder, name in (("response", created, "status"), ("body", known.contract.request, "form")):
        branches = {rule.split(":")[1].split(".")[0] for rule in known.rules if rule.startswith(f"{prefix}.{name}.oneOf:")}
        assert branches == (set(KINDS) if name in holder["properties"] else set())
    links = operation["responses"]["201"].get("links", {})
    pointers = {each["parameters"]["key"].partition("#")[2] for each in links.values()}
    assert {known.contract.linked} - {None} == pointers
    assert (known.contract.read is not None) == bool(links)
    sent = [("X-Trace", each["example"]) for each in operation["parameters"] if each["required"]]
    assert list(known.contract.headers) == sent


@examples(2, phases=QUICK)
@given(documents())
def test_a_run_against_the_own_emulator_is_green(document: Schema) -> None:
    chosen = [option for area in ("body", "response", "state") for option in ("--select", f"{area}.*")]
    with TemporaryDirectory() as folder:
        file = written(document, Path(folder))
        status = main(["run", "--openapi", file, *chosen, "--quiet", "--out", folder])
        summary = json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8"))
    assert (status, summary["failed"]) == (0, [])
