"""Packs of an array: every item, every size that a limit names, and every pair of choices inside the items."""

from __future__ import annotations

import ast
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi.schema.paths import at
from strategies.values.hostile import ITEMS
from tests.strategies.coverage.packing.packs import field_packs, labels, packs_of
from tests.strategies.schemas import LEAVES, Object, arrays, fits

STRINGS: Object = {"type": "string"}
NAMED: Object = {"type": "object", "properties": {"id": STRINGS, "on": {"type": "boolean"}}, "required": ["id"]}


@settings(max_examples=10)
@given(arrays(LEAVES))
def test_sizes_stay_within_the_limits_and_reach_both(schema: Object) -> None:
    sizes = {len(value) for value in packs_of(schema)}
    assert min(sizes) == schema.get("minItems", 0)
    assert "maxItems" not in schema or max(sizes) == schema["maxItems"]


@pytest.mark.parametrize("sizes", [(1, 2), (2, 2), (4, 9), (9, 9), (ITEMS - 1, ITEMS + 1), (3, ITEMS * 10)])
def test_the_sizes_at_both_limits_are_met_and_named_after_them(sizes: tuple[int, int]) -> None:
    low, high = sizes
    _, _, packs = field_packs({"type": "array", "items": STRINGS, "minItems": low, "maxItems": high})
    for keyword, size in (("minItems", low), ("maxItems", high)):
        (found,) = (pack for pack in packs if pack.aims[0].rule == f"body.field.{keyword}")
        assert len(found.value) == size
        assert found.aims[0].label == f"{size} elements"
        assert len(set(found.value)) == size, "items that differ show which of them got lost"


@pytest.mark.parametrize("limit", [{"maxItems": ITEMS * 10 + 1}, {}])
def test_what_is_too_large_to_send_is_not_made(limit: Object) -> None:
    _, _, packs = field_packs({"type": "array", "items": STRINGS, **limit})
    assert not any(pack.aims[0].rule.endswith("Items") for pack in packs)
    assert max(len(pack.value) for pack in packs) == ITEMS
    assert labels(packs).count(f"{ITEMS} elements") == 1


@settings(max_examples=10)
@given(arrays(LEAVES))
def test_an_aim_leads_to_its_value_and_each_value_is_aimed_at_once(schema: Object) -> None:
    aimed = [(aim.label, repr(at(pack.value, aim.path))) for pack in field_packs(schema)[2] for aim in pack.aims if aim.path]
    assert len(set(aimed)) == len(aimed)
    assert all(fits(schema["items"], ast.literal_eval(value)) for _, value in aimed)


def test_no_pack_holds_two_items_of_one_name() -> None:
    found = packs_of({"type": "array", "items": NAMED, "x-unique-by": ["/id"], "maxItems": 8})
    assert any(len(value) > 2 for value in found)
    for value in found:
        names = [each["id"] for each in value]
        assert len(set(names)) == len(names)
    assert {True, False} <= {each.get("on") for value in found for each in value}


def test_items_that_cannot_stand_together_stand_apart_and_none_is_lost() -> None:
    item: Object = {"enum": ["A", "B", "C"]}
    schema: Object = {"type": "array", "items": item, "not": {"allOf": [{"contains": {"const": kind}} for kind in "AB"]}}
    found = packs_of(schema)
    assert {each for value in found for each in value} == {"A", "B", "C"}
    assert not any({"A", "B"} <= set(value) for value in found)


def test_equal_items_are_repeated_unless_they_must_differ() -> None:
    found = packs_of({"type": "array", "items": STRINGS})
    assert any(len(value) == 4 and value[0] == value[2] == value[3] != value[1] for value in found)
    unique = packs_of({"type": "array", "items": STRINGS, "uniqueItems": True})
    assert all(len(set(value)) == len(value) for value in unique)
    assert max(map(len, unique)) == ITEMS


