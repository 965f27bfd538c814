"""Attribution: a refusal is named by the rule about the value that matters, whatever stands around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from conformance.triage.attribution import Attribution, RefusedField
from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, paths_in, with_value
from strategies.case import Aim
from strategies.values.minimal import KEY, simplest
from tests.conformance.triage.small import REQUEST, RESPONSE, case, oracle
from tests.openapi.synthetic import catalogued


@cache
def wrapped() -> Oracle:
    """The oracle of bodies that hold those of the small contract, in a member and in an array."""
    return Oracle(WRAPPED, "body")


def named(body: Json, refused: Callable[[Any], object], *aims: Aim) -> RefusedField:
    asked: list[Json] = []

    def is_refused(candidate: Json) -> bool:
        asked.append(candidate)
        return bool(refused(candidate))

    assert is_refused(body)
    found = Attribution(oracle()).refused_field(case(body, *aims), body, is_refused)
    # At most the field in question is missing: who accepts a body without a required one refused the field itself.
    assert all(rule.endswith(".required") for candidate in asked for rule in oracle().violated(candidate))
    assert len(asked) < 60
    return found


CASES: list[Any] = [
    ({"rate": 1}, lambda b: b.get("rate") == 1, "body.rate.maximum", [("rate",)]),
    ({"rate": 0}, lambda b: b.get("rate") == 0, "body.rate.minimum", [("rate",)]),
    ({"rate": 0.75}, lambda b: b.get("rate") == 0.75, "body.rate.maximum", [("rate",)]),
    ({"rate": 0.25}, lambda b: b.get("rate") == 0.25, "body.rate.minimum", [("rate",)]),
    ({"rate": 0.5}, lambda b: "rate" in b, "body.rate.type", [("rate",)]),
    ({"kind": "KIND_TWO"}, lambda b: b.get("kind") == "KIND_TWO", "body.kind.enum", [("kind",)]),
    ({"kind": "KIND_TWO"}, lambda b: "kind" in b, "body.kind.enum", [("kind",)]),
    ({"wait": "31s"}, lambda b: b.get("wait") == "31s", "body.wait.pattern", [("wait",)]),
    ({"wait": "31s"}, lambda b: "wait" in b, "body.wait.type", [("wait",)]),
    ({"note": "odd"}, lambda b: b.get("note") == "odd", "body.note.type", [("note",)]),
    ({"flag": False}, lambda b: "flag" in b, "body.flag.type", [("flag",)]),
    (
        {"inner": {"a": 1, "b": "odd"}},
        lambda b: b.get("inner", {}).get("b") == "odd",
        "body.inner.b.type",
        [("inner", "b")],
    ),
    ({"inner": {"a": 9}}, lambda b: b.get("inner", {}).get("a") == 9, "body.inner.a.maximum", [("inner", "a")]),
    ({"inner": {"a": 1}}, lambda b: "inner" in b, "body.inner.type", [("inner",)]),
    ({"tags": {"odd key": "x"}}, lambda b: "odd key" in b.get("tags", {}), "body.tags.type", [("tags", "odd key")]),
    (
        {"labels": {"odd key": "x"}},
        lambda b: "odd key" in b.get("labels", {}),
        "body.labels.propertyNames",
        [("labels", "odd key")],
    ),
    ({"tags": {"key": "odd"}}, lambda b: "odd" in b.get("tags", {}).values(), "body.tags.*.type", [("tags", "key")]),
    ({"tags": {"a": "x", "b": "x"}}, lambda b: len(b.get("tags", {})) > 1, "body.tags.type", [("tags",)]),
    ({"tags": {}}, lambda b: b.get("tags") == {}, "body.tags.type", [("tags",)]),
    ({"items": []}, lambda b: b.get("items") == [], "body.items.type", [("items",)]),
    ({"way": {"two": {}}}, lambda b: "two" in b.get("way", {}), "body.way.two.type", [("way", "two")]),
    ({"way": {"one": {}}}, lambda b: "way" in b, "body.way.type", [("way",)]),
]


@pytest.mark.parametrize(("body", "refused", "rule", "paths"), CASES)
def test_a_value_is_named_by_the_rule_that_says_most_of_it(
    body: Json, refused: Callable[[Any], object], rule: str, paths: list[Any]
) -> None:
    found = named(body, refused)
    assert found.rule == rule
    assert list(found.paths) == paths


WRAPPED = {"type": "object", "properties": {"outer": REQUEST, "list": {"type": "array", "items": REQUEST}}}


def inner_of(body: Any) -> list[Any]:
    """The bodies that a wrapped one holds; an empty one where it holds none."""
    return [body.get("outer", {}), *body.get("list", [])]


@pytest.mark.parametrize("around", [("outer",), ("list", 0)])
@pytest.mark.parametrize(("body", "refused", "rule", "paths"), CASES)
def test_what_is_named_does_not_depend_on_how_deep_it_stands(
    around: Path, body: Json, refused: Callable[[Any], object], rule: str, paths: list[Any]
) -> None:
    whole = {"outer": body} if around == ("outer",) else {"list": [body]}

    def is_refused(asked: Json) -> bool:
        described = (wrapped().root.at(path) is not None or path[-1] == KEY for path in paths_in(asked))
        assert all(described), "nothing is asked that the description does not know"
        return any(map(refused, inner_of(asked)))

    found = Attribution(wrapped()).refused_field(case(whole), whole, is_refused)
    assert found.rule == rule.replace("body.", "body.outer." if around == ("outer",) else "body.list.*.")
    assert list(found.paths) == [(*around, *path) for path in paths]


def test_an_item_of_an_array_is_named_at_its_index() -> None:
    found = named({"items": [{"a": 1}, {"a": 9}]}, lambda b: any(each["a"] == 9 for each in b.get("items", [])))
    assert found == RefusedField("body.items.*.a.maximum", (("items", 1, "a"),))


@pytest.mark.parametrize("label", ["", "a label"])
def test_of_a_value_that_was_aimed_at_the_rule_of_the_aim_is_named(label: str) -> None:
    aim = Aim("body.note.maxLength", ("note",), label)
    assert named({"note": "odd"}, lambda b: b.get("note") == "odd", aim).rule == "body.note.maxLength"
    elsewhere = Aim("body.wait.pattern", ("wait",), label)
    assert named({"note": "odd"}, lambda b: b.get("note") == "odd", elsewhere).rule == "body.note.type"


@pytest.mark.parametrize("kind", ["KIND_ONE", "KIND_TWO", "KIND_THREE"])
def test_of_a_listed_value_that_was_aimed_at_the_rule_of_the_aim_is_named_the_plainest_included(kind: str) -> None:
    aim = Aim("body.kind.x-order", ("kind",), "")
    assert named({"kind": kind}, lambda b: b.get("kind") == kind, aim).rule == aim.rule


def test_a_value_where_any_may_stand_is_named_by_the_rule_about_the_type_of_its_map() -> None:
    catalogue = catalogued(
        {"type": "object", "properties": {"extras": {"type": "object", "additionalProperties": {}}}}, RESPONSE
    )
    attribution = Attribution(Oracle(catalogue.contract.request, "body", catalogue.body))
    sent = case({"extras": {"key": None}}, Aim("body.extras.*.type", ("extras", "key"), "any value: null"))
    found = attribution.refused_field(sent, sent.body, lambda body: None in body.get("extras", {}).values())
    assert found.rule == "body.extras.type"
    assert found.rule in catalogue.rules
    inside: Json = {"extras": {"key": {"a": {"b": "odd"}}}}
    found = attribution.refused_field(case(inside), inside, lambda body: "odd" in str(body))
    assert found.rule == "body.extras.type"


def test_a_value_that_is_refused_only_where_something_refers_to_it_is_not_the_cause() -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "uses": {"type": "array", "items": {"type": "string"}}},
        "x-refers": [{"names": ["/uses"], "to": ["/name"]}],
    }
    body: Json = {"name": "odd", "uses": ["odd"]}
    attribution = Attribution(Oracle(schema, "body"))
    assert attribution.refused_field(case(body), body, lambda each: bool(each.get("uses"))).rule.startswith("body.uses.")
    assert attribution.refused_field(case(body), body, lambda each: each.get("name") == "odd").rule == "body.name.type"


FILLED = {
    "type": "object",
    "properties": {"kind": {"type": "string", "enum": ["A", "B"]}, "note": {"type": "string"}},
    "required": ["kind"],
}


@pytest.mark.parametrize("around", [(), ("inner",), ("outer", "inner")])
def test_a_value_that_only_fills_is_not_accused_beside_one_that_was_chosen(around: tuple[str, ...]) -> None:
    schema: Json = FILLED
    for name in reversed(around):
        schema = {"type": "object", "properties": {name: schema}}
    holding = Oracle(schema, "body")
    node = holding.root.at((*around, "kind"))
    assert node is not None
    kind = simplest(node)
    body = with_value({}, around, {"kind": kind, "note": "odd"})
    found = Attribution(holding).refused_field(case(body), body, lambda each: at(each, around) == at(body, around))
    assert (found.rule, found.paths) == (".".join(("body", *around, "note", "type")), ((*around, "note"),))


def test_fields_that_are_refused_only_together_are_named_by_the_rule_about_both() -> None:
    found = named({"note": "odd", "rate": 0.5}, lambda b: {"note", "rate"} <= b.keys())
    assert found.rule == "body.note-fits-rate"
    assert {*found.paths} == {("note",), ("rate",)}


def test_other_fields_that_are_refused_together_are_named_by_one_of_them() -> None:
    found = named({"flag": True, "kind": "KIND_TWO"}, lambda b: {"flag", "kind"} <= b.keys())
    assert found.rule in ("body.flag.type", "body.kind.enum")
    assert {*found.paths} <= {("flag",), ("kind",)}


@pytest.mark.parametrize("aims", [(), (Aim("body.inner.a.x-odd", ("inner", "a"), ""), Aim("body.note.x-odd", ("note",), ""))])
@pytest.mark.parametrize("order", [1, -1])
def test_of_values_that_are_refused_together_the_deepest_is_named(aims: tuple[Aim, ...], order: int) -> None:
    body = dict([("note", "odd"), ("inner", {"a": 9})][::order])
    found = named(body, lambda b: b.get("note") == "odd" and b.get("inner", {}).get("a") == 9, *aims)
    assert found.rule == ("body.inner.a.x-odd" if aims else "body.inner.a.maximum")
    assert {*found.paths} == {("note",), ("inner", "a")}


@pytest.mark.parametrize(("name", "empty"), [("tags", {}), ("items", []), ("labels", {})])
def test_what_is_empty_is_not_accused_beside_the_cause(name: str, empty: Json) -> None:
    for body in ({name: empty, "note": "odd"}, {"note": "odd", name: empty}):
        assert named(body, lambda b: b.get("note") == "odd") == RefusedField("body.note.type", (("note",),))


SIZES = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 10, "maximum": 20}}}


@pytest.mark.parametrize(("size", "bound"), [(11, "minimum"), (14, "minimum"), (16, "maximum"), (19, "maximum")])
def test_of_two_bounds_the_nearer_one_is_named(size: int, bound: str) -> None:
    body: Json = {"size": size}
    found = Attribution(Oracle(SIZES, "body")).refused_field(case(body), body, lambda each: each.get("size") == size)
    assert found.rule == f"body.size.{bound}"


MIXED = {
    "type": "object",
    "properties": {
        "map": {
            "type": "object",
            "properties": {"own": {"type": "string"}},
            "additionalProperties": {"type": "string"},
        }
    },
}


@pytest.mark.parametrize(("key", "rule"), [("own", "body.map.own.type"), ("odd", "body.map.*.type")])
def test_a_member_that_is_described_is_no_key_of_its_map(key: str, rule: str) -> None:
    body: Json = {"map": {key: "x"}}
    found = Attribution(Oracle(MIXED, "body")).refused_field(case(body), body, lambda each: key in each.get("map", {}))
    assert (found.rule, found.paths) == (rule, (("map", key),))


@pytest.mark.parametrize("count", [2, 3, 6])
def test_members_of_a_map_that_are_refused_only_together_are_named_by_its_type(count: int) -> None:
    body: Json = {"tags": {f"key{index}": "x" for index in range(count)}, "note": "y"}
    assert named(body, lambda b: len(b.get("tags", {})) == count) == RefusedField("body.tags.type", (("tags",),))


@pytest.mark.parametrize("other", ["one", "two"])
def test_one_of_several_alternatives_that_is_refused_is_named_and_not_what_holds_them(other: str) -> None:
    body: Json = {"note": "x", "way": {other: {"any": [1]}}}
    assert named(body, lambda b: other in b.get("way", {})).rule == f"body.way.{other}.type"


TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
MAPS = {"type": "object", "properties": {"maps": {"type": "object", "additionalProperties": TEXTS}}}


@pytest.mark.parametrize("most", [2, 3])
def test_of_maps_inside_each_other_the_innermost_that_is_too_full_is_named(most: int) -> None:
    body: Json = {"maps": {"a": {"k": "x", "l": "x"}, "b": {"k": "x", "l": "x"}}}
    found = Attribution(Oracle(MAPS, "body")).refused_field(
        case(body), body, lambda each: sum(map(len, each.get("maps", {}).values())) > most
    )
    inner = most == 3  # of four, any three are accepted: then leaving out one member of the innermost is enough
    assert (found.rule, found.paths) == (("body.maps.*.type", (("maps", "a"),)) if inner else ("body.maps.type", (("maps",),)))
