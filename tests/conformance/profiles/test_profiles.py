"""Profiles are values: what they are called stands in one place, and every user of the names follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest

from conformance.cli.parser import parser
from conformance.profiles import DEFAULT, EXPLORING, FIXTURES, HELP, PROFILES, VERIFYING, Profile, Selection
from conformance.run import PHASES, phases_of
from strategies.case import Case, Side
from strategies.plan.budget import CaseBudget
from tests.conformance.servers import conforming
from tests.conformance.sessions import ending_with, session_with


@pytest.mark.parametrize("name", PROFILES)
def test_every_command_knows_every_profile(name: str) -> None:
    for command in ("run", "fixtures", "selfcheck"):
        assert parser().parse_args([command, "--profile", name]).profile == name
    assert PROFILES[name].cost in HELP


def test_each_profile_spends_at_least_what_the_one_before_it_does() -> None:
    assert DEFAULT in PROFILES
    counts = [each.name for each in fields(Profile) if each.type == "int"]
    for one, other in pairwise(PROFILES.values()):
        assert all(getattr(one, name) <= getattr(other, name) for name in counts)


def test_fixtures_have_the_boundary_values_of_every_rule() -> None:
    assert parser().parse_args(["fixtures"]).profile == FIXTURES
    assert not PROFILES[FIXTURES].few


def test_readme_says_what_each_profile_sends_and_costs() -> None:
    rows = [f"| `{each.name}` | {each.summary} | {each.requests:,} |" for each in PROFILES.values()]
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    assert [line for line in readme.splitlines() if line.startswith(tuple(f"| `{name}` |" for name in PROFILES))] == rows


def test_a_profile_goes_through_its_phases_in_order() -> None:
    assert set(VERIFYING) == set(PHASES)
    for profile in PROFILES.values():
        assert list(phases_of(profile)) == list(profile.phases)
        assert set(profile.phases) <= {*VERIFYING, *EXPLORING}


def test_another_profile_is_another_value() -> None:
    quick = replace(PROFILES[DEFAULT], name="quick", phases=("auth",), triage=10)
    ending = ending_with(conforming(), phases_of(quick), profile=quick)
    assert (ending.outcome, ending.exit) == ("conforms", 0)
    passed = {each.rule for each in ending.verdicts if each.outcome == "PASS"}
    assert "auth.missing-key" in passed
    assert "state.delete" not in passed


def test_a_profile_bounds_the_violations_of_a_rule_by_its_keyword() -> None:
    cases = CaseBudget(few=True, keywords={"maximum": 1}, others=0, undocumented=0, implied=0, coerced=0, unknown=0)
    quick = replace(PROFILES[DEFAULT], name="quick", cases=cases, phases=("bodies",))
    with session_with(conforming(), profile=quick, shared_plan=None) as session:
        rejects = [case for case in session.plan.rejects() if case.offending_path]
    keywords = Counter(case.rule.rsplit(".", 1)[-1] for case in rejects if "alongside" not in case.label)
    assert keywords.keys() == {"maximum"}
    assert max(Counter(case.rule for case in rejects).values()) == 1


def test_a_selection_lets_valid_bodies_through_since_they_bear_on_all_they_hold() -> None:
    selection = Selection(("body.a.*",))
    assert selection.wants("body.a.type")
    assert not selection.wants("body.b.type")
    assert selection.wants_any(Case(side=Side.ACCEPTS, label="", body={}))
    assert not selection.wants_any(Case(side=Side.REJECTS, label="", rule="body.b.type", body={}))
