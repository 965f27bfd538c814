"""The identifier of created objects, for any description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from emulator import create_app
from emulator.endpoint import Endpoint
from emulator.messages import Request
from emulator.variants import STRICT, Variant
from openapi import load_contract

_JSON = {b"content-type": b"application/json"}


def _endpoint(
    directory: Path, response: dict[str, Any], *, variable: str | None = None, variant: Variant | None = None, under: str = ""
) -> Endpoint:
    """Return an endpoint whose description has this response, and operations on an object if a path variable is given."""
    content = {"application/json": {"schema": response}}
    request = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "size": {"type": "integer", "format": "int64"}, "data": {"type": "object"}},
    }
    create = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
        "responses": {"201": {"description": "Created.", "content": content}},
    }
    shop = {"name": "shop", "in": "path", "required": True, "schema": {"type": "string"}, "example": "7"}
    shared = {"parameters": [shop]} if "{shop}" in under else {}
    paths: dict[str, Any] = {f"{under}/things": {**shared, "post": create}}
    if variable:
        parameter = {"name": variable, "in": "path", "required": True, "schema": {"type": "string"}}
        read = {"responses": {"200": {"description": "Read.", "content": content}}}
        paths[f"{under}/things/{{{variable}}}"] = {"parameters": [parameter, *shared.get("parameters", ())], "get": read}
    document = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths}
    file = directory / "things.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    contract = load_contract(str(file), overlays=[])
    return create_app(contract, keys=frozenset(), variant=variant or Variant()).endpoint


def _created(endpoint: Endpoint, body: bytes = b"{}") -> Any:
    reply = endpoint.handle(Request("POST", "/things", b"", _JSON, body))
    assert reply.status == 201, reply
    return orjson.loads(reply.body)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    ("response", "variable", "path"),
    [
        (_object(id={"type": "integer"}), "id", ("id",)),
        (_object(gid={"type": "string"}, id={"type": "string"}), "gid", ("gid",)),
        (_object(data=_object(gid={"type": "string"})), "gid", ("data", "gid")),
        (_object(data=_object(id={"type": "integer"})), "thing_id", ("data", "id")),
        (_object(thingId={"type": "string"}), "thing_id", ("thingId",)),
    ],
)
def test_objects_have_identifiers_of_the_described_type_and_are_read_by_them(
    tmp_path: Path, response: dict[str, Any], variable: str, path: tuple[str, ...]
) -> None:
    endpoint = _endpoint(tmp_path, response, variable=variable)
    bodies = [_created(endpoint) for _ in range(2)]
    values = []
    for body in bodies:
        value = body
        for step in path:
            value = value[step]
        values.append(value)
        assert orjson.loads(endpoint.handle(Request("GET", f"/things/{value}", b"", {}, b"")).body) == body
    assert values[0] != values[1]


def test_a_nested_identifier_stands_beside_echoed_members(tmp_path: Path) -> None:
    endpoint = _endpoint(tmp_path, _object(data=_object(gid={"type": "integer"})), variable="gid")
    assert _created(endpoint, b'{"data": {"a": 1}}') == {"data": {"a": 1, "gid": 1}}


@pytest.mark.parametrize("response", [_object(), _object(name={"type": "string"})])
def test_no_identifier_is_added_that_is_not_described(tmp_path: Path, response: dict[str, Any]) -> None:
    assert _created(_endpoint(tmp_path, response), b'{"name": "a"}').keys() == response["properties"].keys()


@pytest.mark.parametrize("variant", [Variant(), STRICT])
@pytest.mark.parametrize(
    ("size", "status"), [(2**63 - 1, 201), (2**63, 400), (-(2**63), 201), (-(2**63) - 1, 400), (10**30, 400)]
)
def test_the_range_of_int64_is_exact(tmp_path: Path, variant: Variant, size: int, status: int) -> None:
    endpoint = _endpoint(tmp_path, _object(id={"type": "string"}), variant=variant)
    assert endpoint.handle(Request("POST", "/things", b"", _JSON, b'{"size": %d}' % size)).status == status


def test_paths_with_variables_create_and_read(tmp_path: Path) -> None:
    endpoint = _endpoint(tmp_path, _object(id={"type": "integer"}), variable="id", under="/shops/{shop}")
    assert endpoint.handle(Request("POST", "/shops/7/things", b"", _JSON, b"{}")).body == b'{"id":1}'
    assert endpoint.handle(Request("GET", "/shops/7/things/1", b"", {}, b"")).status == 200
    assert endpoint.handle(Request("POST", "/shops/7/8/things", b"", _JSON, b"{}")).status == 404
