"""The sweep of narrow runs: what one rule of each kind takes."""

from __future__ import annotations

import pytest

from benchmarks import narrow
from benchmarks.descriptions import catalogue
from benchmarks.sessions import Runner
from conformance.profiles import PROFILES
from conformance.run import PHASES
from reports.record.entries import Outcome
from tests.conformance.sessions import plan


@pytest.mark.slow
def test_rules_of_several_kinds_are_within_the_bounds() -> None:
    phases = {name: PHASES[name] for name in ("auth", "state", "protocol")}
    runner = Runner(catalogue(), PROFILES["smoke"], phases, plan())
    rules = [
        "auth.near-miss",
        "state.parent-chain",
        "state.own-values",
        "state.delete-isolated",
        "protocol.method",
        "robustness.responds",
    ]
    found = list(narrow.sweep(rules, runner))
    assert [each.rule for each in found] == rules
    assert [each.problem for each in found] == [""] * len(rules)
    assert all(each.outcome is Outcome.PASS for each in found)


def test_a_missed_bound_is_named() -> None:
    within = narrow.Narrow("r", narrow.MOST_REQUESTS, narrow.MOST_CREATED, Outcome.PASS, Outcome.PASS)
    beyond = narrow.Narrow("r", narrow.MOST_REQUESTS + 1, narrow.MOST_CREATED + 1, Outcome.SKIP, Outcome.PASS)
    assert within.problem == ""
    assert all(word in beyond.problem for word in ("requests", "created", "whole run"))


def test_one_rule_of_each_kind_is_chosen() -> None:
    assert narrow.of_each_kind(["body.a.type", "body.b.type", "state.a.type", "body.a.enum"]) == [
        "body.a.type",
        "state.a.type",
        "body.a.enum",
    ]
