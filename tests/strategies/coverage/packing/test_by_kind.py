"""Each kind of field has packs of its own; what must never be sent has none."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.schema.oracle import Oracle
from strategies.coverage.packing import packer
from tests.strategies.coverage.packing.packs import packs_of
from tests.strategies.schemas import Object


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "object", "properties": {"a": {"type": "boolean"}}}, dict),
        ({"type": "array", "items": {"type": "boolean"}}, list),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, dict),
        ({"type": "boolean"}, bool),
    ],
)
def test_every_kind_has_packs(schema: Object, kind: type[Any]) -> None:
    found = packs_of(schema)
    assert found
    assert all(isinstance(value, kind) for value in found)


def test_a_hazard_has_no_pack() -> None:
    assert packs_of({"type": "string", "x-hazard": "dials"}) == []


@pytest.mark.parametrize("few", [False, True])
def test_unusual_texts_are_spared_inside_an_object_where_requests_are_scarce_and_nowhere_else(few: bool) -> None:
    text: Object = {"type": "string"}
    inner: Object = {"type": "object", "properties": {"text": text}}
    schema: Object = {"type": "object", "properties": {"own": text, "in": inner, "list": {"type": "array", "items": text}}}
    root = Oracle(schema, "body").root
    maker = packer(root, "body", few=few)
    each = root.properties["list"].each
    assert each is not None
    nodes = {"own": root.properties["own"], "item": each, "in": root.properties["in"].properties["text"]}
    count = {name: len(maker.packs(node)) for name, node in nodes.items()}
    assert count["own"] == count["item"] > 10
    assert (count["in"] < count["own"]) is few
