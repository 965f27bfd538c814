"""Strategies by rule: what they draw is what they promise, for rules of every keyword, by the oracle's word."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import find, settings

from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from openapi.schema.paths import paths_in
from strategies.fuzzing.rule_strategies import NoSuchBodies, RuleStrategies
from strategies.negative.violations import violates_only
from strategies.values.sampling import take
from tests.openapi.synthetic import catalogued
from tests.plans import our_catalogue, our_plan

KINDS = ("valid", "violating", "near_misses")


@functools.cache
def strategies() -> RuleStrategies:
    return RuleStrategies(our_catalogue())


def oracle() -> Oracle:
    return our_plan().oracle


def drawn(kind: str, rule: str) -> list[Json]:
    """Some bodies of a rule; none where it has none of the kind."""
    try:
        return list(take(getattr(strategies(), kind)(rule), 3))
    except NoSuchBodies:
        return []


def one_per_keyword() -> Iterator[str]:
    """The shortest id of each keyword: its strategies are made soonest."""
    found: dict[str, str] = {}
    for rule in sorted(our_catalogue().rules, key=len):
        if rule.startswith("body.") and rule.count(".") > 1:
            found.setdefault(rule.rpartition(".")[2], rule)
    yield from found.values()


@pytest.mark.parametrize(("kind", "least"), [("valid", 18), ("violating", 18), ("near_misses", 8)])
def test_bodies_are_what_they_are_called(kind: str, least: int) -> None:
    """The keyword of a rule decides how its bodies are made, so one rule stands for each."""
    found = {rule: bodies for rule in one_per_keyword() if (bodies := drawn(kind, rule))}
    assert len(found) >= least
    for rule, bodies in found.items():
        is_as_promised = partial(violates_only, identity=rule) if kind == "violating" else Oracle.is_valid
        assert [body for body in bodies if not is_as_promised(oracle(), body)] == [], rule


def test_a_valid_body_has_the_member_that_the_rule_is_about() -> None:
    for body in take(strategies().valid("body.vadSettings.turnEndpointDelay.type"), 8):
        assert ("vadSettings", "turnEndpointDelay") in list(paths_in(body))


@pytest.mark.parametrize(("keyword", "value"), [("minimum", 2), ("maximum", 9)])
def test_the_simplest_valid_body_has_the_value_that_its_rule_is_about(keyword: str, value: int) -> None:
    schema = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 2, "maximum": 9}}}
    valid = RuleStrategies(catalogued(schema)).valid(f"body.size.{keyword}")
    assert find(valid, lambda _body: True, settings=settings(database=None)) == {"size": value}


def test_valid_bodies_hold_more_values_than_are_planned() -> None:
    schema = {"type": "object", "properties": {"size": {"type": "integer", "minimum": 0, "maximum": 1_000_000}}}
    found = {body["size"] for body in take(RuleStrategies(catalogued(schema)).valid("body.size.type"), 60)}
    assert {0, 1_000_000} & found
    assert any(size % 10 for size in found - {255, 65_536, 1})


def test_valid_bodies_of_a_required_member_have_it_and_violating_ones_have_not() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}}, "required": ["a"]}
    own = RuleStrategies(catalogued(schema))
    assert all("a" in body for body in take(own.valid("body.a.required"), 5))
    assert not any("a" in body for body in take(own.violating("body.a.required"), 5))


def test_near_misses_are_at_the_bound_itself() -> None:
    assert {body["temperature"] for body in take(strategies().near_misses("body.temperature.maximum"), 4)} == {1}


def test_near_misses_of_a_rule_between_members_are_valid_but_for_one_value() -> None:
    rules = [rule for rule in our_catalogue().rules if rule.startswith("body.") and "-" in rule.rpartition(".")[2]]
    found = [bodies for rule in rules if (bodies := drawn("near_misses", rule))]
    assert found
    assert all(oracle().is_valid(body) for bodies in found for body in bodies)


@pytest.mark.parametrize(
    ("rule", "why"), [("body.nothing.type", "no such rule"), ("auth.missing", "no such rule|not about the body")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_without_bodies_is_named(kind: str, rule: str, why: str) -> None:
    with pytest.raises(NoSuchBodies, match=f"{rule}: .*({why})"):
        getattr(strategies(), kind)(rule)


def test_rules_of_one_branch_are_violated_too() -> None:
    branch = next((each for each in our_catalogue().branches), None)
    for rule in [] if branch is None else [each.id for each in branch.rules][:1]:
        assert not any(map(oracle().is_valid, take(strategies().violating(rule), 2)))
