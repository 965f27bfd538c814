"""Each kind of field has packs of its own; what must never be sent has none."""

from __future__ import annotations

from typing import Any

import pytest

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
