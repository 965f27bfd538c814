"""Lengthy bodies: valid, nearly as large as what a server may refuse, and aimed at one text."""

from __future__ import annotations

from openapi.schema.oracle import Oracle
from strategies.case import dumps
from strategies.coverage.special_bodies import lengthy, near_equal, nested, nested_most
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
    for cases in ([*nested_most(ORACLE), *nested(ORACLE, few=True)], list(nested(ORACLE, few=False))):
        assert {case.label.rpartition(" ")[2] for case in cases} == {"free", "text", "held.any"}
        for case in cases:
            depth = int(case.label.partition(" ")[0])
            content, place = case.content or b"", case.label.rpartition(" ")[2]
            assert b"dear" not in content
            around = len(place.split("."))
            assert content.count(b"{") == content.count(b"}") == depth + around


def test_the_first_free_place_is_tried_with_every_depth() -> None:
    first = list(nested_most(ORACLE))
    depths = [int(case.label.partition(" ")[0]) for case in first]
    assert depths == sorted(depths, reverse=True)
    assert len(set(depths)) == len(depths) == 6
    assert all(case.label.endswith(" free") for case in first)
    assert not [case for case in nested(ORACLE, few=True) if case.label.endswith(" free")]
    assert {case.label for case in first} < {case.label for case in nested(ORACLE, few=False)}


def test_nearly_equal_bodies_are_valid_and_no_two_are_equal() -> None:
    cases = list(near_equal(ORACLE, frozenset()))
    assert {name for case in cases for name in case.body} == {"text", "free"}
    assert len({case.content for case in cases}) == len(cases) == 9
    first = cases[0].body
    changed = [[name for name in first if dumps(case.body[name]) != dumps(first[name])] for case in cases[1:]]
    assert changed == [["text"]] * 4 + [["free"]] * 4
    assert all(fits(ORACLE.schema, case.body) for case in cases)


def test_nearly_equal_objects_differ_in_order_type_or_case_alone() -> None:
    cases = list(near_equal(ORACLE, frozenset()))
    first, others = cases[0].body["free"], [case.body["free"] for case in cases[5:]]
    assert {type(each["a"]) for each in others if "a" in each and each["b"] == first["b"]} == {bool, str}
    assert {str(int(each["a"])) for each in others if "a" in each} == {"1"}
    assert [each["b"] for each in others if each["b"] != first["b"]] == [first["b"][::-1]]
    assert [{name.lower(): value for name, value in each.items()} for each in others if "a" not in each] == [first]
