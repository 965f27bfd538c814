"""From files to the contract: what every description gives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi import Contract, ContractError, load_contract
from openapi.catalogue import catalogue_of
from openapi.contract import PathOperation
from openapi.media_types import essence
from openapi.security import SecurityScheme
from tests.openapi.conftest import Served
from tests.openapi.synthetic import (
    DOCUMENT,
    LAYER,
    OUR_OVERLAY,
    OURS,
    POST,
    ROOT,
    Object,
    description,
    loaded,
    operation,
    overlay,
    replaced,
    written,
)


def unlabelled(contract: Contract) -> Contract:
    """The contract without what its files are called and where they are."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(member) for key, member in value.items() if key not in ("x-origin", "source")}
        return [plain(element) for element in value] if isinstance(value, list) else value

    return replace(
        contract,
        **{name: plain(getattr(contract, name)) for name in ("request", "response", "document", "extensions")},
        parameters=tuple(replace(each, schema=plain(each.schema), pointer="") for each in contract.parameters),
        security=tuple(tuple(replace(each, pointer="") for each in alternative) for alternative in contract.security),
        origins={},
        description=replace(contract.description, name="", digest=""),
        overlays=(),
    )


def test_our_own_contract() -> None:
    contract = load_contract()
    assert (contract.method, contract.path, contract.status) == ("POST", "/api/calls", 201)
    assert (contract.media_type, contract.server) == ("application/json", "https://api.ultravox.ai")
    assert [each.name for each in contract.parameters] == ["enableGreetingPrompt", "priorCallId"]
    where = "openapi/contracts/ultravox/description.yaml#/components/securitySchemes/apiKeyAuth"
    assert contract.keys == (SecurityScheme("apiKeyAuth", "X-API-Key", "header", where),)
    assert contract.read is not None
    assert replace(contract.read, shows=frozenset()) == PathOperation("/api/calls/{call_id}", 200)
    assert contract.read.shows >= {"callId", "ended", "endReason", "joined"}
    assert contract.delete == PathOperation("/api/calls/{call_id}", 204)
    assert contract.description.name == "openapi/contracts/ultravox/description.yaml"
    assert contract.notes == ()


def test_json_and_yaml_give_the_same_contract(tmp_path: Path) -> None:
    layer = written(tmp_path, LAYER, "overlay.json")
    from_json = load_contract(written(tmp_path, DOCUMENT, "openapi.json"), [layer], contract="ultravox")
    from_yaml = load_contract(written(tmp_path, DOCUMENT, "openapi.yaml"), [layer], contract="ultravox")
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
    response = document["paths"]["/api/calls"]["post"]["responses"]["201"]
    found = loaded(replaced(document, (*POST, "responses"), dict.fromkeys(responses, response)))
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
    assert loaded(replaced(description({}), (*POST, "requestBody", "content"), content)).media_type == essence(media_type)


def test_a_path_item_and_all_below_it_may_be_references() -> None:
    parts = operation({"$ref": "#/components/schemas/Body"})
    document = description({}, components={"schemas": {"Body": {"type": "object", "required": ["a"]}}})
    document["components"] |= {
        "pathItems": {"Create": {"post": {"$ref": "#/components/operations/create"}, "parameters": []}},
        "operations": {
            "create": {
                "requestBody": {"$ref": "#/components/requestBodies/Body"},
                "responses": {"201": {"$ref": "#/components/responses/Created"}},
                "parameters": [{"$ref": "#/components/parameters/parent"}],
            }
        },
        "requestBodies": {"Body": {**parts["requestBody"], "required": True}},
        "responses": {"Created": parts["responses"]["201"]},
        "parameters": {"parent": {"name": "parent", "in": "query", "schema": {"type": "string"}}},
    }
    found = loaded(replaced(document, ("paths", "/api/calls"), {"$ref": "#/components/pathItems/Create"}))
    assert found.request_required
    assert [each.name for each in found.parameters] == ["parent"]
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
    document = description({}, components={"securitySchemes": {"digest": {"type": "http", "scheme": "digest"}}})
    document["security"] = [{"digest": []}]
    parameter = {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}
    found = loaded(replaced(document, (*POST, "parameters"), [parameter]))
    assert (found.keys, found.parameters) == ((), ())
    trace, digest = found.notes
    assert trace.endswith("/post/parameters/0: the header parameter 'X-Trace' is not tested")
    assert digest.endswith("#/components/securitySchemes/digest: security by 'http digest' is not tested")


def test_an_overlay_of_the_users_own_is_reported_where_it_does_nothing(tmp_path: Path) -> None:
    name = written(tmp_path, overlay({"target": "$.nowhere", "update": {}}), "mine.json")
    assert load_contract(None, [name]).notes == (f"{name}#/actions/0: nothing matches $.nowhere",)


def test_companions_may_response_with_a_range_or_be_references() -> None:
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
    assert served.received == ["/v1/openapi.json", "/schemas.json", "/deep/more.yaml"]


def test_a_reference_to_the_web_that_fails_is_reported_with_its_place(served: Served) -> None:
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
