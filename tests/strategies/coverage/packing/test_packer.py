"""Packs of any small schema: valid by another validator, and every value that must be accepted is carried by one."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.coverage.packing import Pack, packer
from strategies.values.valid import accepted
from tests.strategies.schemas import BODIES, LEAVES, Object, arrays, fits, keywords, maps, objects


def packed(schema: Object) -> tuple[Oracle, list[Pack]]:
    oracle = Oracle(schema, "body")
    return oracle, packer(oracle.root, "body").packs(oracle.root)


@given(BODIES)
def test_every_pack_is_valid(schema: Object) -> None:
    _, packs = packed(schema)
    assert packs
    assert all(fits(schema, pack.value) for pack in packs)


@given(BODIES)
def test_every_aim_is_in_its_pack_and_is_a_rule(schema: Object) -> None:
    oracle, packs = packed(schema)
    rules = {*keywords(schema)}
    about = {rule.rpartition(".")[0] for rule in rules}
    for pack in packs:
        for aim in pack.aims:
            here = at({"": pack.value}, ("", *aim.path))
            assert here is not None or aim.path == ()
            assert aim.rule in rules or aim.rule.rpartition(".")[0] in about, aim
            node = oracle.root.at(aim.path)
            assert node is not None
            assert aim.rule.removeprefix("body").removeprefix(".").rpartition(".")[0] == node.path


@given(objects(LEAVES))
def test_every_value_that_must_be_accepted_is_carried(schema: Object) -> None:
    oracle, packs = packed(schema)
    carried = {
        (name, aim.label, repr(pack.value[name])) for pack in packs for aim in pack.aims for name in aim.path[:1] if aim.path
    }
    for name, node in oracle.root.properties.items():
        for each in accepted(node):
            assert not each.must or (name, each.label, repr(each.value)) in carried, (name, each)


@given(arrays(LEAVES))
def test_every_item_that_must_be_accepted_is_in_some_array(item: Object) -> None:
    schema: Object = {"type": "object", "properties": {"a": item}}
    oracle, packs = packed(schema)
    items = oracle.root.properties["a"].each
    assert items is not None
    met = {repr(each) for pack in packs for each in pack.value.get("a", ())}
    wanted = {repr(each.value) for each in accepted(items) if each.must}
    # As many different items as an array needs may not be there for all of them.
    assert wanted <= met or item.get("maxItems") == 0


@given(maps(LEAVES))
def test_every_value_of_a_map_is_met_and_a_map_is_empty_once(schema: Object) -> None:
    body: Object = {"type": "object", "properties": {"a": schema}}
    oracle, packs = packed(body)
    values = oracle.root.properties["a"].each
    assert values is not None
    maps_met = [pack.value["a"] for pack in packs if "a" in pack.value]
    met = {repr(each) for found in maps_met for each in found.values()}
    assert {repr(each.value) for each in accepted(values) if each.must} <= met
    assert {} in maps_met


@given(objects(LEAVES))
def test_members_that_can_meet_do(schema: Object) -> None:
    _, packs = packed(schema)
    names = sorted(schema["properties"])
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            if schema.get("not") == {"required": [one, other]} or schema.get("maxProperties"):
                continue
            assert any(one in pack.value and other in pack.value for pack in packs), (one, other)


@given(BODIES)
def test_packs_are_the_same_each_time_and_cached(schema: Object) -> None:
    oracle = Oracle(schema, "body")
    maker = packer(oracle.root, "body")
    assert maker.known(oracle.root) is None
    first = maker.packs(oracle.root)
    assert maker.packs(oracle.root) is first
    assert maker.known(oracle.root) is first
    assert first == packed(schema)[1]


def test_a_pack_seen_from_above_has_the_same_aims_one_step_deeper() -> None:
    _, packs = packed({"type": "object", "properties": {"a": {"type": "boolean"}}})
    for pack in packs:
        assert [aim.path for aim in pack.below("x")] == [("x", *aim.path) for aim in pack.aims]
        assert [(aim.rule, aim.label) for aim in pack.below(0)] == [(aim.rule, aim.label) for aim in pack.aims]


def test_what_must_not_be_sent_or_is_lacking_has_no_pack() -> None:
    fields: dict[str, Any] = {"a": {"type": "string"}, "costly": {"type": "string", "x-hazard": "it dials"}}
    oracle = Oracle({"type": "object", "properties": fields}, "body")
    assert packer(oracle.root, "body").packs(oracle.root.properties["costly"]) == []
    assert packer(oracle.root, "body", lacking=frozenset({"a"})).packs(oracle.root.properties["a"]) == []


def test_numbered_items_show_their_index() -> None:
    item: Object = {"type": "object", "properties": {"name": {"type": "string"}, "flag": {"type": "boolean"}}}
    schemas: list[Object] = [{"type": "string"}, item]
    for each in schemas:
        oracle = Oracle({"type": "object", "properties": {"a": {"type": "array", "items": each}}}, "body")
        node = oracle.root.properties["a"]
        assert node.each is not None
        maker = packer(oracle.root, "body")
        found = [maker.numbered(node, node.each, index) for index in range(5)]
        assert len({repr(value) for value in found}) == 5
        assert all(str(index) in str(value) for index, value in enumerate(found))


def test_of_fewer_alternatives_each_has_more_values_where_requests_are_scarce() -> None:
    digit: Object = {"type": "string", "pattern": "^-?(?:0|[1-9][0-9]{0,11})(?:\\.[0-9]{1,9})?s$"}
    branch: Object = {"type": "object", "properties": {"wait": digit}}

    def values(*names: str) -> int:
        choice: Object = {"type": "object", "properties": dict.fromkeys(names, branch), "maxProperties": 1}
        oracle = Oracle({"type": "object", "properties": {"choice": choice}}, "body")
        maker = packer(oracle.root, "body", few=True)
        return len(maker.packs(oracle.root.properties["choice"].properties["a"].properties["wait"]))

    assert values("a", "b") > values("a", "b", "c") > values("a", "b", "c", "d")
    assert values("a", "b", "c", "d") == values(*"abcdefghijklmnop") == 6
