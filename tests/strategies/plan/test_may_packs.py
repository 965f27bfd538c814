"""Packs of what a server may refuse: all values, few bodies, and one reason left in the end."""

from __future__ import annotations

from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.case import Aim, Side
from strategies.plan.may_packs import MayPack, UncertainValue, bisected, packed
from tests.strategies.schemas import Object

SCHEMA: Object = {
    "type": "object",
    "properties": {
        "one": {"type": "string"},
        "other": {"type": "string"},
        "choice": {"type": "object", "maxProperties": 1, "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
        "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}},
    },
}


def value(reason: str, body: Object, *path: str | int) -> UncertainValue:
    return UncertainValue(reason, body, path, Aim(f"body.{path[0]}.type", (), reason))


def oracle() -> Oracle:
    return Oracle(SCHEMA, "body")


VALUES = [
    value("nul", {"one": "\0"}, "one"),
    value("nul", {"choice": {"a": "\0"}}, "choice", "a"),
    value("nul", {"choice": {"b": "\0"}}, "choice", "b"),
    value("tab", {"one": "\t"}, "one"),
    value("tab", {"other": "\t"}, "other"),
    value("nul", {"list": [{"x": "\0"}]}, "list", 0, "x"),
    value("tab", {"list": [{"x": "\t"}]}, "list", 0, "x"),
]


def held(packs: list[MayPack]) -> list[UncertainValue]:
    return [each for pack in packs for each in pack.values]


def test_every_value_stands_in_one_of_few_valid_bodies() -> None:
    packs = packed(oracle(), VALUES)
    assert sorted(map(str, held(packs))) == sorted(map(str, VALUES))
    assert len(packs) == 2  # as many as alternatives
    for pack in packs:
        assert oracle().is_valid(pack.body)
        for each, path in zip(pack.values, pack.paths, strict=True):
            assert at(pack.body, path) == at(each.body, each.path)


def test_a_case_says_what_is_tried_and_why_it_may_be_refused() -> None:
    for pack in packed(oracle(), VALUES):
        assert (pack.case.side, pack.case.body) == (Side.MAY, pack.body)
        assert [aim.path for aim in pack.case.aims] == list(pack.paths)
        assert pack.case.label == ", ".join(pack.reasons)


def test_a_refused_pack_is_bisected_until_one_reason_is_left() -> None:
    (pack,) = packed(oracle(), [each for each in VALUES if each.path[0] in ("other", "list")])
    halves = bisected(oracle(), pack)
    assert sorted(reason for half in halves for reason in half.reasons) == ["nul", "tab"]
    assert sorted(map(str, held(halves))) == sorted(map(str, pack.values))
    assert [bisected(oracle(), half) for half in halves] == [[], []]


def test_a_refusal_may_name_a_reason_by_its_value_or_by_its_member() -> None:
    values = [
        value("long", {"one": "922222s"}, "one"),
        value("short", {"other": "0s"}, "other"),
        value("nul", {"list": [{"x": "a"}]}, "list", 0, "x"),
    ]
    (pack,) = packed(oracle(), values)
    assert pack.named_in("no duration: 922222s, other is wrong") == {"long"}
    assert pack.named_in('{"ONE": ["is wrong"], "detail": "0s"}') == {"long"}
    assert pack.named_in("list[0].x and other are wrong") == {"short", "nul"}
    assert pack.named_in("everything is wrong") == frozenset()


def test_what_a_refusal_names_is_tried_apart() -> None:
    values = [value(reason, {"list": [{"x": reason}]}, "list", 0, "x") for reason in ("a", "b", "c", "d")]
    (pack,) = packed(oracle(), values)
    assert [half.reasons for half in bisected(oracle(), pack, {"c"})] == [["c"], ["a", "b", "d"]]
    for says_nothing in ((), ("z",), ("a", "b", "c", "d")):
        assert [half.reasons for half in bisected(oracle(), pack, says_nothing)] == [["a", "b"], ["c", "d"]]


def test_what_may_be_too_large_does_not_hide_what_is_small() -> None:
    large = value("large", {"other": "x" * 5_000}, "other")
    packs = packed(oracle(), [VALUES[0], large])
    assert [pack.values for pack in packs] == [(VALUES[0],), (large,)]
