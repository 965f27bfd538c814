"""Bodies in which every member is invalid at once: no two equal, and nothing in them but documented violations."""

from __future__ import annotations

from itertools import combinations

from strategies.case import Side, dumps
from strategies.plan.all_invalid import ALL_INVALID, all_invalid, all_null, all_undocumented, nulls_by_type
from strategies.plan.budget import EVERY
from strategies.plan.plan import Plan
from tests.openapi.synthetic import catalogued
from tests.strategies.plan.small import BODY, planned
from tests.strategies.schemas import Object, errors, fits


def watched(schema: Object, name: str, rule: Object) -> Object:
    """Return a schema with a rule that nobody documents."""
    return {**schema, "allOf": [{"x-rule": name, "x-rules": {name: {"basis": "undocumented"}}, **rule}]}


def test_every_member_of_a_body_is_invalid_at_once() -> None:
    found = [*all_invalid(planned())]
    assert {case.rule for case in found} == {ALL_INVALID}
    assert len({dumps(case.body) for case in found}) == len(found) == 6
    for case in found:
        invalid = {path[0] for path, _ in errors(BODY, case.body) if path}
        assert invalid >= {"rate", "kind", "wait"}


def test_each_value_is_one_that_a_negative_case_has_alone() -> None:
    alone = {
        (name, dumps(body[name]))
        for same in planned().violations.values()
        for body in (each.body for each in same)
        if isinstance(body, dict)
        for name in body
    }
    for case in all_invalid(planned()):
        assert {(name, dumps(value)) for name, value in case.body.items()} <= alone


def test_nothing_but_a_server_error_is_judged_of_it() -> None:
    for case in all_invalid(planned()):
        assert (case.side, case.aims) == (Side.PROBE, ())
        assert case.rules() == [ALL_INVALID]


def test_from_body_to_body_the_members_change_against_each_other() -> None:
    bodies = [case.body for case in all_invalid(planned())]
    assert {frozenset(body) for body in bodies} == {frozenset(bodies[0])}
    changing = [name for name in bodies[0] if len({dumps(body[name]) for body in bodies}) > 2]
    assert len(changing) > len(bodies[0]) / 2
    rows = {tuple(dumps(body[name]) for body in bodies) for name in changing}
    assert len(rows) == len(changing)


def test_rules_of_different_members_are_violated_together_in_many_ways() -> None:
    rate: Object = {"type": "number", "minimum": 0, "maximum": 1}
    schema: Object = {"type": "object", "properties": dict.fromkeys(("a", "b", "c", "d"), rate)}
    bodies = [case.body for case in all_invalid(Plan(catalogued(schema)))]
    pairs = [{(_kind(body[one]), _kind(body[other])) for body in bodies} for one, other in combinations("abcd", 2)]
    # Six bodies hold six of nine pairs at best; in a fixed order the same three would meet again.
    assert sum(map(len, pairs)) / len(pairs) > 5


def _kind(value: object) -> str:
    return "another type" if not isinstance(value, (int, float)) else "low" if value < 0 else "high"


def test_a_member_that_no_documented_rule_is_about_is_not_in_it() -> None:
    schema: Object = {"type": "object", "properties": {"free": {}, "size": {"type": "integer", "maximum": 3}}}
    found = [case.body for case in all_invalid(Plan(catalogued(schema)))]
    assert found
    assert {frozenset(body) for body in found} == {frozenset({"size"})}
    assert not any(fits(schema, body) for body in found)


def test_a_body_of_which_nothing_is_documented_has_none() -> None:
    assert list(all_invalid(Plan(catalogued({"type": "object"})))) == []
    assert BODY["properties"]


def test_what_nobody_documents_is_violated_at_once_where_it_goes_together() -> None:
    """A profile with a budget for such rules violates each alone."""
    item: Object = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "ref": {"type": "string"}}}
    rows: Object = {"type": "array", "x-unique-by": ["/id"], "items": watched(item, "named", {"required": ["ref"]})}
    part = watched({"type": "object", "properties": {"a": {"type": "integer"}}}, "whole", {"required": ["a"]})
    catalogue = catalogued({"type": "object", "properties": {"rows": rows, "part": part}})
    (found,) = all_undocumented(Plan(catalogue))
    assert (found.side, found.rules()) == (Side.PROBE, [ALL_INVALID])
    assert set(Plan(catalogue).oracle.violated(found.body)) == {"body.rows.*.named", "body.part.whole"}
    assert list(all_undocumented(Plan(catalogue, EVERY))) == []
    assert list(all_undocumented(planned())) == []


def test_every_member_is_null_at_once_but_for_those_that_are_never_sent() -> None:
    schema: Object = {"type": "object", "properties": {"size": {"type": "integer"}, "dial": {"x-hazard": "dials"}}}
    (found,) = all_null(Plan(catalogued(schema)))
    assert (found.body, found.rules(), found.side) == ({"size": None}, [ALL_INVALID], Side.PROBE)
    assert list(all_null(Plan(catalogued({"type": "object"})))) == []


def test_members_that_may_be_missing_and_not_be_null_are_null_by_type_then_alone() -> None:
    properties: Object = {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "note": {"type": ["string", "null"]},
        "dial": {"type": "string", "x-hazard": "dials"},
        "part": {"type": "integer"},
        "text": {"type": "string"},
    }
    schema: Object = {"type": "object", "required": ["name"], "properties": properties}
    groups = list(nulls_by_type(Plan(catalogued(schema))))
    assert [[case.label for case in group] for group in groups] == [
        ["every integer null", "size null", "part null"],
        ["text null"],
    ]
    together, size, _part = groups[0]
    assert together.body == {"name": size.body["name"], "size": None, "part": None}
    assert size.body == {"name": size.body["name"], "size": None}
    assert isinstance(size.body["name"], str)
    assert (together.offending_path, size.offending_path) == (None, ("size",))
