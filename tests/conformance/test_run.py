"""A run from start to end: verdicts, record, summary, and what is reported of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest

import reports
from conformance.profiles import DEFAULT, PROFILES
from conformance.run import PHASES, carry_out, go_through
from conformance.session import Session
from conformance.session.heading import header
from reports.record.entries import Entry, Exchange, Outcome, Verdict
from strategies.case import Case, Side
from tests.conformance.conftest import Command
from tests.conformance.servers import Received, Reply, Response, catalogue, conforming
from tests.conformance.sessions import ending_with, session_with
from tests.emulator.planted import FAULTS

SCHEMAS = Path(reports.__file__).parent / "schemas"
SOME = ("body.temperature.*", "body.medium.*", "status.*", "auth.*", "state.delete*", "protocol.*")


@pytest.mark.slow
def test_the_conforming_emulator_conforms(command: Command, tmp_path: Path) -> None:
    ran = command("run", "--quiet", "--out", tmp_path / "out")
    assert ran.exit == 0, ran.stdout
    assert ran.summary["outcome"] == "conforms"
    assert ran.summary["failed"] == []
    assert ran.summary["errors"] == 0
    assert ran.summary["passed"] > 400
    stated = PROFILES[DEFAULT].requests
    assert abs(ran.summary["requests"] - stated) < 0.15 * stated, "the profile says what a run costs"
    creates = PROFILES[DEFAULT].created
    assert abs(ran.footer()["created"] - creates) < 0.05 * creates, "the profile says what a run creates"
    assert ran.summary["requests"] == ran.footer()["requests"]
    assert (ran.out / "report.html").stat().st_size < 1_000_000
    valid(ran.summary, "summary.schema.json")
    for entry in ran.record:
        valid(entry, "run.schema.json")
    assert all(each["reason"] for each in ran.verdicts().values() if each["outcome"] == "SKIP")


@pytest.mark.slow
def test_the_conforming_emulator_that_parses_strictly_conforms() -> None:
    ending = ending_with(conforming("strict"))
    assert (ending.exit, ending.outcome, ending.reason) == (0, "conforms", None)
    assert sum(each.outcome is Outcome.PASS for each in ending.verdicts) > 400


def test_a_server_error_that_no_phase_judges_turns_the_run_red() -> None:
    responses = conforming()

    def response(received: Received) -> Reply | None:
        return Reply(500) if b"silent" in received.body else responses(received)

    async def silent(session: Session) -> None:
        for text in ("loud", "silent", "silent"):
            await session.send(Case(side=Side.PROBE, label=text, rule="", body={"systemPrompt": text}))

    ending = ending_with(response, {"silent": silent})
    failures = {each.rule: each.failures for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert list(failures) == ["robustness.server-error"]
    assert [each.request.body for each in failures["robustness.server-error"]] == ['{"systemPrompt":"silent"}']


def test_a_limit_on_the_size_of_bodies_hides_no_fault() -> None:
    def response(received: Received) -> Reply | None:
        if len(received.body) > 65_536:
            return Reply(413, b"{}")
        return Reply(400, b"{}") if b'"FIRST_SPEAKER_USER"' in received.body else responses(received)

    responses = conforming()
    some = ("body.firstSpeaker*", "body.systemPrompt.*", "body.metadata*", "robustness.*", "status.*")
    ending = ending_with(response, {name: PHASES[name] for name in ("bodies", "probes", "late")}, select=some)
    outcomes = {each.rule: each.outcome for each in ending.verdicts}
    assert outcomes.pop("body.firstSpeaker.enum") is Outcome.FAIL
    assert {*outcomes.values()} <= {Outcome.PASS, Outcome.SKIP, Outcome.OBSERVED}


def test_a_small_body_that_is_refused_for_its_size_is_a_violation() -> None:
    responses = conforming()
    ending = ending_with(
        lambda received: Reply(413, b"{}") if len(received.body) > 9_000 else responses(received),
        {"bodies": PHASES["bodies"]},
        profile=replace(PROFILES["smoke"], triage=100),
    )
    assert ending.outcome == "fails"


def test_what_violates_an_implied_rule_may_be_refused_in_any_words() -> None:
    responses = conforming()

    def response(received: Received) -> Reply | None:
        return Reply(403, b"{}") if b'{"lmnt":{}}' in received.body else responses(received)

    assert not [
        each.rule for each in ending_with(response, {"bodies": PHASES["bodies"]}).verdicts if each.outcome is Outcome.FAIL
    ]


def valid(data: object, name: str) -> None:
    """Hold the data against one of the schemas of `reports/schemas`."""
    error = next(_validator(name).iter_errors(data), None)
    assert error is None, error


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads((SCHEMAS / name).read_text()))


def test_a_planted_fault_is_named(command: Command, tmp_path: Path) -> None:
    ran = command(
        *("run", "--quiet", "--out", tmp_path / "out", "--select", "body.temperature.*"),
        *("--fault", "temperature-a-little-above-1"),
    )
    assert ran.exit == 1, ran.stderr
    assert ran.summary["failed"] == ["body.temperature.maximum"]
    [failure] = ran.verdicts()["body.temperature.maximum"]["failures"]
    assert set(json.loads(failure["request"]["body"])) == {"temperature"}
    assert "Expected: " in ran.stdout
    assert "Actual: " in ran.stdout
    assert "curl -sS" in ran.stdout
    assert "$ULTRAVOX_API_KEY" in ran.stdout


def recorded(response: Response, seed: int = 0) -> list[Entry]:
    """The record of a run on some rules."""
    record: list[Entry] = []
    with session_with(response, record=record, select=SOME) as session:
        session.seed = seed
        carry_out(session, header(session.catalogue, session, embedded=False, command=""), PHASES)
    return record


def test_the_same_seed_gives_the_same_cases_and_verdicts() -> None:
    one, other = recorded(conforming()), recorded(conforming())
    assert [e.case for e in one if isinstance(e, Exchange)] == [e.case for e in other if isinstance(e, Exchange)]
    # The last of each rule: how often verdicts are kept before the end depends on how long the run takes.
    verdicts = [{e.rule: (e.outcome, e.sides) for e in each if isinstance(e, Verdict)} for each in (one, other)]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize(("strict", "outcome", "status"), [(False, "OBSERVED", 0), (True, "FAIL", 1)])
def test_strict_judging_fails_implied_rules(strict: bool, outcome: str, status: int) -> None:
    rule, response = "body.languageHint.maxLength", conforming()
    assert catalogue().rules[rule].basis == "implied"

    def lenient(received: Received) -> Reply | None:
        return response(replace(received, body=b"{}") if b'"languageHint"' in received.body else received)

    ending = ending_with(lenient, {"bodies": PHASES["bodies"]}, select=(rule,), strict=strict)
    verdict = next(each for each in ending.verdicts if each.rule == rule)
    assert (verdict.outcome, ending.exit) == (outcome, status)
    assert verdict.sides["rejects"] == outcome


@pytest.mark.parametrize("status", [408, 504])
def test_a_gateway_that_always_gives_up_on_the_same_body_is_a_violation(status: int) -> None:
    responses = conforming()

    def response(received: Received) -> Reply | None:
        return Reply(status, b"{}") if b'"twilio"' in received.body else responses(received)

    ending = ending_with(response, {"bodies": PHASES["bodies"]}, select=("body.medium.*", "robustness.*"))
    failures = {each.rule: each.failures for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert list(failures) == ["robustness.responds"]
    assert all("twilio" in str(each.request.body) for each in failures["robustness.responds"])


def test_what_a_call_made_from_a_rich_one_shows_is_made_small() -> None:
    ending = ending_with(conforming(faults=[FAULTS["medium-beside-prior-one"]]), {"state": PHASES["state"]})
    failure = next(each.failures[0] for each in ending.verdicts if each.rule == "response.medium.maxProperties")
    assert set(json.loads(str(failure.request.body))) == {"medium"}


def test_a_gateway_that_gives_up_now_and_then_is_no_violation() -> None:
    responses, met = conforming(), Counter[bytes]()

    def response(received: Received) -> Reply | None:
        met[received.body] += 1
        return Reply(504, b"{}") if b'"twilio"' in received.body and met[received.body] < 3 else responses(received)

    ending = ending_with(response, {"bodies": PHASES["bodies"]}, select=("body.medium.*", "robustness.*"))
    assert not [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]


def test_works_that_go_concurrently_make_the_same_violation_small_once() -> None:
    spent = []
    for concurrency in (1, 16):
        responses = conforming(faults=[FAULTS["medium-beside-prior-one"]])
        with session_with(responses, concurrency=concurrency) as session:
            go_through(session, {"state": PHASES["state"]})
            spent.append(session.triage.budget.spent)
    assert spent[0] == spent[1] > 0


@pytest.mark.parametrize("name", ["metadata-left-behind", "initialState-left-behind", "refused-systemPrompt-left-behind"])
def test_what_a_call_leaves_behind_is_seen_in_the_next(name: str) -> None:
    ending = ending_with(conforming(faults=[FAULTS[name]]), {"state": PHASES["state"]}, select=["robustness.repeatable"])
    assert [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL] == ["robustness.repeatable"]
