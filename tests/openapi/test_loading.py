"""From files to the contract: what every description gives, and the one line that a broken one gets."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openapi import Contract, ContractError, load_contract
from openapi.catalogue import catalogue_of
from openapi.contract import ApiKey, PathOperation
from openapi.oracle import Oracle
from tests.openapi.conftest import Served
from tests.openapi.synthetic import (
    OUR_OVERLAY,
    OURS,
    ROOT,
    Object,
    Step,
    description,
    loaded,
    operation,
    overlay,
    places,
    replaced,
    without,
    written,
)

POST: tuple[Step, ...] = ("paths", "/api/calls", "post")
SCHEMA: tuple[Step, ...] = (*POST, "requestBody", "content", "application/json", "schema")
DOCUMENT: Object = yaml.safe_load(OURS.read_text(encoding="utf-8"))
LAYER: Object = yaml.safe_load(OUR_OVERLAY.read_text(encoding="utf-8"))


def unlabelled(contract: Contract) -> Contract:
    """The contract without what its files are called and where they are."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(member) for key, member in value.items() if key not in ("x-origin", "source")}
        return [plain(element) for element in value] if isinstance(value, list) else value

    return replace(
        contract,
        **{name: plain(getattr(contract, name)) for name in ("request", "answer", "document", "extensions")},
        parameters=tuple(replace(each, schema=plain(each.schema), pointer="") for each in contract.parameters),
        keys=tuple(replace(each, pointer="") for each in contract.keys),
        origins={},
        description=replace(contract.description, name="", digest=""),
        overlays=(),
    )


# --- what is read


def test_our_own_contract() -> None:
    contract = load_contract()
    assert (contract.method, contract.path, contract.status) == ("POST", "/api/calls", 201)
    assert (contract.media_type, contract.server) == ("application/json", "https://api.ultravox.ai")
    assert [each.name for each in contract.parameters] == ["enableGreetingPrompt", "priorCallId"]
    where = "openapi/ultravox.yaml#/components/securitySchemes/apiKeyAuth"
    assert contract.keys == (ApiKey("apiKeyAuth", "X-API-Key", "header", where),)
    assert contract.read == PathOperation("/api/calls/{call_id}", 200)
    assert contract.delete == PathOperation("/api/calls/{call_id}", 204)
    assert contract.description.name == "openapi/ultravox.yaml"
    assert contract.notes == ()


def test_json_and_yaml_give_the_same_contract(tmp_path: Path) -> None:
    layer = written(tmp_path, LAYER, "overlay.json")
    from_json = load_contract(written(tmp_path, DOCUMENT, "openapi.json"), [layer])
    from_yaml = load_contract(written(tmp_path, DOCUMENT, "openapi.yaml"), [layer])
    assert unlabelled(from_json) == unlabelled(from_yaml)
    assert unlabelled(from_json) == unlabelled(replace(load_contract(), notes=from_json.notes))


def test_statuses_may_be_numbers_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    text = yaml.safe_dump(description({"type": "object"})).replace("'201'", "201")
    path.write_text(text)
    assert "201:" in text
    assert load_contract(str(path), []).status == 201


@pytest.mark.parametrize(
    ("responses", "status"),
    [(["201"], 201), (["202", "200"], 200), (["default", "4XX", "201"], 201), (["2XX", "201"], 201)],
)
def test_the_status_of_success_is_the_first_that_is_documented(responses: list[str], status: int) -> None:
    document = description({})
    answer = document["paths"]["/api/calls"]["post"]["responses"]["201"]
    found = loaded(replaced(document, (*POST, "responses"), dict.fromkeys(responses, answer)))
    assert found.status == status


@pytest.mark.parametrize(
    "media_type",
    [
        *("application/json", "application/json; charset=utf-8", "application/vnd.api+json"),
        *("Application/JSON", "application/merge-patch+json"),
    ],
)
def test_a_json_media_type_is_recognised(media_type: str) -> None:
    content = {"text/plain": {}, media_type: {"schema": {"type": "object"}}}
    assert loaded(replaced(description({}), (*POST, "requestBody", "content"), content)).media_type == media_type


def test_a_path_item_and_all_below_it_may_be_references() -> None:
    parts = operation({"$ref": "#/components/schemas/Body"})
    document = description({}, components={"schemas": {"Body": {"type": "object", "required": ["a"]}}})
    document["components"] |= {
        "pathItems": {"Create": {"post": {"$ref": "#/components/operations/create"}, "parameters": []}},
        "operations": {
            "create": {
                "requestBody": {"$ref": "#/components/requestBodies/Body"},
                "responses": {"201": {"$ref": "#/components/responses/Created"}},
                "parameters": [{"$ref": "#/components/parameters/prior"}],
            }
        },
        "requestBodies": {"Body": {**parts["requestBody"], "required": True}},
        "responses": {"Created": parts["responses"]["201"]},
        "parameters": {"prior": {"name": "prior", "in": "query", "schema": {"type": "string"}}},
    }
    found = loaded(replaced(document, ("paths", "/api/calls"), {"$ref": "#/components/pathItems/Create"}))
    assert found.request_required
    assert [each.name for each in found.parameters] == ["prior"]
    assert "body.a.required" in catalogue_of(found).rules


