"""The identifier of a created object is found where paths and names suggest it, whatever its type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openapi import load_contract
from openapi.contract import Contract, PathOperation
from openapi.identifiers import Identifier, identifier_of, in_location
from openapi.schema.nodes import tree


def made(response: dict[str, Any], body: dict[str, Any] | None = None, path: str = "/things/{thing_id}") -> Identifier:
    """The identifier of a contract with these members, which is read at a path."""
    own = replace(load_contract().data, created=replace(load_contract().data.created, identifier=None))
    contract = replace(load_contract(), data=own, extensions={}, read=PathOperation(path, 200), delete=None)
    return identifier_of(contract, tree(_object(body or {})), tree(_object(response)))


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties]}


TEXT, NUMBER, UUID = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "uuid"}


@pytest.mark.parametrize(
    ("response", "path"),
    [
        ({"name": TEXT, "thingId": TEXT, "id": TEXT}, ("thingId",)),
        ({"name": TEXT, "id": NUMBER}, ("id",)),
        ({"thing": {**_object({"id": TEXT})}, "name": TEXT}, ("thing", "id")),
        ({"name": TEXT, "key": UUID}, ("key",)),
        ({"name": TEXT, "itemID": TEXT}, ("itemID",)),
        ({"id": {"type": "boolean"}, "key": UUID}, ("key",)),
        ({"name": TEXT}, ("id",)),
    ],
)
def test_the_likeliest_member_identifies(response: dict[str, Any], path: tuple[str, ...]) -> None:
    assert made(response).path == path


def test_a_member_that_a_request_sets_is_no_identifier() -> None:
    assert made({"id": TEXT, "key": UUID}, {"id": TEXT}).path == ("key",)


@pytest.mark.parametrize(
    ("response", "expected"),
    [({"id": 7}, "7"), ({"id": "a/b"}, "a/b"), ({"id": True}, None), ({"id": ""}, None), ({}, None), ([], None), (None, None)],
)
def test_an_identifier_is_a_number_or_a_string(response: Any, expected: str | None) -> None:
    assert Identifier(("id",), None, is_stated=False).of(response) == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://example.com/api/calls/a%2Fb", "a/b"),
        ("/api/calls/7?x=1", "7"),
        ("/api/calls", None),
        ("/other/7", None),
        ("", None),
    ],
)
def test_a_location_leads_to_the_object(location: str, expected: str | None) -> None:
    contract: Contract = load_contract()
    assert in_location(contract, {"location": location} if location else {}) == expected
