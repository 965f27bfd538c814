"""Members that only one side has: `readOnly` ones are no part of a request, `writeOnly` ones none of a response."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.reading.direction import REQUEST, RESPONSE, one_way
from tests.openapi.synthetic import description, loaded

MADE, SECRET = {"type": "integer", "readOnly": True}, {"type": "string", "writeOnly": True}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"id": MADE, "n": {}}, "required": ["id", "n"]},
        {"allOf": [{"properties": {"id": MADE}}, {"properties": {"n": {}}}], "required": ["n", "id"]},
        {"allOf": [{"required": ["n", "id"]}], "properties": {"id": {"$ref": "#/$defs/Id"}, "n": {}}, "$defs": {"Id": MADE}},
        {"$ref": "#/$defs/T", "$defs": {"T": {"properties": {"id": {"allOf": [MADE]}, "n": {}}, "required": ["id", "n"]}}},
    ],
)
def test_a_member_that_the_server_makes_is_neither_described_nor_required_in_a_request(schema: Any) -> None:
    cut = str(one_way(schema, REQUEST))
    assert "'id'" not in cut
    assert "'n'" in cut
    assert one_way(schema, RESPONSE) == schema


def test_members_of_members_are_cut_too() -> None:
    schema = {"properties": {"a": {"items": {"properties": {"secret": SECRET, "b": {}}, "required": ["secret"]}}}}
    assert one_way(schema, RESPONSE) == {"properties": {"a": {"items": {"properties": {"b": {}}}}}}


def test_each_side_of_a_contract_has_its_own_members() -> None:
    thing = {"type": "object", "properties": {"id": MADE, "n": {}, "secret": SECRET}, "required": ["id", "n", "secret"]}
    contract = loaded(description(thing, thing))
    assert (set(contract.request["properties"]), contract.request["required"]) == ({"n", "secret"}, ["n", "secret"])
    assert (set(contract.response["properties"]), contract.response["required"]) == ({"id", "n"}, ["id", "n"])
