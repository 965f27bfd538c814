"""A response bears on the rules of the places that it has, and of the branches that it means."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult
from conformance.checks.met_rules import MetRules
from conformance.checks.tolerances import tolerances_of
from openapi.catalogue import Catalogue
from tests.conformance.checks.small import exchange, failing
from tests.openapi.synthetic import catalogued


def shape(kind: str, **members: Any) -> dict[str, Any]:
    """A branch that a constant distinguishes."""
    return {"type": "object", "required": ["kind", *members], "properties": {"kind": {"const": kind}, **members}}


SIZE = {"type": "integer", "maximum": 9}
SHAPES = {"type": "array", "items": {"oneOf": [shape("circle", size=SIZE), shape("square", side=SIZE)]}}
STEM = "response.shapes.*.oneOf"


def known() -> Catalogue:
    """The catalogue of a response with an array of branches."""
    return catalogued({}, {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "shapes": SHAPES}})


def about_shapes(response: Any) -> set[str]:
    """The rules that a response bears on, of those about shapes."""
    found = MetRules(known().response, known().rules.keys()).of(response)
    return {rule for rule, side in found if "shapes" in rule and side == "shape"}


@pytest.mark.parametrize(
    ("shapes", "rules"),
    [
        ([], []),
        ([{"kind": "circle", "size": 1}], [f"{STEM}:circle.size.{each}" for each in ("maximum", "required", "type")]),
        ([{"kind": "square"}], []),
        ([{"kind": "other", "size": 1}], []),
    ],
)
def test_only_the_branch_that_is_meant_counts(shapes: Any, rules: list[str]) -> None:
    whole = {"response.shapes.type"} | ({STEM} if shapes else set())
    assert about_shapes({"id": "a", "shapes": shapes}) == {*whole, *rules}


def judged(*shapes: Any) -> CheckResult:
    """The outcome of checking a response that shows these shapes."""
    found = CheckResult()
    checker = Checker(known(), tolerances_of(known().contract))
    checker.responses.check(exchange({"id": "a", "shapes": [*shapes]}), found, inherits=False)
    return found


def test_a_violation_inside_a_branch_is_reported_by_its_own_rule() -> None:
    found = judged({"kind": "circle", "size": 10}, {"kind": "square", "side": 3})
    assert failing(found) == {f"{STEM}:circle.size.maximum"}
    (finding,) = found.findings
    assert (finding.path, finding.actual) == (("shapes", 0, "size"), "/shapes/0/size is 10")
    held = {rule for rule, _ in found.held}
    assert {f"{STEM}:circle.size.type", f"{STEM}:square.side.maximum"} <= held
    assert f"{STEM}:circle.size.maximum" not in held


def test_what_means_no_branch_violates_the_choice() -> None:
    assert failing(judged({"kind": "line"})) == {STEM}
