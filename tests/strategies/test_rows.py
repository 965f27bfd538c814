"""Rows hold what their schema allows, whatever that is."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.oracle import Oracle
from strategies.rows import RowMaker


def rows_of(schema: Any) -> list[Any]:
    oracle = Oracle({"type": "object", "properties": {"field": schema}}, "body")
    values = [row.value for row in RowMaker(oracle.root, "body").rows(oracle.root.properties["field"])]
    assert all(oracle.obeys({"field": value}) for value in values)
    return values


@pytest.mark.parametrize("names", [{"pattern": "^x-[0-9]{3}$"}, {"enum": ["one", "two"]}])
def test_keys_of_a_kind_of_their_own_are_found(names: Any) -> None:
    rows = rows_of({"type": "object", "propertyNames": names, "additionalProperties": {"type": "string"}})
    assert any(rows)


def test_a_map_that_may_have_no_key_stays_empty() -> None:
    assert rows_of({"type": "object", "maxProperties": 0, "additionalProperties": {"type": "string"}}) == [{}]


def test_members_of_enums_meet_in_the_elements_of_a_list() -> None:
    enums = {name: {"type": "string", "enum": [f"{name}{number}" for number in range(3)]} for name in "ab"}
    rows = rows_of({"type": "array", "items": {"type": "object", "properties": enums}})
    met = {(each.get("a"), each.get("b")) for elements in rows for each in elements}
    assert {(f"a{one}", f"b{other}") for one in range(3) for other in range(3)} <= met
