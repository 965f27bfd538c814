"""Drawn bodies: valid or violated as they say, distinct, and the same for the same seed."""

from __future__ import annotations

import functools
import json

import pytest
from hypothesis import find, settings

from openapi.json_types import Json
from strategies.fuzzing.body_strategies import BATCH, PLANNED_BATCH, Bodies
from strategies.negative.violations import is_hazard
from strategies.plan.corpus import traits
from strategies.values.leniency import is_implementation_defined
from strategies.values.sampling import examples_against, take
from tests.plans import our_plan


@functools.cache
def bodies() -> Bodies:
    return Bodies(our_plan())


def test_valid_bodies_violate_no_rule() -> None:
    drawn = take(bodies().valid(), 150, seed=1)
    assert len(drawn) == 150
    assert all(bodies().plan.oracle.is_valid(body) for body in drawn)
    assert len({json.dumps(body, sort_keys=True) for body in drawn}) >= 148


def test_every_property_and_enum_member_is_met_soon() -> None:
    root = bodies().plan.oracle.root
    sendable = [node for node in root.walk() if node.place and not is_hazard(root, node)]
    wanted = {(node.path, "") for node in sendable if node.get("x-known-values") != []}
    members = ((node, member) for node in sendable for member in node.get("enum", ()) if isinstance(member, str))
    wanted |= {(node.path, member) for node, member in members if not is_implementation_defined(node, member)}
    met = {trait for body in take(bodies().valid(), 500, seed=3) for trait in traits(body, root)}
    assert wanted <= met


def test_invalid_bodies_violate_the_rule_they_name() -> None:
    drawn = [violation for batch in take(bodies().invalid_batches(), 20, seed=1) for violation in batch]
    assert all(violation.rule in bodies().plan.oracle.violated(violation.body) for violation in drawn)
    assert len({json.dumps(violation.body, sort_keys=True) for violation in drawn}) >= 0.98 * 20 * PLANNED_BATCH


def test_the_bodies_of_a_batch_are_valid_and_planned_apart() -> None:
    for batch in take(bodies().valid_batches(), 40, seed=1):
        assert all(map(bodies().plan.oracle.is_valid, batch))
        assert len({json.dumps(body, sort_keys=True) for body in batch}) == BATCH


def test_what_stands_together_is_judged_as_the_oracle_does(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[tuple[bool, bool]] = []
    is_valid = Bodies._is_valid

    def both(self: Bodies, body: Json) -> bool:
        judged.append((is_valid(self, body), self.plan.oracle.is_valid(body)))
        return judged[-1][0]

    monkeypatch.setattr(Bodies, "_is_valid", both)
    take(bodies().valid_batches(), 60, seed=5)
    assert {(True, True), (False, False)} == set(judged)


def test_the_same_seed_draws_the_same() -> None:
    assert take(bodies().valid(), 20, seed=7) == take(bodies().valid(), 20, seed=7)
    assert take(bodies().valid(), 20, seed=7) != take(bodies().valid(), 20, seed=8)


def test_a_failure_shrinks_to_the_field_that_matters() -> None:
    smallest = find(
        bodies().valid(), lambda body: "temperature" in body, settings=settings(max_examples=2000, database=None, deadline=None)
    )
    assert len(json.dumps(smallest)) < 200


def test_what_we_do_not_construct_hypothesis_jsonschema_does() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    found = examples_against(schema, {"properties": {"a": {"multipleOf": 3}}})
    assert found
    assert all(value["a"] % 3 for value in found)
