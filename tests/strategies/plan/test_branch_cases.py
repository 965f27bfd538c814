"""Cases of one branch: only what bears on its own rules, under the ids of the whole, and confirmed by the whole oracle."""

from __future__ import annotations

from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Aim, Case, Side
from strategies.negative.violations import Violation
from strategies.plan.branch_cases import accepted, violated
from strategies.plan.plan import Plan
from tests.openapi.synthetic import catalogued
from tests.strategies.schemas import Object

OWN, WHOLE = "body.size.maximum", "body.oneOf:small.size.maximum"
NAMES = {OWN: WHOLE}
SCHEMA: Object = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 3}, "kind": {"type": "string"}}}


class Renaming(Oracle):
    """An oracle that reports the branch's rule under the id of the whole."""

    def violated(self, value: Json) -> dict[str, list[tuple[str | int, ...]]]:
        return {NAMES.get(rule, rule): paths for rule, paths in super().violated(value).items()}


WHOLE_ORACLE = Renaming(SCHEMA, "body")


def case(body: Json, *rules: str) -> Case:
    return Case(side=Side.ACCEPTS, label="a label", body=body, aims=tuple(Aim(rule, ("size",), "") for rule in rules))


def test_a_valid_body_keeps_the_aims_at_rules_of_the_branch_under_their_ids_in_the_whole() -> None:
    (found,) = accepted([case({"size": 3}, OWN, "body.kind.type")], NAMES, WHOLE_ORACLE)
    assert [aim.rule for aim in found.aims] == [WHOLE]
    assert (found.body, found.label) == ({"size": 3}, "a label, oneOf:small")


def test_a_body_without_such_an_aim_or_invalid_in_the_whole_is_left_out() -> None:
    assert list(accepted([case({"size": 3}, "body.kind.type"), case({"size": 4}, OWN), case({})], NAMES, WHOLE_ORACLE)) == []


def test_violations_of_the_branch_are_those_that_violate_nothing_else_of_the_whole() -> None:
    bodies: list[Json] = [{"size": 4}, {"size": 5, "kind": 7}, {"size": 3}]
    made = {
        OWN: [Violation(OWN, body, ("size",), f"number {index}") for index, body in enumerate(bodies)],
        "body.kind.type": [Violation("body.kind.type", {"kind": 7}, ("kind",), "a number")],
    }
    assert dict(violated(made, NAMES, WHOLE_ORACLE)) == {WHOLE: [Violation(WHOLE, {"size": 4}, ("size",), "number 0")]}


def test_a_rule_of_which_no_violation_is_left_has_none() -> None:
    made = {OWN: [Violation(OWN, {"size": 5, "kind": 7}, ("size",), "two at once")]}
    assert list(violated(made, NAMES, WHOLE_ORACLE)) == []


EITHER: Object = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": "small"}, "size": {"type": "integer", "maximum": 3}},
            "required": ["kind"],
        },
        {
            "type": "object",
            "properties": {"kind": {"const": "large"}, "size": {"type": "integer", "minimum": 9}},
            "required": ["kind"],
        },
    ]
}


def test_a_plan_tries_the_rules_of_each_branch_from_both_sides() -> None:
    of = Plan(catalogued(EITHER))
    rules = {each.id for branch in of.catalogue.branches for each in branch.rules}
    assert len(rules) == 4
    assert {aim.rule for case in of.accepts() for aim in case.aims} >= rules
    assert {case.rule for case in of.rejects()} >= rules
