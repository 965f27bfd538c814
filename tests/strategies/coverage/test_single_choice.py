"""Cases of one choice each: every member of a choice, alone, in the smallest body that it needs."""

from __future__ import annotations

from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.case import Side
from strategies.coverage.packing import packer
from strategies.coverage.single_choice import each_alone, joined, premises, together, without_need
from strategies.values.leniency import is_certain
from tests.strategies.schemas import Object, ours

CHOICES: Object = {
    "kind": {"type": "string", "enum": ["ONE", "TWO", "THREE"], "x-implementation-defined": {"const": "THREE"}},
    "either": {"type": "object", "properties": {"a": {"type": "object"}, "b": {"type": "object"}}, "maxProperties": 1},
    "flag": {"type": "boolean"},
    "inner": {"type": "object", "properties": {"deep": {"type": "string", "enum": ["X", "Y"]}}},
    "dear": {"type": "string", "enum": ["CALL"], "x-hazard": "it dials"},
    "needing": {"type": "string", "x-needs": "a plan"},
}
ORACLE = Oracle({"type": "object", "properties": CHOICES}, "body")


def needs(what: str) -> Object:
    """Return the schema of a string that needs something."""
    return {"type": "string", "x-needs": what}


def bodies(*, few: bool) -> list[object]:
    return [case.body for case in each_alone(ORACLE, packer(ORACLE.root, "body", few=few))]


def test_where_requests_are_scarce_the_choices_of_the_body_are_alone() -> None:
    assert bodies(few=True) == [{"kind": "ONE"}, {"kind": "TWO"}, {"either": {"a": {}}}, {"either": {"b": {}}}]


def test_where_they_are_not_nested_choices_and_booleans_are_too() -> None:
    found = bodies(few=False)
    more: list[object] = [{"flag": True}, {"flag": False}, {"inner": {"deep": "X"}}, {"inner": {"deep": "Y"}}]
    assert all(each in found for each in [*bodies(few=True), *more])
    assert len(found) == 8, found


def test_each_aims_at_the_choice_and_is_valid() -> None:
    for few in (True, False):
        for case in each_alone(ours(), packer(ours().root, "body", few=few)):
            assert ours().is_valid(case.body)
            assert is_certain(ours().root, case.body)
            (aim,) = case.aims
            assert at({"": case.body}, ("", *aim.path)) is not None
            assert case.side is Side.ACCEPTS


def test_each_member_of_an_object_that_needs_something_is_tried_alone_unless_one_is_required() -> None:
    def bodies(*required: str) -> list[object]:
        time: Object = {"type": "string", "pattern": "^[0-9]s$"}
        members: Object = {"from": time, "to": time, "call": {**time, "x-hazard": "it dials"}}
        span: Object = {"type": "object", "properties": members, "required": list(required), "x-needs": "a clock"}
        root = Oracle({"type": "object", "properties": {"span": span}}, "body")
        ((_, cases),) = premises(root, packer(root.root, "body"))
        return [sorted(case.body["span"]) for case in cases]

    assert bodies()[-2:] == [["from"], ["to"]]
    assert ["to"] not in bodies("from")


def test_a_field_that_needs_something_is_set_in_a_few_small_bodies() -> None:
    ((node, cases),) = premises(ORACLE, packer(ORACLE.root, "body"))
    assert node.path == "needing"
    assert 2 <= len(cases) <= 3
    assert all(case.body.keys() == {"needing"} and case.body["needing"] for case in cases)
    sizes = [len(case.body["needing"]) for case in cases]
    assert sizes[:2] == sorted(sizes[:2])


def test_needs_are_grouped_by_bodies_that_go_together() -> None:
    choice: Object = {"type": "object", "maxProperties": 1, "properties": {"a": needs("an a"), "b": needs("a b")}}
    schema: Object = {"type": "object", "properties": {"voice": choice, "extra": needs("extras"), "more": needs("more")}}
    oracle = Oracle(schema, "body")
    groups = together(oracle, list(premises(oracle, packer(oracle.root, "body"))))
    assert [[node.path for node, _ in group] for group in groups] == [["voice.a", "extra", "more"], ["voice.b"]]
    for group in groups:
        case = joined(group)
        assert oracle.is_valid(case.body)
        assert {aim.path for aim in case.aims} == {cases[0].aims[0].path for _, cases in group}
        assert all(at(case.body, aim.path) is not None for aim in case.aims)


def test_what_lacks_its_need_may_be_refused() -> None:
    assert list(without_need(ORACLE, packer(ORACLE.root, "body"))) == []
    cases = list(without_need(ORACLE, packer(ORACLE.root, "body", lacking=frozenset({"needing"}))))
    assert cases
    assert {case.side for case in cases} == {Side.MAY}
    assert all(case.body.keys() == {"needing"} for case in cases)
    assert all(at(case.body, aim.path) is not None for case in cases for aim in case.aims)
