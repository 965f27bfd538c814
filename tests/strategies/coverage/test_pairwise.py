"""Pairwise combination: every pair of kinds of values that can meet does, in few bodies."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from openapi.schema.oracle import Oracle
from strategies.coverage.packing import Pack, packer
from strategies.coverage.pairwise import pairwise
from tests.plans import our_plan

FLAGS: dict[str, Any] = {name: {"type": "boolean"} for name in "abcdef"}


def packs(oracle: Oracle) -> dict[str, list[Pack]]:
    maker = packer(oracle.root, "body")
    return {name: maker.packs(node) for name, node in oracle.root.properties.items()}


def met(bodies: list[Any], one: str, other: str) -> set[tuple[Any, Any]]:
    return {(body.get(one), body.get(other)) for body in bodies}


def test_every_pair_meets_in_few_bodies() -> None:
    oracle = Oracle({"type": "object", "properties": FLAGS}, "body")
    bodies = [pack.value for pack in pairwise(oracle, packs(oracle))[1]]
    for one, other in combinations(FLAGS, 2):
        assert met(bodies, one, other) == set(product((True, False, None), repeat=2))
    assert len(bodies) <= 18  # 9 at the least, 729 are possible


def test_what_cannot_meet_is_not_waited_for() -> None:
    schema = {"type": "object", "properties": FLAGS, "not": {"required": ["a", "b"]}}
    oracle = Oracle(schema, "body")
    bodies = [pack.value for pack in pairwise(oracle, packs(oracle))[1]]
    assert all(map(oracle.is_valid, bodies))
    assert met(bodies, "a", "b") == {(True, None), (False, None), (None, True), (None, False), (None, None)}


def test_what_has_met_need_not_meet_again() -> None:
    oracle = Oracle({"type": "object", "properties": FLAGS}, "body")
    first = [pack.value for pack in pairwise(oracle, packs(oracle))[1]]
    assert pairwise(oracle, packs(oracle), others=first) == ([], [])


def test_packs_are_filled_up_with_pairs_and_keep_what_they_aim_at() -> None:
    oracle = Oracle({"type": "object", "properties": FLAGS}, "body")
    columns = packs(oracle)
    aimed = [Pack({"a": value}, columns["a"][0].below("a")) for value in (True, False) for _ in range(4)]
    filled, left = pairwise(oracle, columns, aimed)
    assert [(pack.value["a"], pack.aims) for pack in filled] == [(pack.value["a"], pack.aims) for pack in aimed]
    bodies = [pack.value for pack in (*filled, *left)]
    for one, other in combinations(FLAGS, 2):
        assert met(bodies, one, other) == set(product((True, False, None), repeat=2))
    assert len(left) < len(pairwise(oracle, columns)[1])


def test_a_value_that_is_aimed_at_stays_though_another_would_meet_more() -> None:
    kinds: dict[str, Any] = {**FLAGS, "kind": {"type": "string", "enum": ["A", "B", "C"]}, "text": {"type": "string"}}
    oracle = Oracle({"type": "object", "properties": kinds}, "body")
    columns = packs(oracle)
    for aimed in columns["kind"]:
        pack = Pack({"kind": aimed.value, "text": "as it is"}, aimed.below("kind"))
        for count in (1, 3):
            filled, _ = pairwise(oracle, columns, [pack] * count)
            assert [each.value["kind"] for each in filled] == [aimed.value] * count
            assert [each.aims for each in filled] == [pack.aims] * count
    whole = Pack({"kind": "A"}, ())
    assert pairwise(oracle, columns, [whole])[0] == [whole], "what is aimed at by nothing but the whole stays"


def test_a_body_aims_at_what_it_holds() -> None:
    plan = our_plan()
    for case in plan.pairs():
        assert plan.oracle.is_valid(case.body)
        assert {str(aim.path[0]) for aim in case.aims} == set(case.body)


def test_arrays_and_strings_meet_empty_short_and_long() -> None:
    members: dict[str, Any] = {
        "flag": {"type": "boolean"},
        "list": {"type": "array", "items": {"type": "string"}},
        "text": {"type": "string"},
    }
    oracle = Oracle({"type": "object", "properties": members}, "body")
    bodies = [pack.value for pack in pairwise(oracle, packs(oracle))[1]]
    for flag in (True, False):
        sizes = {
            name: {len(body[name]) for body in bodies if body.get("flag") is flag and name in body} for name in ("list", "text")
        }
        assert 0 in sizes["list"]
        assert any(0 < size <= 5 for size in sizes["list"])
        assert any(size > 5 for size in sizes["list"])
        assert any(0 < size <= 200 for size in sizes["text"])
        assert any(size > 200 for size in sizes["text"])


def test_numbers_meet_the_least_the_most_and_one_between() -> None:
    members: dict[str, Any] = {"flag": {"type": "boolean"}, "rate": {"type": "number", "minimum": 1, "maximum": 9}}
    oracle = Oracle({"type": "object", "properties": members}, "body")
    bodies = [pack.value for pack in pairwise(oracle, packs(oracle))[1]]
    for flag in (True, False):
        rates = {body["rate"] for body in bodies if body.get("flag") is flag and "rate" in body}
        assert {1, 9} < rates
        assert any(1 < rate < 9 for rate in rates)


def test_few_members_of_a_long_enum_meet_all_others() -> None:
    many = {"type": "string", "enum": [f"v{index:03}" for index in range(300)]}
    oracle = Oracle({"type": "object", "properties": {"a": many, "b": many}}, "")
    columns = {name: [Pack(value, ()) for value in many["enum"]] for name in "ab"}
    _, bodies = pairwise(oracle, columns)
    assert len(bodies) < 700  # 90,000 pairs