def test_parameters_of_the_path_are_overridden_by_those_of_the_operation() -> None:
    def parameter(name: str, kind: str) -> Object:
        return {"name": name, "in": "query", "schema": {"type": kind}}

    document = description({})
    document["paths"]["/api/calls"]["parameters"] = [parameter("a", "string"), parameter("b", "string")]
    document["paths"]["/api/calls"]["post"]["parameters"] = [parameter("a", "integer")]
    found = {each.name: each.schema["type"] for each in loaded(document).parameters}
    assert found == {"a": "integer", "b": "string"}


def test_what_is_not_tested_is_noted() -> None:
    document = description({}, components={"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}})
    document["security"] = [{"bearer": []}]
    parameter = {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}
    found = loaded(replaced(document, (*POST, "parameters"), [parameter]))
    assert (found.keys, found.parameters) == ((), ())
    trace, bearer = found.notes
    assert trace.endswith("/post/parameters/0: the header parameter 'X-Trace' is not tested")
    assert bearer.endswith("#/components/securitySchemes/bearer: security by 'http' is not tested")


def test_an_overlay_of_the_users_own_is_told_where_it_does_nothing(tmp_path: Path) -> None:
    name = written(tmp_path, overlay({"target": "$.nowhere", "update": {}}), "mine.json")
    assert load_contract(None, [name]).notes == (f"{name}#/actions/0: nothing matches $.nowhere",)


def test_companions_may_answer_with_a_range_or_be_references() -> None:
    one: Object = {"get": {"responses": {"2XX": {}}}, "delete": {"responses": {"default": {}}}}
    document = description({}, components={"pathItems": {"One": one}})
    document["paths"]["/api/calls/{id}"] = {"$ref": "#/components/pathItems/One"}
    found = loaded(document)
    assert found.read == PathOperation("/api/calls/{id}", 200)
    assert found.delete == PathOperation("/api/calls/{id}", 204)


@pytest.mark.parametrize("path", ["/api/calls/{id}/messages", "/api/calls/all", "/api/callsx/{id}"])
def test_other_paths_are_no_companions(path: str) -> None:
    document = description({})
    document["paths"][path] = {"get": {"responses": {}}}
    assert loaded(document).read is None


def test_a_description_from_the_web_and_what_it_refers_to(served: Served) -> None:
    schemas = {"Body": {"type": "object", "properties": {"a": {"$ref": "deep/more.yaml#/defs/A~1B"}}}}
    url = served.at("/v1/openapi.json", json.dumps(description({"$ref": "../schemas.json#/Body"})))
    served.at("/schemas.json", json.dumps(schemas))
    served.at("/deep/more.yaml", "defs: {A/B: {$ref: '#/other'}}\nother: {type: string, maxLength: 3}")
    rule = catalogue_of(load_contract(url, [])).rules["body.a.maxLength"]
    assert rule.source == f"{served.url}/deep/more.yaml#/other/maxLength"
    assert served.asked == ["/v1/openapi.json", "/schemas.json", "/deep/more.yaml"]


def test_a_reference_to_the_web_that_fails_is_told_with_its_place(served: Served) -> None:
    with pytest.raises(ContractError) as caught:
        loaded(description({"$ref": f"{served.url}/missing.json#/Body"}))
    assert caught.value.place == "#/paths/~1api~1calls/post/requestBody/content/application~1json/schema/$ref"
    assert "missing.json" in str(caught.value)
    assert "404" in str(caught.value)


def test_references_to_files_are_seen_from_the_file_they_stand_in(tmp_path: Path) -> None:
    (tmp_path / "one" / "two").mkdir(parents=True)
    written(tmp_path, {"B": {"type": "integer", "minimum": 1}}, "b.json")
    written(tmp_path / "one" / "two", {"A": {"properties": {"b": {"$ref": "../../b.json#/B"}}}}, "a.yaml")
    name = written(tmp_path / "one", description({"$ref": "two/a.yaml#/A"}))
    assert "body.b.minimum" in catalogue_of(load_contract(name, [])).rules


# --- what is broken

WHERE = "#/paths/~1api~1calls/post"
ACTION = ("target", "$.info")
BROKEN: list[tuple[str, Object, str, str]] = [
    ("OpenAPI 2", {"swagger": "2.0", "paths": {}}, "#/openapi", "it is OpenAPI 2.0; versions 3.0 and 3.1"),
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
        "no answer from 200 to 299 is described, only: 400, default",
    ),
    (
        "a success without content",
        replaced(DOCUMENT, (*POST, "responses", "201"), {"description": ""}),
        f"{WHERE}/responses/201",
        "there is no 'content' here",
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
        "leads nowhere; only JSON Pointers are followed",
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
        f"{WHERE}/requestBody/content/application~1json/schema/$dynamicRef",
        "is not followed; use $ref",
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
            ("x-rules", {"a": {"basis": "?"}}, "x-rules/a/basis", '"?" is not one of'),
            ("x-doubtful", {"type": "?"}, "x-doubtful/type", "cannot stand here"),
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
            ("x-prior-call", {"parameter": "a"}, "", '"identifier" is a required property'),
            ("x-prior-call", {"parameter": "a", "identifier": "b", "inherits": 1}, "/inherits", "cannot stand"),
        ]
    ),
]


