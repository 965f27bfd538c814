"""The rules of branches of bodies and responses: each keyword inside a branch has one, under an id that names the branch."""

from __future__ import annotations

from typing import Any

from openapi.catalogue import Catalogue, catalogue_of
from openapi.rules import Area
from tests.openapi.synthetic import description, loaded


def catalogue(branches: list[Any], **beside: Any) -> Catalogue:
    """The catalogue of a body that is one of several branches."""
    return catalogue_of(loaded(description({"oneOf": branches, **beside})))


def shape(kind: str, **members: Any) -> dict[str, Any]:
    """A branch that a constant distinguishes."""
    return {"type": "object", "required": ["kind", *members], "properties": {"kind": {"const": kind}, **members}}


def test_each_keyword_of_a_branch_has_a_rule_that_names_the_branch() -> None:
    found = catalogue([shape("circle", radius={"type": "number", "maximum": 9}), shape("square", side={"type": "integer"})])
    assert {rule for rule in found.rules if ":" in rule} == {
        "body.oneOf:circle.radius.required",
        "body.oneOf:circle.radius.type",
        "body.oneOf:circle.radius.maximum",
        "body.oneOf:square.side.required",
        "body.oneOf:square.side.type",
    }
    rule = found.rules["body.oneOf:circle.radius.maximum"]
    assert rule.requirement == "Where the body is circle: radius MUST be at most 9."
    assert (rule.keyword, rule.value) == ("maximum", 9)


def test_a_rule_that_holds_in_every_branch_stands_once() -> None:
    found = catalogue([shape("a", x={"type": "string"}), shape("b")], properties={"name": {"type": "string"}})
    assert [rule for rule in found.rules if rule.endswith("name.type")] == ["body.name.type"]


def test_too_many_branches_are_noted() -> None:
    known = catalogue([shape(f"k{number:02}", x={"type": "string"}) for number in range(24)])
    assert not [note for note in known.notes if "too many branches" in note]
    found = catalogue([shape(f"k{number:02}", x={"type": "string"}) for number in range(25)])
    assert [note for note in found.notes if "too many branches" in note] == [
        "the body: oneOf:k24 has no rules: there are too many branches"
    ]
    assert "body.oneOf:k23.x.type" in found.rules
    assert "body.oneOf:k24.x.type" not in found.rules


def test_branches_of_responses_have_rules_too() -> None:
    shapes = {"oneOf": [shape("circle", radius={"type": "number", "maximum": 9}), shape("square")]}
    found = catalogue_of(loaded(description({}, {"type": "object", "properties": {"shape": shapes}})))
    assert [rule for rule in found.rules if ":" in rule] == [
        "response.shape.oneOf:circle.radius.required",
        "response.shape.oneOf:circle.radius.type",
        "response.shape.oneOf:circle.radius.maximum",
    ]
    rule = found.rules["response.shape.oneOf:circle.radius.maximum"]
    assert rule.requirement == "Where shape is circle: shape.radius of the response MUST be at most 9."
    assert (rule.area, rule.value) == (Area.SHAPE, 9)
    assert found.branches == ()
