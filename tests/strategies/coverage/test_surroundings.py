"""A violation in rich surroundings stays what it was: its value is there, and all else around it is valid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openapi.schema.oracle import Oracle
from strategies.coverage.packing import packer
from strategies.coverage.surroundings import is_holder, surrounded
from strategies.negative.violations import violations
from tests.strategies.schemas import LEAVES, NAMES, Object, arrays, fits, maps, oracle, ours


@given(LEAVES)
def test_an_invalid_item_stands_between_valid_ones_and_after_many(item: Object) -> None:
    rules = oracle({"type": "array", "items": item})
    maker = packer(rules.root, "body")
    for same in violations(rules):
        first = same[0]
        if len(first.path) != 2 or len(first.body["field"]) != 1:
            continue
        found = [body["field"] for body in surrounded(maker, first, [])]
        assert [[fits(item, each) for each in items] for items in found] == [[True, False, True], [*[True] * 12, False]]


@given(maps(LEAVES.filter(lambda leaf: "enum" not in leaf)))
def test_an_invalid_member_stands_between_valid_ones(schema: Object) -> None:
    rules = oracle(schema)
    maker = packer(rules.root, "body")
    for same in violations(rules):
        first = same[0]
        if len(first.path) != 2 or len(first.body["field"]) != 1:
            continue
        (found,) = (body["field"] for body in surrounded(maker, first, []))
        validity = [fits(schema["additionalProperties"], each) for each in found.values()]
        assert validity == [*[True] * 12, False, True]


@given(st.dictionaries(st.sampled_from(NAMES), st.just("around")))
def test_a_rich_body_keeps_what_the_violation_does_not_set(base: Object) -> None:
    rules = Oracle({"type": "object", "properties": {name: {"type": "string", "maxLength": 9} for name in NAMES}}, "body")
    maker = packer(rules.root, "body")
    for same in violations(rules):
        if isinstance(same[0].body, dict):
            (found,) = surrounded(maker, same[0], [base])
            assert found == {**base, **same[0].body}


def test_holders_are_arrays_and_maps_of_described_things() -> None:
    root = ours().root
    assert not is_holder(None)
    assert not is_holder(root)
    assert is_holder(oracle({"type": "array", "items": {"type": "string"}}).root.properties["field"])
    assert not is_holder(oracle({"type": "array"}).root.properties["field"])
    assert is_holder(oracle({"type": "object", "additionalProperties": {"type": "string"}}).root.properties["field"])


@given(arrays(LEAVES))
def test_what_is_invalid_with_an_array_as_a_whole_is_not_surrounded(schema: Object) -> None:
    rules = oracle(schema)
    for same in violations(rules):
        if same[0].rule.endswith((".minItems", ".maxItems")):
            assert list(surrounded(packer(rules.root, "body"), same[0], [])) == []