@pytest.mark.parametrize(("document", "place", "problem"), [each[1:] for each in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_description_gets_one_line_with_file_and_place(
    document: Object, place: str, problem: str, tmp_path: Path
) -> None:
    name = written(tmp_path, document)
    with pytest.raises(ContractError) as caught:
        load_contract(name, [])
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
    ("neither update nor remove", overlay({"target": "$.x"}), "#/actions/0", "needs an `update`, or `remove: true`"),
    ("no JSONPath", overlay({"target": "$[?", "update": {}}), "#/actions/0/target", "'$[?' is no JSONPath"),
    ("a broken function", overlay({"target": "$[?match()]", "update": {}}), "#/actions/0/target", "is no JSONPath"),
    ("a scalar", overlay({"target": "$.openapi", "update": {}}), "#/actions/0", "neither an object nor an array"),
    ("a text for an object", overlay({"target": "$.info", "update": "x"}), "#/actions/0", "`update` is no object"),
    ("all of it", overlay({"target": "$", "remove": True}), "#/actions/0", "cannot be removed"),
]


@pytest.mark.parametrize(
    ("layer", "place", "problem"), [each[1:] for each in BAD_OVERLAYS], ids=[each[0] for each in BAD_OVERLAYS]
)
def test_a_broken_overlay_gets_one_line_with_file_and_place(layer: Object, place: str, problem: str, tmp_path: Path) -> None:
    name = written(tmp_path, layer, "overlay.json")
    with pytest.raises(ContractError) as caught:
        load_contract(None, [name])
    assert (caught.value.document, caught.value.place) == (name, place)
    assert problem in caught.value.problem
    assert "\n" not in str(caught.value)


def test_a_fault_that_an_overlay_brings_in_is_told_as_well(tmp_path: Path) -> None:
    target = "$.components.schemas.Call.properties.temperature"
    name = written(tmp_path, overlay({"target": target, "update": {"maximum": "one"}}), "overlay.json")
    with pytest.raises(ContractError, match='temperature/maximum: "one" is not of type number'):
        load_contract(None, [name])


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
      x-prior-call: {parameter: p, identifier: id, inherits: '*', requirement: R MUST., quote: Q}
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
        id: {type: string, pattern: '^a', maxLength: 3, x-doubtful: {const: b}}
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
    """What is told of a description that is refused; else the contract."""
    try:
        return load_contract(openapi, overlays)
    except ContractError as error:
        return error


def loads_or_says_why(folder: Path, document: Any, *layers: Any) -> bool:
    """Whether it loads and rules follow; if not, there is one line that says why."""
    names = [written(folder, each, f"overlay{index}.json") for index, each in enumerate(layers)]
    found = refusal(written(folder, document), names)
    if isinstance(found, ContractError):
        assert found.document in (str(folder / "openapi.json"), *names)
        assert "\n" not in str(found)
        return False
    assert len(catalogue_of(found).rules) < 2000
    for schema in (found.request, found.answer, *(each.schema for each in found.parameters)):
        Oracle(schema, "x").broken({"a": [1]})
    return True


def test_the_small_description_loads(folder: Path) -> None:
    assert loads_or_says_why(folder, SMALL)


@settings(max_examples=200)
@given(st.sampled_from(list(places(SMALL))), VALUES)
@example((), {"openapi": "3.1.0", "paths": {"/api/calls": {"post": {"$ref": "#/paths/~1api~1calls"}}}})
@example(("components", "schemas", "Body", "allOf", 1), {"$ref": "#"})
@example(("components", "schemas", "Body", "properties", "id"), False)
@example(("components", "schemas", "Body", "properties", "list", "items"), False)
@example(("components", "schemas", "Tree"), True)
@example(("components", "schemas", "Body"), False)
def test_any_value_anywhere_loads_or_is_told(folder: Path, path: tuple[Step, ...], value: Any) -> None:
    loads_or_says_why(folder, replaced(SMALL, path, value))


@settings(max_examples=100)
@given(st.sampled_from(list(places(SMALL["components"]["schemas"]))), st.data())
def test_any_keyword_anywhere_loads_or_is_told(folder: Path, path: tuple[Step, ...], data: st.DataObject) -> None:
    value = data.draw(st.dictionaries(st.sampled_from(sorted(KEYWORDS)), VALUES, min_size=1, max_size=2))
    for key, each in value.items():
        loads_or_says_why(folder, replaced(SMALL, ("components", "schemas", *path, key), each))


KEYWORDS = (
    "$ref $id $anchor $defs $schema $dynamicRef $vocabulary type enum const allOf anyOf oneOf not if then else "
    "properties patternProperties additionalProperties propertyNames unevaluatedProperties dependentRequired "
    "dependentSchemas dependencies items prefixItems contains minContains maxContains unevaluatedItems minItems "
    "maxItems uniqueItems minProperties maxProperties required minimum maximum exclusiveMinimum multipleOf minLength "
    "maxLength pattern format default examples example nullable deprecated readOnly discriminator xml title "
    "contentSchema contentEncoding x-rule x-rules x-requirement x-unique-by x-covers x-known-values x-doubtful "
    "x-lenient x-needs x-hazard x-origin"
).split()


@settings(max_examples=25)
@given(st.data())
def test_any_value_anywhere_in_our_description_loads_or_is_told(folder: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(places(DOCUMENT))))
    loads_or_says_why(folder, replaced(DOCUMENT, path, data.draw(VALUES)), LAYER)


