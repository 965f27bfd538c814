"""The plan reaches everything that the description names, and every case is what it says."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from openapi.catalogue import Catalogue
from openapi.rules import Basis
from openapi.schema.nodes import Node
from openapi.schema.paths import at
from strategies.case import Side
from strategies.negative.violations import is_hazard
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan
from tests.strategies.plan.plans import plan_of

VERSIONS = pytest.mark.parametrize("version", ["ours", pytest.param("september", marks=pytest.mark.slow)])


@VERSIONS
def test_bodies_that_must_or_may_be_accepted_violate_no_rule(version: str) -> None:
    plan = plan_of(version)
    for case in (*plan.accepts(), *plan.combinations(20), *plan.may()):
        assert plan.oracle.violated(case.body) == {}, case.id


@VERSIONS
def test_every_rule_of_the_body_is_tried_from_the_rejecting_side(version: str) -> None:
    plan = plan_of(version)
    shut = {node.path for node in plan.oracle.root.walk() if is_hazard(plan.oracle.root, node)}
    known = [rule.id for rule in plan.catalogue.rules.values() if rule.basis is not Basis.UNDOCUMENTED]
    rules = {rule for rule in known if rule.startswith("body.") and not rule.endswith((".echo", ".default"))}
    tried = {case.rule for case in plan.rejects()}
    missed = {rule for rule in rules - tried if rule.removeprefix("body.").rpartition(".")[0] not in shut}
    assert missed == set()


def test_a_body_that_is_to_be_refused_violates_its_rule_alone() -> None:
    plan = plan_of(few=False)
    for case in (*plan.rejects(), *plan.in_context()):
        violated = plan.oracle.violated(case.body)
        place = case.rule.rsplit(".", 1)[0]
        assert case.rule in violated, case.id
        assert all(rule.rsplit(".", 1)[0] == place for rule in violated), case.id


def test_a_validator_that_knows_nothing_of_rules_refuses_the_same_bodies() -> None:
    """Only what JSON Schema cannot say escapes a plain validator."""
    plan = plan_of(few=False)
    plain = jsonschema_rs.Draft202012Validator(dict(plan.catalogue.contract.request), validate_formats=True)
    own = ("x-unique-by", "x-covers", "x-refers", "x-distinct", "format")
    for case in plan.rejects():
        if not case.rule.endswith(own):
            assert not plain.is_valid(case.body), case.id
    for case in plan.accepts():
        assert plain.is_valid(case.body), case.id


def places_of(value: Any, node: Node | None, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = {path}
    if isinstance(value, dict):
        for name, member in value.items():
            child = node.properties.get(name) or node.each if node else None
            found |= places_of(member, child, (*path, name if node and name in node.properties else "*"))
    elif isinstance(value, list):
        for element in value:
            found |= places_of(element, node.each if node else None, (*path, "*"))
    return found


def test_the_packs_reach_every_field_and_every_enum_member() -> None:
    plan = plan_of()
    cases = [*plan.accepts(), *plan.may()]
    reached = set().union(*(places_of(case.body, plan.oracle.root) for case in cases))
    nodes = list(plan.oracle.root.walk())
    assert {node.place for node in nodes} - reached == set()
    aims = {(aim.rule, aim.label) for case in cases for aim in case.aims}
    for node in nodes:
        for member in node.get("enum", ()):
            assert (f"body.{node.path}.enum", f"member {member}") in aims


def test_every_bound_is_met_exactly() -> None:
    plan = plan_of()
    aims = {aim.rule for case in plan.accepts() for aim in case.aims}
    bounds = {rule for rule in plan.catalogue.rules if rule.startswith("body.") and rule.endswith((".minimum", ".maximum"))}
    assert bounds
    assert bounds <= aims


def test_what_nobody_documents_is_violated_only_where_requests_are_not_scarce() -> None:
    watched = {rule.id for rule in plan_of().catalogue.rules.values() if rule.basis is Basis.UNDOCUMENTED}
    assert not watched & {case.rule for case in plan_of().rejects()}
    assert {"body.selectedTools.*.x-refers"} <= watched & {case.rule for case in plan_of(few=False).rejects()}


def test_no_pack_is_too_large_for_a_server_that_takes_100_kilobytes() -> None:
    """Express does, for one: a pack that is refused for its size has to be bisected, and each half creates a call."""
    assert max(len(case.content or b"") for case in (*plan_of().accepts(), *plan_of().pairs())) < 100_000


def test_packs_are_few() -> None:
    """Acceptances share bodies: there are far fewer packs than values that they carry."""
    packs = list(plan_of().accepts())
    assert len(packs) * 10 < sum(len(case.aims) for case in packs)


def test_every_mutator_gives_a_body_that_says_what_it_is() -> None:
    plan = plan_of()
    cases = list(mutated(plan, 1))
    assert {case.rule for case in cases} == {
        rule
        for rule in plan.catalogue.rules
        if rule.startswith("observed.") and "mutators" in plan.catalogue.rules[rule].source
    }
    assert all(case.side is Side.PROBE and case.raw for case in cases)


def test_what_may_dial_a_phone_is_never_sent() -> None:
    plan = plan_of("september")
    hazards = [node for node in plan.oracle.root.walk() if node.get("x-hazard")]
    assert hazards
    cases = [*plan.accepts(), *plan.combinations(20), *plan.may(), *plan.rejects(), *plan.in_context(), *mutated(plan, 3)]
    for case in cases:
        for node in hazards:
            assert f'"{node.place[-1]}"'.encode() not in (case.content or b""), case.id


def test_rules_that_are_only_implied_are_satisfied_by_what_must_be_accepted() -> None:
    catalogue: Catalogue = plan_of().catalogue
    implied = [rule for rule in catalogue.rules.values() if rule.basis is Basis.IMPLIED and rule.id.startswith("body.")]
    assert implied


def test_a_implementation_defined_body_holds_every_value_that_it_aims_at() -> None:
    for case in plan_of().may():
        paths = [aim.path for aim in case.aims]
        assert len(set(paths)) == len(paths), case.id
        assert all(path[-1] in at(case.body, path[:-1]) or at(case.body, path) is not None for path in paths), case.id


def test_every_list_is_looked_at_beyond_its_first_element() -> None:
    plan = plan_of()
    lists = {node.path for node in plan.oracle.root.walk() if node.is_array and node.each is not None}
    offending_fields = [case.offending_path or () for case in plan.deep_in_lists()]
    beyond = (
        path[:depth] for path in offending_fields for depth, step in enumerate(path) if isinstance(step, int) and step > 0
    )
    reached = set(map(plan.oracle.place, beyond))
    assert lists <= reached
    assert all(case.rule in plan.oracle.violated(case.body) for case in plan.deep_in_lists())


def test_every_map_is_looked_at_beyond_its_first_member() -> None:
    plan = plan_of()
    invalid = [case for case in plan.deep_in_lists() if case.offending_path and "key0000" in str(case.body)]
    places = {
        plan.oracle.place(path)
        for case in invalid
        for path in above(case.offending_path or ())
        if beyond_first(case.body, path)
    }
    assert any(place.endswith("options.*.requirements") for place in places)


def above(path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    return [path[:depth] for depth in range(1, len(path) + 1)]


def beyond_first(body: Any, path: tuple[str | int, ...]) -> bool:
    holder = at(body, path)
    return isinstance(holder, dict) and next(iter(holder), "") == "key0000" and len(holder) > 2


def test_bodies_to_be_refused_are_made_as_they_are_asked_for() -> None:
    plan = Plan(plan_of().catalogue)
    rejections = plan.rejects()
    first = next(rejections)
    assert "violations" not in vars(plan), "all are made before the first can be sent"
    assert [first, *rejections] == list(plan_of().rejects())
    assert list(vars(plan)["violations"].items()) == list(plan_of().violations.items())
