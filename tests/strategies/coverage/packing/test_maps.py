"""Packs of a map: every key that is special, every value, and the sizes between none and many."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from strategies.coverage.packing.maps import simplest_of
from strategies.values.hostile import ITEMS, trouble
from strategies.values.valid import accepted
from tests.strategies.coverage.packing.packs import field_packs, labels, packs_of
from tests.strategies.schemas import LEAVES, Object, fits, maps

STRINGS: Object = {"type": "string"}


@given(maps(LEAVES))
def test_no_map_is_there_twice_and_small_ones_hold_at_most_five(schema: Object) -> None:
    found = packs_of(schema)
    assert len({repr(list(value.items())) for value in found}) == len(found)
    assert found[0] == {}
    assert {len(value) for value in found} <= {*range(6), ITEMS}
    assert any(len(value) == ITEMS for value in found) or not fits(schema, {f"key{n:04d}": None for n in range(2)}) or found


@given(maps(LEAVES))
def test_each_aim_leads_to_a_value_that_the_map_must_accept(schema: Object) -> None:
    node, _, packs = field_packs(schema)
    assert node.each is not None
    values = {repr(each.value) for each in accepted(node.each) if each.must}
    aimed = [repr(pack.value[aim.path[0]]) for pack in packs for aim in pack.aims if aim.path]
    assert {*aimed} == values
    assert len(aimed) == len(values), "each once"


def test_free_keys_are_those_that_servers_stumble_over() -> None:
    keys = {key for value in packs_of({"type": "object", "additionalProperties": STRINGS}) for key in value}
    assert {*trouble()["keys"]} <= keys


@pytest.mark.parametrize("names", [{"pattern": "^x-[0-9]{3}$"}, {"enum": ["one", "two"]}, {"minLength": 40, "maxLength": 41}])
def test_keys_of_a_kind_of_their_own_are_found(names: Any) -> None:
    assert any(packs_of({"type": "object", "propertyNames": names, "additionalProperties": STRINGS}))


def test_a_map_that_may_have_no_key_stays_empty() -> None:
    assert packs_of({"type": "object", "maxProperties": 0, "additionalProperties": STRINGS}) == [{}]


def test_a_map_whose_values_must_not_be_sent_stays_empty() -> None:
    expensive: Object = {"type": "string", "x-hazard": "it dials"}
    assert packs_of({"type": "object", "additionalProperties": expensive}) == [{}]


def test_a_map_that_needs_a_member_is_never_empty() -> None:
    found = packs_of({"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer"}})
    assert found
    assert {} not in found


@pytest.mark.parametrize("forbidden", ["^reserved\\.", "^sys_"])
def test_keys_next_to_a_forbidden_beginning_are_there_in_other_case_and_cut_short(forbidden: str) -> None:
    schema: Object = {"type": "object", "propertyNames": {"not": {"pattern": forbidden}}, "additionalProperties": STRINGS}
    keys = {key for value in packs_of(schema) for key in value}
    usual = forbidden[1:].replace("\\", "")
    assert not any(re.search(forbidden, key) for key in keys)
    assert usual.upper() in keys
    for index, letter in enumerate(usual):
        assert not letter.isalpha() or usual[:index] + letter.upper() + usual[index + 1 :] in keys
    assert any(key and key != key.upper() and usual in key for key in keys), "what stands before the beginning"
    plain = {key for value in packs_of({"type": "object", "additionalProperties": STRINGS}) for key in value}
    assert usual.upper() not in plain


def test_a_map_of_many_members_has_a_value_for_each() -> None:
    _, _, packs = field_packs({"type": "object", "additionalProperties": STRINGS})
    (wide,) = (pack for pack in packs if len(pack.value) == ITEMS)
    assert labels([wide]) == [f"{ITEMS} members"]
    assert len(set(wide.value.values())) == ITEMS
    assert all(str(int(key.removeprefix("key"))) in value for key, value in wide.value.items())
    assert not any(
        len(value) > 5 for value in packs_of({"type": "object", "maxProperties": 5, "additionalProperties": STRINGS})
    )


def test_an_ordinary_value_of_a_map_is_complete() -> None:
    inner: Object = {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "b"}}},
        "then": {"required": ["size"]},
    }
    node, maker, _ = field_packs({"type": "object", "additionalProperties": inner})
    assert node.each is not None
    assert fits(inner, simplest_of(maker, node.each))
