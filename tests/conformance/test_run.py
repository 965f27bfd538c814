"""A run from start to end: verdicts, record, summary, budget, and what it leaves behind on the target."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import reports
from conformance.run import PHASES, carry_out, go_through, header
from conformance.session import Session
from emulator.faults import FAULTS
from reports.record import Entry, Exchange, Outcome, Verdict
from strategies.cases import Case, Side
from tests.conformance.conftest import Command
from tests.conformance.servers import Answer, Asked, Reply, catalogue, sound
from tests.conformance.sessions import ending_with, session_with

SCHEMAS = Path(reports.__file__).parent / "schemas"
SOME = ("body.temperature.*", "body.medium.*", "status.*", "auth.*", "state.delete*", "protocol.*")


def test_the_sound_emulator_conforms(command: Command, tmp_path: Path) -> None:
    ran = command("run", "--quiet", "--out", tmp_path / "out")
    assert ran.exit == 0, ran.stdout
    assert ran.summary["outcome"] == "conforms"
    assert ran.summary["failed"] == []
    assert ran.summary["errors"] == 0
    assert ran.summary["passed"] > 400
    assert ran.summary["requests"] == ran.footer()["requests"]
    valid(ran.summary, "summary.schema.json")
    for entry in ran.record:
        valid(entry, "run.schema.json")
    assert all(each["reason"] for each in ran.verdicts().values() if each["outcome"] == "SKIP")


def test_the_sound_emulator_that_parses_strictly_conforms() -> None:
    ending = ending_with(sound("strict"))
    assert (ending.exit, ending.outcome, ending.reason) == (0, "conforms", None)
    assert sum(each.outcome is Outcome.PASS for each in ending.verdicts) > 400


def test_a_server_error_that_no_phase_judges_turns_the_run_red() -> None:
    answers = sound()

    def answer(asked: Asked) -> Reply | None:
        return Reply(500) if b"silent" in asked.body else answers(asked)

    def silent(session: Session) -> None:
        for text in ("loud", "silent", "silent"):
            session.exchange(Case(side=Side.PROBE, label=text, rule="", body={"systemPrompt": text}))

    ending = ending_with(answer, {"silent": silent})
    failures = {each.rule: each.failures for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert list(failures) == ["robustness.server-error"]
    assert [each.request.body for each in failures["robustness.server-error"]] == ['{"systemPrompt":"silent"}']


def test_a_limit_on_the_size_of_bodies_hides_no_fault() -> None:
    def answer(asked: Asked) -> Reply | None:
        if len(asked.body) > 65_536:
            return Reply(413, b"{}")
        return Reply(400, b"{}") if b'"FIRST_SPEAKER_USER"' in asked.body else answers(asked)

    answers = sound()
    ending = ending_with(answer)
    assert {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL} == {"body.firstSpeaker.enum"}
    assert ending_with(lambda asked: Reply(413, b"{}") if len(asked.body) > 65_536 else answers(asked)).outcome == "conforms"


def test_a_small_body_that_is_refused_for_its_size_is_a_breach() -> None:
    answers = sound()
    ending = ending_with(lambda asked: Reply(413, b"{}") if len(asked.body) > 9_000 else answers(asked))
    assert ending.outcome == "fails"


def test_what_breaks_an_implied_rule_may_be_refused_in_any_words() -> None:
    answers = sound()

    def answer(asked: Asked) -> Reply | None:
        return Reply(403, b"{}") if b'{"lmnt":{}}' in asked.body else answers(asked)

    assert not [each.rule for each in ending_with(answer).verdicts if each.outcome is Outcome.FAIL]


_VALIDATORS: dict[str, jsonschema.Draft202012Validator] = {}


def valid(data: object, name: str) -> None:
    """Holds the data against one of the schemas of `reports/schemas`."""
    if name not in _VALIDATORS:
        _VALIDATORS[name] = jsonschema.Draft202012Validator(json.loads((SCHEMAS / name).read_text()))
    error = next(_VALIDATORS[name].iter_errors(data), None)
    assert error is None, error


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


def recorded(answer: Answer, seed: int = 0) -> list[Entry]:
    """The record of a run on some rules."""
    record: list[Entry] = []
    with session_with(answer, record=record, select=SOME) as session:
        session.seed = seed
        carry_out(session, header(session.catalogue, session, embedded=False, command=""), PHASES)
    return record


def test_the_same_seed_gives_the_same_cases_and_verdicts() -> None:
    one, other = recorded(sound()), recorded(sound())
    assert [e.case for e in one if isinstance(e, Exchange)] == [e.case for e in other if isinstance(e, Exchange)]
    verdicts = [[(e.rule, e.outcome, e.sides) for e in each if isinstance(e, Verdict)] for each in (one, other)]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize("budget", [1, 2, 3, 17, 60])
def test_a_budget_is_kept_and_what_it_did_not_reach_is_told(budget: int) -> None:
    asked: list[Asked] = []
    answer = sound()

    def counted(each: Asked) -> Reply | None:
        asked.append(each)
        return answer(each)

    with session_with(counted, max_requests=budget) as session:
        ending = go_through(session, PHASES)
        assert session.client.sent == budget
    assert len(asked) == budget
    assert f"the budget of {budget} requests is spent" in str(ending.reason)
    assert not [each for each in ending.verdicts if each.outcome is Outcome.FAIL]
    skipped = [each for each in ending.verdicts if each.outcome is Outcome.SKIP]
    assert any("the budget" in str(each.reason) for each in skipped)


@pytest.mark.parametrize("budget", [10, 30])
def test_what_was_found_counts_even_if_the_budget_ends(budget: int) -> None:
    asked: list[Asked] = []
    answer = faulty(lambda asked: b'"temperature"' in asked.body)

    def counted(each: Asked) -> Reply | None:
        asked.append(each)
        return answer(each)

    ending = ending_with(counted, max_requests=budget)
    assert len(asked) == budget
    assert ending.exit == 1
    failures = [failure for each in ending.verdicts for failure in each.failures]
    assert any("the run ended before" in failure.actual for failure in failures)


def faulty(refuses: object) -> Answer:
    """The sound emulator, but for creations that `refuses` says so of."""
    answer = sound()
    assert callable(refuses)
    return lambda asked: Reply(400, b'{"detail": "No"}') if asked.method == "POST" and refuses(asked) else answer(asked)


@pytest.mark.parametrize(("strict", "outcome", "status"), [(False, "OBSERVED", 0), (True, "FAIL", 1)])
def test_strict_judging_fails_implied_rules(strict: bool, outcome: str, status: int) -> None:
    rule, answer = "body.languageHint.maxLength", sound()
    assert catalogue().rules[rule].basis == "implied"

    def lenient(asked: Asked) -> Reply | None:
        return answer(replace(asked, body=b"{}") if b'"languageHint"' in asked.body else asked)

    ending = ending_with(lenient, {"bodies": PHASES["bodies"]}, select=(rule,), strict=strict)
    verdict = next(each for each in ending.verdicts if each.rule == rule)
    assert (verdict.outcome, ending.exit) == (outcome, status)
    assert verdict.sides["rejects"] == outcome


class Counting:
    """The sound emulator, and how many calls live on it."""

    def __init__(self) -> None:
        self.answer = sound()
        self.alive: set[str] = set()
        self.most = 0
        self.created = 0

    def __call__(self, asked: Asked) -> Reply | None:
        reply = self.answer(asked)
        assert reply is not None
        if asked.method == "POST" and reply.status == 201:
            self.alive.add(json.loads(reply.body)["callId"])
            self.created += 1
            self.most = max(self.most, len(self.alive))
        if asked.method == "DELETE" and reply.status < 300:
            self.alive.discard(asked.path.rpartition("/")[2])
        return reply


def test_created_calls_are_deleted_and_few_live_at_a_time() -> None:
    server = Counting()
    ending = ending_with(server, {name: PHASES[name] for name in ("bodies", "query")}, clean_up=True)
    assert ending.exit == 0, ending.reason
    assert server.created > 30
    assert server.most <= 8
    assert not server.alive


def test_calls_of_the_state_phase_are_deleted_at_the_end() -> None:
    server = Counting()
    assert ending_with(server, {"state": PHASES["state"]}, clean_up=True).exit == 0
    assert server.created > 10
    assert not server.alive


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (RuntimeError("a slip"), "the suite's own error: RuntimeError: a slip"),
    ],
)
def test_calls_are_deleted_whatever_ends_the_run(problem: BaseException, told: str) -> None:
    server = Counting()

    def broken(_session: Session) -> None:
        raise problem

    ending = ending_with(server, {"state": PHASES["state"], "broken": broken}, clean_up=True)
    assert (ending.exit, ending.reason) == (3, told)
    assert server.created
    assert not server.alive


def test_calls_that_cannot_be_deleted_are_counted() -> None:
    answer = sound()
    refusing = lambda asked: Reply(500) if asked.method == "DELETE" else answer(asked)  # noqa: E731
    ending = ending_with(refusing, {}, clean_up=True)
    assert ending.reason == "1 created calls could not be deleted"


def test_nothing_is_deleted_unless_asked() -> None:
    server = Counting()
    ending_with(server, {})
    assert len(server.alive) == server.created > 0


def test_a_rule_whose_rejecting_side_was_not_reached_does_not_pass() -> None:
    ending = ending_with(sound(), max_requests=30)
    verdicts = {each.rule: each for each in ending.verdicts}
    assert verdicts["body.temperature.minimum"].outcome is Outcome.SKIP
    assert "budget" in (verdicts["body.temperature.minimum"].reason or "")
    assert verdicts["body.systemPrompt.echo"].outcome is Outcome.PASS


@pytest.mark.parametrize("status", [408, 504])
def test_a_gateway_that_always_gives_up_on_the_same_body_is_a_breach(status: int) -> None:
    answers = sound()

    def answer(asked: Asked) -> Reply | None:
        return Reply(status, b"{}") if b'"twilio"' in asked.body else answers(asked)

    ending = ending_with(answer, {"bodies": PHASES["bodies"]})
    failures = {each.rule: each.failures for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert list(failures) == ["robustness.answers"]
    assert all("twilio" in str(each.request.body) for each in failures["robustness.answers"])


def test_what_a_call_made_from_a_rich_one_shows_is_made_small() -> None:
    ending = ending_with(sound(faults=[FAULTS["medium-beside-prior-one"]]), {"state": PHASES["state"]})
    failure = next(each.failures[0] for each in ending.verdicts if each.rule == "answer.medium.maxProperties")
    assert set(json.loads(str(failure.request.body))) == {"medium"}


def test_a_gateway_that_gives_up_now_and_then_is_no_breach() -> None:
    answers, met = sound(), Counter[bytes]()

    def answer(asked: Asked) -> Reply | None:
        met[asked.body] += 1
        return Reply(504, b"{}") if b'"twilio"' in asked.body and met[asked.body] < 3 else answers(asked)

    ending = ending_with(answer, {"bodies": PHASES["bodies"]})
    assert not [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]


def _with_two_breaches(asked: Asked, reply: Reply | None) -> Reply | None:
    """Of calls with a body that are made from a prior one."""
    if reply is None or reply.status != 201 or "priorCallId" not in asked.query or len(asked.body) <= 2:
        return reply
    return replace(reply, body=json.dumps({**json.loads(reply.body), "created": "soon", "temperature": "hot"}).encode())


def test_all_that_an_answer_shows_is_told_when_the_run_ends() -> None:
    told = []
    for most in (12, 14, 16, 18, 30):
        answers = sound()
        ending = ending_with(
            lambda asked, answers=answers: _with_two_breaches(asked, answers(asked)),  # type: ignore[misc]
            {"state": PHASES["state"]},
            max_requests=most,
        )
        told.append({each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL})
    both = {"answer.created.format", "answer.temperature.type"}
    assert all(each in (set(), both) for each in told)
    assert told[-1] == both


def test_works_that_go_abreast_make_the_same_breach_small_once() -> None:
    spent = []
    for concurrency in (1, 16):
        answers = sound(faults=[FAULTS["medium-beside-prior-one"]])
        with session_with(answers, concurrency=concurrency) as session:
            go_through(session, {"state": PHASES["state"]})
            spent.append(session.examiner.allowance.spent)
    assert spent[0] == spent[1] > 0


@pytest.mark.parametrize("name", ["metadata-left-behind", "initialState-left-behind", "refused-systemPrompt-left-behind"])
def test_what_a_call_leaves_behind_is_seen_in_the_next(name: str) -> None:
    ending = ending_with(sound(faults=[FAULTS[name]]), {"state": PHASES["state"]}, select=["robustness.repeatable"])
    assert [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL] == ["robustness.repeatable"]
