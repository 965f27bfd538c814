"""Lengthy bodies: valid, nearly as large as what a server may refuse, and aimed at one text."""

from __future__ import annotations

from openapi.schema.oracle import Oracle
from strategies.case import dumps
from strategies.coverage.special_bodies import lengthy, near_equal, nested
from tests.conformance.sessions import plan
from tests.strategies.schemas import Object, fits


def test_the_first_texts_and_objects_are_long_two_in_a_body() -> None:
    cases = list(lengthy(plan().oracle, frozenset()))
    strings, objects = ["systemPrompt", "timeExceededMessage"], ["experimentalSettings", "initialState"]
    assert [list(case.body) for case in cases] == [strings, objects]
    assert all(plan().oracle.is_valid(case.body) for case in cases)
    assert all(48_000 < len(case.content or b"") < 60_000 for case in cases)
    assert [aim.rule for case in cases for aim in case.aims] == [f"body.{name}.type" for name in (*strings, *objects)]


def test_what_may_be_refused_where_it_is_lacking_is_left_out() -> None:
    names = [name for case in lengthy(plan().oracle, frozenset({"systemPrompt"})) for name in case.body]
    assert "systemPrompt" not in names
    assert "timeExceededMessage" in names


FIELDS: Object = {
    "free": {"type": "object"},
    "text": {"type": "string"},
    "dear": {"type": "object", "x-hazard": "it dials"},
    "held": {"type": "object", "properties": {"any": {}}},
}
ORACLE = Oracle({"type": "object", "properties": FIELDS}, "body")


def test_deep_nesting_stands_in_each_free_place_and_never_where_it_must_not_be_sent() -> None:
    for few in (True, False):
        cases = list(nested(ORACLE, few=few))
        assert {case.label.rpartition(" ")[2] for case in cases} == {"free", "text", "held.any"}
        for case in cases:
            depth = int(case.label.partition(" ")[0])
            content, place = case.content or b"", case.label.rpartition(" ")[2]
            assert b"dear" not in content
            around = len(place.split("."))
            assert content.count(b"{") == content.count(b"}") == depth + around


def test_the_first_free_place_is_tried_with_every_depth() -> None:
    depths = [case.label.partition(" ")[0] for case in nested(ORACLE, few=True) if case.label.endswith(" free")]
    assert len(set(depths)) == len(depths) == 6
    assert len(list(nested(ORACLE, few=False))) > len(list(nested(ORACLE, few=True)))


def test_nearly_equal_bodies_are_valid_and_no_two_are_equal() -> None:
    cases = list(near_equal(ORACLE, frozenset()))
    assert {name for case in cases for name in case.body} == {"text", "free"}
    assert len({case.content for case in cases}) == len(cases) == 11
    first = cases[0].body
    changed = [[name for name in first if dumps(case.body[name]) != dumps(first[name])] for case in cases[1:]]
    assert changed == [["text"]] * 5 + [["free"]] * 5
    assert all(fits(ORACLE.schema, case.body) for case in cases)


def test_nearly_equal_objects_differ_in_order_type_or_case_alone() -> None:
    found = [case.body["free"] for case in near_equal(ORACLE, frozenset())][5:]
    lists = [value["a"] for value in found if isinstance(value.get("a"), list)]
    assert len(lists) == 2
    assert lists[0] == lists[1][::-1] != lists[1]
    leaves = [value["a"] for value in found if not isinstance(value.get("a", []), list)]
    assert {str(int(leaf)) for leaf in leaves} == {"1"}
    assert {type(leaf) for leaf in leaves} == {int, bool, str}
    assert {name.lower() for value in found for name in value} == {"a"}
