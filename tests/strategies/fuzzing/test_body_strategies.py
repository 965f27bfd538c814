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
from strategies.plan.plan import Plan
from strategies.values.leniency import is_implementation_defined
from strategies.values.sampling import examples_against, take
from tests.openapi.synthetic import catalogued
from tests.plans import our_plan
from tests.strategies.plan import small
from tests.strategies.schemas import Object, errors, fits


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


def small_bodies() -> Bodies:
    return Bodies(small.planned())


def test_every_field_without_members_is_drawn_once() -> None:
    paths = [node.path for node, _ in small_bodies().fields]
    assert sorted(paths) == sorted(["rate", "count", "kind", "wait", "items.*.key", "items.*.on", "tags.*", "free", "some"])


def test_what_must_not_be_sent_or_has_no_sure_value_is_never_drawn() -> None:
    fields: Object = {
        "plain": {"type": "string"},
        "costly": {"type": "string", "x-hazard": "it dials"},
        "holder": {"type": "object", "x-hazard": "it dials", "properties": {"in": {"type": "string"}}},
        "unknown": {"type": "string", "x-known-values": []},
    }
    own = Bodies(Plan(catalogued({"type": "object", "properties": fields})))
    assert [node.path for node, _ in own.fields] == ["plain"]
    assert {name for body in take(own.valid(), 40, seed=1) for name in body} == {"plain"}


@pytest.mark.parametrize("seed", [1, 2])
def test_bodies_of_a_small_schema_are_valid_by_another_validator(seed: int) -> None:
    drawn = [
        *take(small_bodies().valid(), 40, seed=seed),
        *(body for batch in take(small_bodies().valid_batches(), 10, seed=seed) for body in batch),
    ]
    # What is drawn is applied to a rich body, which is empty at first: the required member may not be there yet.
    assert all(fits(small.BODY, {"count": 1, **body}) for body in drawn)
    met = {name for body in drawn for name in body}
    assert met == small.BODY["properties"].keys()
    assert len({json.dumps(body) for body in drawn}) > len(drawn) / 2


def test_each_invalid_body_of_a_small_schema_has_one_error_at_its_path() -> None:
    for batch in take(small_bodies().invalid_batches(), 6, seed=3):
        assert len(batch) == PLANNED_BATCH
        for violation in batch:
            places = {path for path, _ in errors(small.BODY, violation.body)}
            assert len(places) == 1, violation
            assert violation.rule.endswith((".required", ".propertyNames")) or places == {violation.path}


def test_violations_stand_among_members_of_rich_bodies() -> None:
    found = [each for batch in take(small_bodies().invalid_batches(), 8, seed=3) for each in batch]
    alone = [each.body for same in small.planned().violations.values() for each in same]
    assert sum(each.body not in alone for each in found) > len(found) / 2
    assert max(len(each.body) for each in found if isinstance(each.body, dict)) > 4
