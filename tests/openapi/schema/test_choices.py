"""Choices: objects of whose members exactly one is set, however a description says so."""

from __future__ import annotations

import pytest

from openapi.schema.choices import alternatives
from openapi.schema.nodes import tree
from tests.strategies.schemas import Object

MEMBERS: Object = {"one": {"type": "string"}, "two": {"type": "string"}, "dial": {"type": "string", "x-hazard": "it dials"}}
BRANCHES = [{"required": ["one"]}, {"required": ["two"]}, {"required": ["dial"]}]


@pytest.mark.parametrize("stated", [{"maxProperties": 1}, {"oneOf": BRANCHES}])
def test_the_alternatives_of_a_choice_are_those_without_a_hazard(stated: Object) -> None:
    assert alternatives(tree({"type": "object", "properties": MEMBERS, **stated})) == ["one", "two"]


@pytest.mark.parametrize("stated", [{}, {"maxProperties": 2}, {"oneOf": [{"required": ["one", "two"]}, {"required": ["two"]}]}])
def test_other_objects_are_no_choice(stated: Object) -> None:
    assert alternatives(tree({"type": "object", "properties": MEMBERS, **stated})) == []
