"""Narrow runs send what the selected rules need, and come to the same verdicts as a whole run."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

import pytest

from conformance.profiles import PROFILES
from conformance.profiles.narrowing import phases_for
from conformance.run import PHASES, go_through
from emulator.faults import faults_of
from reports.record.entries import Outcome
from tests.conformance.servers import catalogue, conforming
from tests.conformance.sessions import session_with, whole

RULES = (
    "body.temperature.maximum",
    "body.temperature.echo",
    "body.systemPrompt.type",
    "body.voice-or-external-voice",
    "response.callId.format",
    "response.temperature.type",
    "response.created.format",
    "protocol.method",
    "state.medium.inherited",
    "state.temperature.overridden",
    "body.initialMessages.*.role.enum",
    "body.initialMessages.*.timespan.start.pattern",
    "body.externalVoice.maxProperties",
    "response.first-speaker-user-sets-settings",
    "status.refused",
    "state.read-unknown",
    "state.read-back",
    "state.isolated",
    "state.unique-ids",
    "state.parent-spelling",
    "state.voice.inherited",
    "state.parent-chain",
    "state.parent-unchanged",
    "state.parent-exclusive",
    "state.delete-isolated",
    "auth.read",
    "auth.near-miss",
    "auth.missing-key",
    "auth.key-elsewhere",
    "query.enableGreetingPrompt.type",
    "query.parent-unknown",
    "protocol.spelling",
    "robustness.responds",
    "robustness.repeatable",
    "robustness.server-error",
    "observed.value-coerced",
    "observed.nested-zero",
    "body.firstSpeaker.echo",
)


@cache
def baseline() -> tuple[int, int]:
    """The calls that any run creates, and its requests."""
    with session_with(conforming()) as session:
        go_through(session, {})
        return len(session.objects.numbers), session.sender.sent


def test_the_rules_are_of_the_catalogue() -> None:
    assert sum(rule in catalogue().rules for rule in RULES) >= len(RULES) - 3


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule in catalogue().rules])
def test_one_rule_takes_few_requests_and_has_the_same_verdict(rule: str) -> None:
    with session_with(conforming(), select=[rule.replace("*", "[*]")]) as session:
        (verdict,) = go_through(session, PHASES).verdicts
        created, requests = len(session.objects.numbers), session.sender.sent
    assert verdict.outcome == whole()[rule].outcome
    assert requests - baseline()[1] <= 12
    assert created - baseline()[0] <= 3


def test_five_rules_take_few_requests() -> None:
    with session_with(conforming(), select=["body.temperature.*"]) as session:
        verdicts = go_through(session, PHASES).verdicts
        assert session.sender.sent <= 40
    assert {each.outcome for each in verdicts} == {whole()[each.rule].outcome for each in verdicts}


@pytest.mark.parametrize("fault", ["temperature-negative", "temperature-1-refused", "temperature-a-little-above-1"])
def test_a_narrow_run_finds_what_a_whole_run_finds(fault: str) -> None:
    planted = faults_of(catalogue().contract)[fault]
    with session_with(conforming(faults=[planted]), select=["body.temperature.*"]) as session:
        found = {each.rule for each in go_through(session, PHASES).verdicts if each.outcome is Outcome.FAIL}
    assert any(fnmatchcase(rule, glob) for rule in found for glob in planted.expects)


def test_rules_that_every_phase_shows_need_all_phases() -> None:
    assert phases_for(["robustness.unheard-of", "body.x.type"]) is None
    named = phases_for(["body.x.type", "auth.read", "state.delete", "schemathesis.x"]) or frozenset()
    assert named <= {name for each in PROFILES.values() for name in each.phases}
