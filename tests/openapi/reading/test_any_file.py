"""Whatever stands anywhere in a description or overlay: it loads, or it is reported why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from openapi import Contract, ContractError, load_contract
from openapi.catalogue import catalogue_of
from openapi.schema.oracle import Oracle
from tests.examples import examples
from tests.openapi.synthetic import (
    DOCUMENT,
    LAYER,
    Object,
    Step,
    overlay,
    places,
    replaced,
    written,
)

# Small, so that many examples are cheap, and with every construct that is read.
SMALL: Object = yaml.safe_load("""
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://example.com'}]
security: [{key: []}]
paths:
  /api/calls:
    parameters: [{name: p, in: query, schema: {type: boolean}}]
    post:
      parameters: [{$ref: '#/components/parameters/q'}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Body'}}}}
      responses: {'201': {content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}}
      x-request-rules: [{id: a, requirement: R MUST., schema: {not: {}}}]
      x-exchange-rules: [{id: b, requirement: R MUST., area: shape, when: {}, then: {type: object}}]
      x-parent-call: {parameter: p, identifier: id, inherits: '*', requirement: R MUST., quote: Q}
  /api/calls/{id}:
    get: {responses: {'200': {}}}
components:
  parameters: {q: {name: q, in: query, x-known-values: [a], schema: {type: string, format: uuid}}}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Tree:
      type: object
      properties:
        id: {type: string, default: x}
        body: {oneOf: [{$ref: '#/components/schemas/Body'}, {type: 'null'}]}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    Body:
      type: object
      required: [id]
      x-rules: {required: {quote: Q, basis: implied, level: SHOULD, source: S}}
      x-covers: {names: /list, keys: /map}
      allOf: [{x-rule: r, x-requirement: R MUST., not: {required: [a, b]}}, {properties: {a: {type: integer}}}]
      properties:
        id: {type: string, pattern: '^a', maxLength: 3, x-implementation-defined: {const: b}}
        number: {type: [number, 'null'], minimum: 1, exclusiveMaximum: 2, multipleOf: 0.5, format: float}
        enum: {enum: [a, b], examples: [a]}
        list: {type: array, items: {type: string}, minItems: 1, uniqueItems: true, x-unique-by: [/a]}
        map: {type: object, additionalProperties: {type: string}, propertyNames: {maxLength: 3}}
        choice: {anyOf: [{type: string}, {type: boolean}], if: {type: string}, then: {minLength: 1}}
""")
KEYS = (
    "$ref type properties items allOf oneOf anyOf if else not enum required const default x-rule x-rules x-covers "
    "x-unique-by x-origin schema a $id content 201 get in name nullable additionalProperties prefixItems pattern"
)
# Any value, and those that come nearest to being right.
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([1.5, 10**30, "", "a", "(", "x/y"])
    | st.sampled_from(["#/components/schemas/Body", "string", "object", "query", "3.1.0", "implied", "/a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=3),
    max_leaves=4,
)


def refusal(openapi: str, overlays: list[str]) -> ContractError | Contract:
    """Return what is reported of a description that is refused; else the contract."""
    try:
        return load_contract(openapi, overlays)
    except ContractError as error:
        return error


def loads_or_says_why(folder: Path, document: Any, *layers: Any) -> bool:
    """Return whether it loads and rules follow; if not, there is one line that says why."""
    names = [written(folder, each, f"overlay{index}.json") for index, each in enumerate(layers)]
    found = refusal(written(folder, document), names)
    if isinstance(found, ContractError):
        assert found.document in (str(folder / "openapi.json"), *names)
        assert "\n" not in str(found)
        return False
    assert len(catalogue_of(found).rules) < 2000
    for schema in (found.request, found.response, *(each.schema for each in found.parameters)):
        Oracle(schema, "x").violated({"a": [1]})
    return True


def test_the_small_description_loads(folder: Path) -> None:
    assert loads_or_says_why(folder, SMALL)


@examples(60)
@given(st.sampled_from(list(places(SMALL))), VALUES)
@example((), {"openapi": "3.1.0", "paths": {"/api/calls": {"post": {"$ref": "#/paths/~1api~1calls"}}}})
@example(("components", "schemas", "Body", "allOf", 1), {"$ref": "#"})
@example(("components", "schemas", "Body", "properties", "id"), False)
@example(("components", "schemas", "Body", "properties", "list", "items"), False)
@example(("components", "schemas", "Tree"), True)
@example(("components", "schemas", "Body"), False)
def test_any_value_anywhere_loads_or_is_reported(folder: Path, path: tuple[Step, ...], value: Any) -> None:
    loads_or_says_why(folder, replaced(SMALL, path, value))


@examples(40)
@given(st.sampled_from(list(places(SMALL["components"]["schemas"]))), st.data())
def test_any_keyword_anywhere_loads_or_is_reported(folder: Path, path: tuple[Step, ...], data: st.DataObject) -> None:
    value = data.draw(st.dictionaries(st.sampled_from(sorted(KEYWORDS)), VALUES, min_size=1, max_size=2))
    for key, each in value.items():
        loads_or_says_why(folder, replaced(SMALL, ("components", "schemas", *path, key), each))


KEYWORDS = (
    "$ref $id $anchor $defs $schema $dynamicRef $vocabulary type enum const allOf anyOf oneOf not if then else "
    "properties patternProperties additionalProperties propertyNames unevaluatedProperties dependentRequired "
    "dependentSchemas dependencies items prefixItems contains minContains maxContains unevaluatedItems minItems "
    "maxItems uniqueItems minProperties maxProperties required minimum maximum exclusiveMinimum multipleOf minLength "
    "maxLength pattern format default examples example nullable deprecated readOnly discriminator xml title "
    "contentSchema contentEncoding x-rule x-rules x-requirement x-unique-by x-covers x-refers x-distinct x-known-values "
    "x-known-pattern x-implementation-defined x-lenient x-needs x-hazard x-origin"
).split()


@examples(8)
@given(st.data())
def test_any_value_anywhere_in_our_description_loads_or_is_reported(folder: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(places(DOCUMENT))))
    loads_or_says_why(folder, replaced(DOCUMENT, path, data.draw(VALUES)), LAYER)


@examples(40)
@given(
    st.sampled_from(["$", "$.info", "$.paths..*", "$..schema", "$.components.schemas.*", "$..properties", "$..*"])
    | st.sampled_from(["$..allOf", "$..allOf[*]", "$..x-rules", "$.components.schemas.Body.properties.*", "$..enum"]),
    VALUES,
    st.booleans(),
)
def test_any_action_is_applied_on_or_is_reported(folder: Path, target: str, update: Any, remove: bool) -> None:
    layer = overlay({"target": target, "update": update, "remove": remove})
    loads_or_says_why(folder, SMALL, layer)


@examples(20)
@given(st.sampled_from(list(places(overlay({"target": "$.info", "update": {"x": 1}})))), VALUES)
def test_any_value_anywhere_in_an_overlay_is_applied_on_or_is_reported(
    folder: Path, path: tuple[Step, ...], value: Any
) -> None:
    layer = replaced(overlay({"target": "$.info", "update": {"x": 1}}), path, value)
    loads_or_says_why(folder, SMALL, layer)