@settings(max_examples=100)
@given(
    st.sampled_from(["$", "$.info", "$.paths..*", "$..schema", "$.components.schemas.*", "$..properties", "$..*"])
    | st.sampled_from(["$..allOf", "$..allOf[*]", "$..x-rules", "$.components.schemas.Body.properties.*", "$..enum"]),
    VALUES,
    st.booleans(),
)
def test_any_action_is_laid_on_or_is_told(folder: Path, target: str, update: Any, remove: bool) -> None:
    layer = overlay({"target": target, "update": update, "remove": remove})
    loads_or_says_why(folder, SMALL, layer)


@settings(max_examples=40)
@given(st.sampled_from(list(places(overlay({"target": "$.info", "update": {"x": 1}})))), VALUES)
def test_any_value_anywhere_in_an_overlay_is_laid_on_or_is_told(folder: Path, path: tuple[Step, ...], value: Any) -> None:
    layer = replaced(overlay({"target": "$.info", "update": {"x": 1}}), path, value)
    loads_or_says_why(folder, SMALL, layer)


def test_long_chains_of_references_are_followed() -> None:
    schemas: Object = {f"S{i}": {"properties": {"x": {"$ref": f"#/components/schemas/S{i + 1}"}}} for i in range(150)}
    schemas["S150"] = {"type": "string"}
    found = loaded(description({"$ref": "#/components/schemas/S0"}, components={"schemas": schemas}))
    assert len(found.request["$defs"]) == 151
    same: Object = {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(900)}
    same["S900"] = {"type": "string", "maxLength": 5}
    found = loaded(description({"$ref": "#/components/schemas/S0"}, components={"schemas": same}))
    assert "body.maxLength" in catalogue_of(found).rules


def test_no_file_of_ours_is_named_by_an_absolute_path() -> None:
    assert [each.name for each in (load_contract().description, *load_contract().overlays)] == [
        str(path.relative_to(ROOT)) for path in (OURS, OUR_OVERLAY)
    ]


def test_what_an_overlay_makes_wrong_is_told_of_its_action(tmp_path: Path) -> None:
    temperature = "$.components.schemas['ultravox.v1.StartCallRequest'].properties.temperature"
    actions = [
        {"target": "$.info", "update": {"title": "sound"}},
        {"target": temperature, "update": {"pattern": "(["}},
        {"target": "$.info", "update": {"title": "sound as well"}},
    ]
    layer = tmp_path / "bad.overlay.json"
    layer.write_text(json.dumps({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions}))
    with pytest.raises(ContractError, match="is no regex") as told:
        load_contract(None, [str(OUR_OVERLAY), str(layer)])
    assert str(told.value).startswith(f"{layer}: #/actions/1: ")
    assert "temperature/pattern" in str(told.value)


def test_what_is_wrong_without_the_overlay_is_not_blamed_on_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**DOCUMENT, "paths": {}}, default=str))
    with pytest.raises(ContractError) as told:
        load_contract(str(path), [str(OUR_OVERLAY)])
    assert str(told.value).startswith(f"{path}: #/paths: ")
