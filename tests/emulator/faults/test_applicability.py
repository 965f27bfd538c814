"""Faults apply only to contracts that state what they change and have a rule that they violate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emulator.fault import Fault
from emulator.faults.applicability import obstacle, obstacles
from emulator.faults.dsl.editing import at, both, extension, parameter, without
from openapi import load_contract
from openapi.catalogue import catalogue_of
from tests.emulator.client import contract
from tests.emulator.planted import FAULTS

_RULES = catalogue_of(contract()).rules
_FAULT = Fault(name="any", family="none", summary="Any.", expects=("body.temperature.maximum",))


def test_every_planted_fault_applies_to_its_own_contract() -> None:
    assert obstacles(FAULTS, contract(), _RULES) == {}


def test_faults_of_rules_that_only_the_overlay_states_do_not_apply_without_it() -> None:
    bare = load_contract(overlays=[])
    found = obstacles(FAULTS, bare, catalogue_of(bare).rules)
    assert found["temperature-negative"] == "the contract has no rule body.temperature.minimum"
    assert 0 < len(found) < len(FAULTS) / 2


@pytest.mark.parametrize(
    ("edit", "applies"),
    [
        (at("temperature", without("maximum")), True),
        (at("temperature", without("pattern")), False),
        (at("nothing.at.all", without("maximum")), False),
        (both(at("nothing", without("a")), at("temperature", without("maximum"))), True),
        (parameter("priorCallId", without("format")), True),
        (parameter("nothing", without("format")), False),
        (extension("x-nothing", lambda _: {}), False),
    ],
)
def test_an_edit_that_changes_nothing_does_not_apply(edit: object, applies: bool) -> None:
    fault = replace(_FAULT, contract=edit)  # type: ignore[arg-type]
    assert (obstacle(fault, contract(), _RULES) is None) == applies


def test_a_fault_without_a_rule_to_violate_does_not_apply() -> None:
    assert obstacle(_FAULT, contract(), _RULES) is None
    assert obstacle(replace(_FAULT, expects=("body.nothing.*",)), contract(), _RULES) is not None
