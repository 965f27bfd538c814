"""Rows hold what their schema allows, whatever that is."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.schema.oracle import Oracle
from strategies.coverage.packing import Packer


def packs_of(schema: Any) -> list[Any]:
    oracle = Oracle({"type": "object", "properties": {"field": schema}}, "body")
    values = [pack.value for pack in Packer(oracle.root, "body").packs(oracle.root.properties["field"])]
    assert all(oracle.is_valid({"field": value}) for value in values)
    return values


@pytest.mark.parametrize("names", [{"pattern": "^x-[0-9]{3}$"}, {"enum": ["one", "two"]}])
def test_keys_of_a_kind_of_their_own_are_found(names: Any) -> None:
    packs = packs_of({"type": "object", "propertyNames": names, "additionalProperties": {"type": "string"}})
    assert any(packs)


def test_a_map_that_may_have_no_key_stays_empty() -> None:
    assert packs_of({"type": "object", "maxProperties": 0, "additionalProperties": {"type": "string"}}) == [{}]


def test_members_of_enums_meet_in_the_elements_of_a_list() -> None:
    enums = {name: {"type": "string", "enum": [f"{name}{number}" for number in range(3)]} for name in "ab"}
    packs = packs_of({"type": "array", "items": {"type": "object", "properties": enums}})
    met = {(each.get("a"), each.get("b")) for elements in packs for each in elements}
    assert {(f"a{one}", f"b{other}") for one in range(3) for other in range(3)} <= met


def test_flags_and_values_of_any_type_meet_in_the_elements_of_a_list_however_deep() -> None:
    inner = {"type": "object", "properties": {"way": {"enum": ["a", "b"]}}}
    element = {"type": "object", "properties": {"flag": {"type": "boolean"}, "any": {}, "inner": inner}}
    met = [each for elements in packs_of({"type": "array", "items": element}) for each in elements]
    assert {(True, "a"), (True, "b"), (False, "a"), (False, "b")} <= {
        (each["flag"], each["inner"]["way"]) for each in met if "flag" in each and each.get("inner")
    }
    assert any(isinstance(each.get("any"), dict) and each.get("inner") == {"way": "b"} for each in met)


def test_a_bare_element_stands_behind_a_full_one_and_equal_at_first() -> None:
    element = {"type": "object", "properties": {"one": {"type": "string"}, "two": {"type": "string"}}, "required": ["one"]}
    packs = packs_of({"type": "array", "items": element})
    assert any(
        len(each) == 4 and each[0] == each[2] and each[1] == each[3] and "two" not in each[0] and "two" in each[1]
        for each in packs
    )


def test_a_member_with_a_default_is_left_out_alone() -> None:
    members = {"rate": {"type": "integer", "minimum": 0, "default": 5}, "size": {"type": "integer", "minimum": 0}}
    assert any(set(pack) == {"size"} for pack in packs_of({"type": "object", "properties": members}))


def test_all_but_a_member_with_a_default_have_content() -> None:
    members: dict[str, Any] = {
        "rate": {"type": "integer", "minimum": 0, "default": 5},
        "list": {"type": "array", "items": {"type": "boolean"}},
    }
    found = [pack for pack in packs_of({"type": "object", "properties": members}) if set(pack) == {"list"}]
    assert any(pack["list"] for pack in found)
