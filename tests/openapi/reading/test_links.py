"""Links of a response name the operations on the created object, and its identifier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openapi import Contract, load_contract
from openapi.contract_data import ParameterValue
from openapi.identifiers import in_location
from tests.openapi.synthetic import description, loaded, replaced, written

LINKS = ("paths", "/api/calls", "post", "responses", "201", "links")
RESPONSE = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "key": {"type": "integer"}, "meta": {"properties": {"token": {"type": "string"}}}},
}
FOUND = {"operationId": "read", "parameters": {"key": "$response.body#/key"}}


def document(links: Any, **paths: Any) -> Any:
    """A description whose response of success has these links."""
    own = description({"type": "object", "properties": {"name": {"type": "string"}}}, RESPONSE)
    own["paths"] |= {
        "/api/calls/{id}": {"get": {"responses": {}}, "delete": {"responses": {}}},
        "/entries/{key}": {"get": {"operationId": "read"}, "delete": {"operationId": "remove"}},
        "/entries/{key}/parts": {"get": {"operationId": "parts"}},
        **paths,
    }
    return replaced(own, LINKS, links)


def linked(links: Any, **paths: Any) -> Contract:
    """The contract of a description whose response of success has these links."""
    return loaded(document(links, **paths))


@pytest.mark.parametrize(
    "link",
    [
        {"operationRef": "#/paths/~1entries~1{key}/delete", "parameters": {"key": "$response.body#/meta/token"}},
        {"operationRef": "#/paths/~1entries~1%7Bkey%7D/delete", "parameters": {"key": "{$response.body#/meta/token}"}},
        {"operationId": "remove", "parameters": {"path.key": "$response.body#/meta/token"}},
        {"$ref": "#/components/links/remove"},
    ],
)
def test_an_operation_is_named_by_its_id_or_by_a_reference(link: Any) -> None:
    own = {"operationId": "remove", "parameters": {"key": "$response.body#/meta/token"}}
    found = loaded({**document({"Delete": link}), "components": {"links": {"remove": own}}})
    assert found.delete is not None
    assert (found.delete.path, found.delete.status) == ("/entries/{key}", 204)
    assert (found.identifier, found.notes) == ("/meta/token", ())


def test_the_location_may_have_the_identifier() -> None:
    found = linked({"Read": {"operationId": "read", "parameters": {"key": "$response.header.Location"}}})
    assert (found.read and found.read.path, found.identifier) == ("/entries/{key}", None)
    assert in_location(found, {"location": "https://example.com/entries/7"}) == "7"


def test_other_variables_have_constants_or_what_the_request_had(tmp_path: Path) -> None:
    get = {"get": {"operationId": "far"}}
    given = {"owner": "$request.path.tenant", "kind": "a b", "key": "$response.body#/key"}
    own = document({"Read": {"operationId": "far", "parameters": given}}, **{"/{owner}/{kind}/{key}": get})
    own["paths"]["/{tenant}/calls"] = own["paths"].pop("/api/calls")
    found = load_contract(written(tmp_path, own), [], parameters={"tenant": ParameterValue("acme")})
    assert found.read is not None
    assert found.read.path == "/acme/a%20b/{key}"


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ({"operationId": "none"}, "no operation has the operationId 'none'"),
        ({"operationRef": "#/paths/~1none/get"}, "$ref '#/paths/~1none/get' leads nowhere"),
        ({"operationRef": "#/info"}, "'#/info' is no operation below the paths"),
        ({}, "it has neither operationId nor operationRef"),
        ("x", "it is no object"),
        ({"operationId": "read"}, "nothing gives a value for key"),
        ({"operationId": "read", "parameters": {"key": "$request.body#/name"}}, "$request.body#/name gives no value for key"),
        ({**FOUND, "server": {"url": "https://example.com"}}, "it leads to another server"),
        ({"operationId": "read", "parameters": {"key": "$response.body#/none"}}, "the response describes no /none"),
    ],
)
def test_a_link_that_cannot_be_followed_is_noted(link: Any, problem: str) -> None:
    found = linked({"Read": link})
    (note,) = found.notes
    assert "responses/201/links/Read: this link is not followed: " in note
    assert problem in note
    assert found.read is not None
    assert found.read.path == "/api/calls/{id}"
