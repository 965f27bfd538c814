"""Members are judged by themselves only where that is all there is to judge, and a few of them are remembered."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import orjson
import pytest

from emulator.members import Members, members_of
from emulator.response_writer import ResponseWriter
from emulator.validation import Enforcer
from emulator.variants import STRICT, Variant
from openapi import Contract
from tests.emulator.client import IDLE, Client, contract


def _members(described: Contract, variant: Variant | None = None) -> Members | None:
    return members_of(described, Enforcer(described), ResponseWriter(described, variant or Variant()))


def _with(**keywords: Any) -> Contract:
    """Our description, with more asked of a body as a whole."""
    return replace(contract(), request={**contract().request, **keywords})


@pytest.mark.parametrize(
    ("described", "refused"),
    [
        (_with(minProperties=1), {}),
        (_with(propertyNames={"maxLength": 5}), {"systemPrompt": "x"}),
        (_with(**{"x-distinct": ["/voice", "/model"]}), {"voice": "a", "model": "a"}),
    ],
)
def test_what_is_asked_of_the_whole_is_judged_as_a_whole(described: Contract, refused: Any) -> None:
    assert _members(described) is None
    client = Client(described=described)
    assert client.create(refused).status == 400
    assert client.create({"voice": "a"}).status == 201


def test_what_excludes_each_other_is_judged_by_an_outline() -> None:
    described = _with(**{"not": {"required": ["voice", "model"]}})
    assert _members(described) is not None
    client = Client(described=described)
    assert client.create({"voice": "a", "model": "b"}).status == 400
    assert client.create({"voice": "a", "temperature": 0.5}).status == 201


def test_what_excludes_a_list_is_judged_by_the_list() -> None:
    described = _with(**{"not": {"properties": {"selectedTools": {"const": []}}, "required": ["selectedTools"]}})
    client = Client(described=described)
    assert client.create({"selectedTools": [{"toolName": "hangUp"}]}).status == 201
    assert client.create({"selectedTools": []}).status == 400


def test_what_follows_is_shown_whatever_else_is() -> None:
    rule = {"id": "x", "then": {"properties": {"response": {"properties": {"initialMessages": {"const": 1}}}}}}
    when = {"properties": {"body": {"required": ["voice"]}}}
    rules = [*contract().extensions["x-exchange-rules"], {**rule, "when": when}]
    described = replace(contract(), extensions={**contract().extensions, "x-exchange-rules": rules})
    responses = [Client(described=described, faults=faults).created({"voice": "a"}) for faults in ((), (IDLE,))]
    assert [response["initialMessages"] for response in responses] == [1, 1]


def test_an_enum_may_have_members_of_several_kinds() -> None:
    request = deepcopy(dict(contract().request))
    body = request["$defs"][request["$ref"].rpartition("/")[2]] if "$ref" in request else request
    body["properties"]["kind"] = {"type": ["string", "object"], "enum": [{"a": 1}, "KIND_UNSPECIFIED", "KIND_A"]}
    for client in (Client(described=replace(contract(), request=request), faults=faults) for faults in ((), (IDLE,))):
        assert [client.create({"kind": kind}).status for kind in ({"a": 1}, "KIND_UNSPECIFIED", {"a": 2})] == [201, 201, 400]


def test_what_is_sent_is_taken_by_members_and_remembered() -> None:
    client = Client()
    client.create({"systemPrompt": "Hi", "medium": {"webRtc": {}}, "temperature": 0.5})
    taken = client.endpoint.shortcut.members if client.endpoint.shortcut else None
    assert taken is not None
    assert taken.remembered == 2  # a prompt may be any text


def test_responses_that_are_written_otherwise_are_written_as_a_whole() -> None:
    assert _members(contract(), STRICT) is None


def test_few_values_are_remembered_and_no_large_ones() -> None:
    members = _members(contract())
    assert members is not None
    assert members.remembered == 0
    for number in range(1000):
        assert members.draft(orjson.dumps({"metadata": {"a": str(number)}, "systemPrompt": str(number)})) is not None
    assert 0 < members.remembered <= 128
    before = members.remembered
    assert members.draft(orjson.dumps({"initialState": {"a": "x" * 5000}})) is not None
    assert members.remembered == before
    assert members.draft(orjson.dumps({"metadata": {"a": 1}})) is None
    assert members.remembered == before
