"""Faults by construction: complete, at one place each, and none for what the suite only records."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

import pytest

from emulator.faults.generated import Mutants, mutants_of
from emulator.faults.generated.fragments import weakened
from emulator.faults.generated.patterns import near_miss
from emulator.faults.generated.places import Spot, changed, node_at, spots
from openapi.catalogue import Catalogue, catalogue_of
from openapi.json_types import Json
from openapi.rules import Basis, Rule
from openapi.schema.nodes import Node, tree
from tests.emulator.client import Client, contract
from tests.emulator.planted import FAULTS


@cache
def mutants() -> Mutants:
    """The mutants of our own contract."""
    return mutants_of(contract())


@cache
def catalogue() -> Catalogue:
    """The rules of our own contract."""
    return catalogue_of(contract())


def _is_meant(rule: Rule) -> bool:
    return rule.basis is Basis.DOCUMENTED and not rule.id.startswith(("observed.", "schemathesis."))


def test_every_documented_rule_has_a_fault_or_a_reason_for_having_none() -> None:
    globs = {glob for fault in (*mutants().faults.values(), *FAULTS.values()) for glob in fault.expects[:1]}
    reasons = {name.rpartition(":")[0] for name in mutants().equivalent}
    for rule in filter(_is_meant, catalogue().rules.values()):
        reported = rule.id in reasons or any(fnmatchcase(rule.id, glob) for glob in globs)
        hazard = _is_below_a_hazard(rule.id)
        assert reported or hazard, f"no fault breaks {rule.id}"


def _is_below_a_hazard(rule: str) -> bool:
    node: Node | None = catalogue().body
    for step in rule.split(".")[1:-1]:
        node = node and (node.properties.get(step) or node.each)
        if node is not None and node.get("x-hazard"):
            return True
    return False


def test_every_mutant_expects_a_rule_that_exists() -> None:
    for fault in mutants().faults.values():
        assert any(fnmatchcase(rule, fault.expects[0]) for rule in catalogue().rules) or fault.name.endswith(
            (":needed", ":refused")
        ), fault.name


def test_no_mutant_breaks_what_is_not_documented() -> None:
    for rule in catalogue().rules.values():
        if rule.basis is not Basis.DOCUMENTED:
            assert not any(name.startswith(f"{rule.id}:") for name in mutants().faults), rule.id


def test_names_of_faults_and_mutants_do_not_meet() -> None:
    assert not mutants().faults.keys() & FAULTS.keys()
    assert not mutants().faults.keys() & mutants().equivalent.keys()


@pytest.mark.parametrize("index", range(0, 1200, 60))
def test_a_mutant_of_the_request_differs_at_its_own_place_alone(index: int) -> None:
    faults = [
        each
        for each in mutants().faults.values()
        if each.contract and each.name.startswith("body.") and each.family in ("enum", "pattern", "minimum", "maximum")
    ]
    fault = faults[index % len(faults)]
    assert fault.contract is not None
    place, _, keyword = fault.name.rpartition(":")[0].removeprefix("body.").rpartition(".")
    before, after = _stated(contract().request), _stated(fault.contract(contract()).request)
    assert {where for where in before.keys() | after.keys() if before.get(where) != after.get(where)} == {place}, keyword


def _stated(schema: Json) -> dict[str, list[tuple[str, str]]]:
    """Every keyword at every place."""
    return {
        node.path: sorted((each.keyword, repr(each.value)) for each in node.constraints if not each.keyword.startswith("x-"))
        for node in tree(schema).walk()
    }


def test_changing_a_place_leaves_the_schema_that_was_given() -> None:
    request = contract().request
    copy = repr(request)
    spot = spots(request, ("temperature",), "maximum")[0]
    edited = changed(request, spot, lambda schema: {**schema, "maximum": 7})
    node = node_at(tree(edited), ("temperature",))
    assert node is not None
    assert node.get("maximum") == 7
    assert repr(request) == copy


def test_a_spot_that_is_nowhere_changes_nothing() -> None:
    edited = changed(contract().request, Spot(("temperature",), "/nowhere"), lambda _schema: {})
    assert _stated(edited) == _stated(contract().request)


@pytest.mark.parametrize("pattern", ["^[a-zA-Z0-9_-]{1,64}$", r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$", "^a+b*$"])
def test_patterns_that_are_a_little_off_are_patterns(pattern: str) -> None:
    found = list(near_miss(pattern))
    assert len({slug for slug, _, _ in found}) == len(found)
    for _, _, other in found:
        re.compile(other)
        assert other != pattern


def test_a_choice_is_lost_whole() -> None:
    lost = {text for slug, _, text in near_miss("^(?:0|[1-9]+|x)s$") if slug.startswith("without-choice")}
    assert lost == {"^(?:[1-9]+|x)s$", "^(?:0|x)s$", "^(?:0|[1-9]+)s$"}


def test_a_fragment_is_weakened_one_part_at_a_time() -> None:
    fragment = {"not": {"required": ["a", "b"], "properties": {"a": {"enum": [1, 2]}}}}
    assert [weaker.fragment for weaker in weakened(fragment)] == [
        {"not": {"required": ["b"], "properties": {"a": {"enum": [1, 2]}}}},
        {"not": {"required": ["a"], "properties": {"a": {"enum": [1, 2]}}}},
        {"not": {"required": ["a", "b"], "properties": {}}},
        {"not": {"required": ["a", "b"], "properties": {"a": {"enum": [2]}}}},
        {"not": {"required": ["a", "b"], "properties": {"a": {"enum": [1]}}}},
    ]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("body.temperature.maximum:dropped", {"temperature": 5}, 201),
        ("body.temperature.maximum:as-exclusiveMaximum", {"temperature": 1}, 400),
        ("body.voice-or-external-voice:dropped", {"voice": "Mark", "externalVoice": {"lmnt": {"voiceId": "x"}}}, 201),
        ("body.medium.maxProperties:1-wider", {"medium": {"webRtc": {}, "twilio": {}}}, 201),
        ("body.type:or-list", [], 201),
    ],
)
def test_the_emulator_is_built_from_the_mutant(name: str, body: Json, status: int) -> None:
    assert Client(faults=[mutants().faults[name]]).create(body).status == status
    assert Client().create(body).status != status
