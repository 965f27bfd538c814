"""Profiles are values: what they are called stands in one place, and every user of the names follows."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from conformance.cli.parser import parser
from conformance.profiles import EXPLORING, HELP, LEAST, PROFILES, VERIFYING, Profile, Selection
from conformance.run import PHASES, phases_of
from strategies.case import Case, Side
from tests.conformance.servers import conforming
from tests.conformance.sessions import ending_with


@pytest.mark.parametrize("name", PROFILES)
def test_every_command_knows_every_profile(name: str) -> None:
    for command in ("run", "fixtures", "selfcheck"):
        assert parser().parse_args([command, "--profile", name]).profile == name
    assert PROFILES[name].cost in HELP


def test_the_first_profile_costs_least() -> None:
    first, *others = PROFILES.values()
    assert first.name == LEAST
    counts = [each.name for each in fields(Profile) if each.type == "int"]
    for other in others:
        assert all(getattr(first, name) <= getattr(other, name) for name in counts)


def test_a_profile_goes_through_its_phases_in_order() -> None:
    assert set(VERIFYING) == set(PHASES)
    for profile in PROFILES.values():
        assert list(phases_of(profile)) == list(profile.phases)
        assert set(profile.phases) <= {*VERIFYING, *EXPLORING}


def test_another_profile_is_another_value() -> None:
    quick = replace(PROFILES[LEAST], name="quick", phases=("auth",), triage=10)
    ending = ending_with(conforming(), phases_of(quick), profile=quick)
    assert (ending.outcome, ending.exit) == ("conforms", 0)
    passed = {each.rule for each in ending.verdicts if each.outcome == "PASS"}
    assert "auth.missing-key" in passed
    assert "state.delete" not in passed


def test_a_selection_lets_valid_bodies_through_since_they_bear_on_all_they_hold() -> None:
    selection = Selection(("body.a.*",))
    assert selection.wants("body.a.type")
    assert not selection.wants("body.b.type")
    assert selection.wants_any(Case(side=Side.ACCEPTS, label="", body={}))
    assert not selection.wants_any(Case(side=Side.REJECTS, label="", rule="body.b.type", body={}))
