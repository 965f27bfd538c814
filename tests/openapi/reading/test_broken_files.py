"""A description or overlay that is violated gets one line, with its file and place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openapi import ContractError, load_contract
from tests.openapi.synthetic import (
    DOCUMENT,
    OUR_OVERLAY,
    POST,
    SCHEMA,
    Object,
    overlay,
    replaced,
    without,
    written,
)

WHERE = "#/paths/~1api~1calls/post"
ACTION = ("target", "$.info")
BROKEN: list[tuple[str, Object, str, str]] = [
    ("OpenAPI 2", {"swagger": "2.0", "paths": {}}, "#/openapi", "it is OpenAPI 2.0; versions 3.0, 3.1 and 3.2"),
    ("OpenAPI 4", {**DOCUMENT, "openapi": "4.0.0"}, "#/openapi", "`openapi` is '4.0.0'"),
    ("OpenAPI 3.10", {**DOCUMENT, "openapi": "3.10.0"}, "#/openapi", "`openapi` is '3.10.0'"),
    ("a number for a version", {**DOCUMENT, "openapi": 3.1}, "#/openapi", "`openapi` is 3.1"),
    ("no OpenAPI", {"hello": "world"}, "#/openapi", "`openapi` is None"),
    ("no paths", without(DOCUMENT, ("paths",)), "#/paths", "there are no paths"),
    ("null for paths", {**DOCUMENT, "paths": None}, "#/paths", "null is not of type object"),
    ("a list of paths", {**DOCUMENT, "paths": []}, "#/paths", "[] is not of type object"),
    ("no such path", {**DOCUMENT, "paths": {"/x": {}}}, "#/paths", "there is no POST /api/calls; its paths: /x"),
    ("null for a path", replaced(DOCUMENT, POST[:-1], None), "#/paths", "there is no POST /api/calls"),
    ("no operation", without(DOCUMENT, POST), "#/paths", "there is no POST /api/calls"),
    ("null for the operation", replaced(DOCUMENT, POST, None), WHERE, "null is not of type object"),
    ("no body", without(DOCUMENT, (*POST, "requestBody")), WHERE, "the operation takes no request body"),
    (
        "no content",
        replaced(DOCUMENT, (*POST, "requestBody"), {}),
        f"{WHERE}/requestBody",
        "there is no 'content' here",
    ),
    (
        "no JSON",
        replaced(DOCUMENT, (*POST, "requestBody", "content"), {"text/plain": {}}),
        f"{WHERE}/requestBody/content",
        "no JSON media type is described here",
    ),
    (
        "no schema",
        replaced(DOCUMENT, SCHEMA[:-1], {}),
        f"{WHERE}/requestBody/content/application~1json",
        "there is no 'schema' here",
    ),
    ("no answers", without(DOCUMENT, (*POST, "responses")), WHERE, "there is no 'responses' here"),
    (
        "no success",
        replaced(DOCUMENT, (*POST, "responses"), {"default": {}, "400": {}}),
        f"{WHERE}/responses",
        "no response from 200 to 299 is described, only: 400, default",
    ),
    (
        "a success without JSON",
        replaced(DOCUMENT, (*POST, "responses", "201", "content"), {"text/html": {}}),
        f"{WHERE}/responses/201/content",
        "no JSON media type is described here",
    ),
    (
        "parameters that are no objects",
        replaced(DOCUMENT, (*POST, "parameters"), ["a"]),
        f"{WHERE}/parameters/0",
        '"a" is not of type object',
    ),
    (
        "parameters that are no list",
        replaced(DOCUMENT, (*POST, "parameters"), {"a": 1}),
        f"{WHERE}/parameters",
        "is not of type array",
    ),
    (
        "a parameter without a name",
        replaced(DOCUMENT, (*POST, "parameters"), [{"in": "query"}]),
        f"{WHERE}/parameters/0",
        '"name" is a required property',
    ),
    ("components that are a list", {**DOCUMENT, "components": []}, "#/components", "[] is not of type object"),
    (
        "a schema that is a number",
        replaced(DOCUMENT, ("components", "schemas", "Call"), 7),
        "#/components/schemas/Call",
        "a schema is an object, not int",
    ),
    (
        "a field that is a number",
        replaced(DOCUMENT, ("components", "schemas", "Call", "properties", "voice"), 7),
        "#/components/schemas/Call/properties/voice",
        "7 is not of type",
    ),
    (
        "a security scheme that does not exist",
        {**DOCUMENT, "security": [{"other": []}]},
        "#/components/securitySchemes",
        "there is no 'other' here",
    ),
    (
        "a key in no place",
        replaced(DOCUMENT, ("components", "securitySchemes", "apiKeyAuth", "in"), "body"),
        "#/components/securitySchemes/apiKeyAuth/in",
        '"body" is not one of',
    ),
    (
        "no such reference",
        replaced(DOCUMENT, SCHEMA, {"$ref": "#/components/schemas/StartCallRequest"}),
        f"{WHERE}/requestBody/content/application~1json/schema",
        "leads nowhere; did you mean 'ultravox.v1.StartCallRequest'?",
    ),
    (
        "an anchor",
        replaced(DOCUMENT, SCHEMA, {"$ref": "#StartCallRequest"}),
        f"{WHERE}/requestBody/content/application~1json/schema",
        "leads nowhere; there is no such anchor",
    ),
    (
        "a reference to no file",
        replaced(DOCUMENT, SCHEMA, {"$ref": "missing.yaml#/X"}),
        f"{WHERE}/requestBody/content/application~1json/schema",
        "No such file or directory",
    ),
    (
        "a reference that is no URI",
        replaced(DOCUMENT, SCHEMA, {"$ref": "http://[x"}),
        f"{WHERE}/requestBody/content/application~1json/schema",
        "leads nowhere",
    ),
    (
        "a reference that is no text",
        replaced(DOCUMENT, SCHEMA, {"$ref": 5}),
        f"{WHERE}/requestBody/content/application~1json/schema/$ref",
        "a $ref is a text",
    ),
    (
        "a dynamic reference",
        replaced(DOCUMENT, SCHEMA, {"$dynamicRef": "#x"}),
        f"{WHERE}/requestBody/content/application~1json/schema",
        "leads nowhere; there is no such anchor",
    ),
    (
        "a reference to itself",
        replaced(DOCUMENT, (*POST, "requestBody"), {"$ref": "#/paths/~1api~1calls/post/requestBody"}),
        f"{WHERE}/requestBody",
        "refers to itself",
    ),
    (
        "a schema that is itself",
        replaced(DOCUMENT, ("components", "schemas", "Call"), {"$ref": "#/components/schemas/Call"}),
        "#/components/schemas/Call",
        "the schema consists of itself (Call -> Call)",
    ),
    (
        "schemas that are each other",
        replaced(
            replaced(DOCUMENT, ("components", "schemas", "Call"), {"allOf": [{"$ref": "#/components/schemas/B"}]}),
            ("components", "schemas", "B"),
            {"oneOf": [{"$ref": "#/components/schemas/Call"}, {"type": "null"}]},
        ),
        "#/components/schemas/",
        "the schema consists of itself (",
    ),
    *(
        (
            f"a bad {keyword}",
            replaced(DOCUMENT, SCHEMA, {"properties": {"a/b": {keyword: value}}}),
            f"{WHERE}/requestBody/content/application~1json/schema/properties/a~1b/{place}",
            problem,
        )
        for keyword, value, place, problem in [
            ("pattern", "(", "pattern", '"(" is no regex'),
            ("patternProperties", {"[": {}}, "patternProperties", "["),
            ("type", "float", "type", '"float" cannot stand here'),
            ("type", ["string", None], "type", "cannot stand here"),
            ("properties", [], "properties", "[] is not of type object"),
            ("required", True, "required", "true is not of type array"),
            ("required", ["a", "a"], "required", "non-unique"),
            ("allOf", {}, "allOf", "{} is not of type array"),
            ("allOf", [], "allOf", "[] has less than 1 item"),
            ("items", [{}], "items", "[{}] is not of type"),
            ("minimum", "1", "minimum", '"1" is not of type number'),
            ("exclusiveMinimum", True, "exclusiveMinimum", "true is not of type number"),
            ("multipleOf", 0, "multipleOf", "0 is less than or equal to the minimum of 0"),
            ("minLength", -1, "minLength", "-1 is less than the minimum of 0"),
            ("enum", "a", "enum", '"a" is not of type array'),
            ("x-covers", {}, "x-covers", '"names" is a required property'),
            ("x-unique-by", ["name"], "x-unique-by/0", "does not match"),
            ("x-refers", [{"names": ["/a"]}], "x-refers/0", '"to" is a required property'),
            ("x-distinct", ["/a", {"at": "b"}], "x-distinct/1", "cannot stand here"),
            ("x-known-pattern", "(", "x-known-pattern", '"(" is no regex'),
            ("x-rules", {"a": {"basis": "?"}}, "x-rules/a/basis", '"?" is not one of'),
            ("x-implementation-defined", {"type": "?"}, "x-implementation-defined/type", "cannot stand here"),
            ("x-lenient", {"$ref": "#/x"}, "x-lenient", "no JSON Schema that stands alone"),
        ]
    ),
    *(
        (
            f"a bad {extension} ({problem})",
            replaced(DOCUMENT, (*POST, extension), value),
            f"{WHERE}/{extension}{place}",
            problem,
        )
        for extension, value, place, problem in [
            ("x-request-rules", 1, "", "1 is not of type array"),
            ("x-request-rules", [{"id": "a", "schema": {}}], "/0", '"requirement" is a required property'),
            ("x-request-rules", [{"id": "a", "requirement": "", "schema": {"$ref": "#/a"}}], "/0/schema", "alone"),
            ("x-exchange-rules", [{"id": "a", "requirement": "", "when": {}}], "/0", "cannot stand here"),
            ("x-parent-call", {"parameter": "a"}, "", '"identifier" is a required property'),
            ("x-parent-call", {"parameter": "a", "identifier": "b", "inherits": 1}, "/inherits", "cannot stand"),
        ]
    ),
]


@pytest.mark.parametrize(("document", "place", "problem"), [each[1:] for each in BROKEN], ids=[b[0] for b in BROKEN])
def test_an_invalid_description_gets_one_line_with_file_and_place(
    document: Object, place: str, problem: str, tmp_path: Path
) -> None:
    name = written(tmp_path, document)
    with pytest.raises(ContractError) as caught:
        load_contract(name, [], contract="ultravox")
    assert caught.value.document == name
    assert caught.value.place.startswith(place)
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)


BAD_OVERLAYS: list[tuple[str, Object, str, str]] = [
    ("no overlay", {"openapi": "3.1.0"}, "#/overlay", "is it an OpenAPI Overlay?"),
    ("version 2", {"overlay": "2.0.0", "actions": []}, "#/overlay", "not a version 1.x"),
    ("no actions", {"overlay": "1.0.0"}, "#/actions", "there is no list of actions"),
    ("an action that is a text", {"overlay": "1.0.0", "actions": ["a"]}, "#/actions/0", "needs a `target`"),
    ("no target", overlay({"update": {}}), "#/actions/0", "needs a `target`"),
    ("neither update nor remove", overlay({"target": "$.x"}), "#/actions/0", "needs an `update`, a `copy`, or `remove: true`"),
    ("no JSONPath", overlay({"target": "$[?", "update": {}}), "#/actions/0/target", "'$[?' is no JSONPath"),
    ("a broken function", overlay({"target": "$[?match()]", "update": {}}), "#/actions/0/target", "is no JSONPath"),
    ("a scalar", overlay({"target": "$.openapi", "update": {}}), "#/actions/0", "neither an object nor an array"),
    ("a text for an object", overlay({"target": "$.info", "update": "x"}), "#/actions/0", "`update` is no object"),
    ("all of it", overlay({"target": "$", "remove": True}), "#/actions/0", "cannot be removed"),
]


@pytest.mark.parametrize(
    ("layer", "place", "problem"), [each[1:] for each in BAD_OVERLAYS], ids=[each[0] for each in BAD_OVERLAYS]
)
def test_an_invalid_overlay_gets_one_line_with_file_and_place(layer: Object, place: str, problem: str, tmp_path: Path) -> None:
    name = written(tmp_path, layer, "overlay.json")
    with pytest.raises(ContractError) as caught:
        load_contract(None, [name])
    assert (caught.value.document, caught.value.place) == (name, place)
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)


def test_a_fault_that_an_overlay_brings_in_is_reported_as_well(tmp_path: Path) -> None:
    target = "$.components.schemas.Call.properties.temperature"
    name = written(tmp_path, overlay({"target": target, "update": {"maximum": "one"}}), "overlay.json")
    with pytest.raises(ContractError, match='temperature/maximum: "one" is not of type number'):
        load_contract(None, [name])


def test_what_an_overlay_makes_invalid_is_reported_of_its_action(tmp_path: Path) -> None:
    temperature = "$.components.schemas['ultravox.v1.StartCallRequest'].properties.temperature"
    actions = [
        {"target": "$.info", "update": {"title": "conforming"}},
        {"target": temperature, "update": {"pattern": "(["}},
        {"target": "$.info", "update": {"title": "sound as well"}},
    ]
    layer = tmp_path / "bad.overlay.json"
    layer.write_text(json.dumps({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions}))
    with pytest.raises(ContractError, match="is no regex") as reported:
        load_contract(None, [str(OUR_OVERLAY), str(layer)])
    assert str(reported.value).startswith(f"{layer}: #/actions/1: ")
    assert "temperature/pattern" in str(reported.value)


def test_what_is_invalid_without_the_overlay_is_not_blamed_on_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**DOCUMENT, "paths": {}}, default=str))
    with pytest.raises(ContractError) as reported:
        load_contract(str(path), [str(OUR_OVERLAY)])
    assert str(reported.value).startswith(f"{path}: #/paths: ")