def test_a_bare_item_stands_behind_a_full_one_and_equal_at_first() -> None:
    element: Object = {"type": "object", "properties": {"one": STRINGS, "two": STRINGS}, "required": ["one"]}
    packs = packs_of({"type": "array", "items": element})
    assert any(
        len(each) == 4 and each[0] == each[2] and each[1] == each[3] and "two" not in each[0] and "two" in each[1]
        for each in packs
    )


@given(st.integers(2, 4), st.integers(2, 4))
def test_members_of_enums_meet_in_the_items(first: int, second: int) -> None:
    enums = {
        name: {"type": "string", "enum": [f"{name}{n}" for n in range(count)]} for name, count in (("a", first), ("b", second))
    }
    packs = packs_of({"type": "array", "items": {"type": "object", "properties": enums}})
    met = {(each.get("a"), each.get("b")) for elements in packs for each in elements}
    assert {(f"a{one}", f"b{other}") for one in range(first) for other in range(second)} <= met


def test_flags_and_values_of_any_type_meet_in_the_items_however_deep() -> None:
    inner = {"type": "object", "properties": {"way": {"enum": ["a", "b"]}}}
    element = {"type": "object", "properties": {"flag": {"type": "boolean"}, "any": {}, "inner": inner}}
    met = [each for elements in packs_of({"type": "array", "items": element}) for each in elements]
    assert {(True, "a"), (True, "b"), (False, "a"), (False, "b")} <= {
        (each["flag"], each["inner"]["way"]) for each in met if "flag" in each and each.get("inner")
    }
    assert any(isinstance(each.get("any"), dict) and each.get("inner") == {"way": "b"} for each in met)


def test_choices_of_an_array_inside_meet_those_beside_it_and_not_each_other() -> None:
    part: Object = {"type": "object", "properties": {"mode": {"enum": ["x", "y"]}, "shape": {"enum": ["p", "q"]}}}
    holder: Object = {"type": "object", "properties": {"parts": {"type": "array", "items": part}}}
    item: Object = {"type": "object", "properties": {"kind": {"enum": ["a", "b"]}, "held": holder}}
    packs = field_packs({"type": "array", "items": item})[2]
    paired = [each for pack in packs if pack.aims[0].label == "every pair of choices" for each in pack.value]
    met = {(each["kind"], *part.items()) for each in paired if "held" in each for part in each["held"]["parts"]}
    choices = [("mode", "x"), ("mode", "y"), ("shape", "p"), ("shape", "q")]
    assert met == set(itertools.product("ab", choices))
    assert all(len(each["held"]["parts"]) == 1 for each in paired if "held" in each)


def test_short_strings_meet_choices_and_long_ones_do_not() -> None:
    item: Object = {"type": "object", "properties": {"kind": {"enum": ["a", "b"]}, "text": STRINGS}}
    packs = field_packs({"type": "array", "items": item})[2]
    paired = [each for pack in packs if pack.aims[0].label == "every pair of choices" for each in pack.value]
    for kind in "ab":
        lengths = {len(each["text"]) for each in paired if each.get("kind") == kind}
        assert lengths
        assert max(lengths) <= 24


def of_body(schema: Object) -> list[Any]:
    """The values of the packs whose label says that a choice stands at the end."""
    return [pack.value for pack in field_packs(schema)[2] if pack.aims[0].label.endswith("at the end")]


def test_each_choice_is_in_the_only_item_and_in_the_last_one() -> None:
    item: Object = {"type": "object", "properties": {"kind": {"enum": ["a", "b"]}, "text": STRINGS}}
    ends = [(len(value), value[-1]["kind"]) for value in of_body({"type": "array", "items": item})]
    assert sorted(ends) == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]
    assert {len(value) for value in of_body({"type": "array", "items": item, "maxItems": 1})} == {1}
    nested: Object = {"type": "object", "properties": {"inner": {"type": "array", "items": item}}}
    assert "a at the end" not in {aim.label for pack in field_packs(nested)[2] for aim in pack.aims}
