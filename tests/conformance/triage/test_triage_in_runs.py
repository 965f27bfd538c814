"""Triage in a run under a budget: what it does not reach is reported as it was found, and nothing counts as verified by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from conformance.profiles import PROFILES
from conformance.run import PHASES, Ending, go_through
from conformance.session import Session
from openapi.json_types import Json
from reports.record.entries import Outcome
from strategies.case import Case, Side
from tests.conformance.servers import Received, Reply, always, conforming
from tests.conformance.sessions import checker, ending_with, plan, session_with

RULE, QUERY = "body.temperature.maximum", (("enableGreetingPrompt", "true"),)
LARGE = 1_500  # bytes; most packs are larger


@dataclass
class Refusing:
    """The conforming emulator, but for bodies that are invalid in its eyes; `accepted` are those it created a call with."""

    is_invalid: Callable[[bytes], bool]
    status: int = 400
    accepted: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._conforming = conforming()

    def __call__(self, received: Received) -> Reply | None:
        if self.is_invalid(received.body):
            return Reply(self.status, b'{"detail": "No"}')
        reply = self._conforming(received)
        if reply is not None and reply.status == 201:
            self.accepted.append(json.loads(received.body))
        return reply


@dataclass(frozen=True)
class Ran:
    """How a run ended, and how many requests of its budget it spent."""

    ending: Ending
    spent: int

    @property
    def failed(self) -> dict[str, str]:
        """Return what was reported of each failed rule."""
        return {each.rule: each.failures[0].actual for each in self.ending.verdicts if each.outcome is Outcome.FAIL}


def ran(server: Refusing, limit: int, *select: str) -> Ran:
    """A run of the bodies on a server, with this budget; of all rules, if none are selected."""
    with session_with(server, profile=replace(PROFILES["smoke"], triage=limit), select=select) as session:
        ending = go_through(session, {"bodies": PHASES["bodies"]})
        return Ran(ending, session.triage.budget.spent)


def is_large(body: bytes) -> bool:
    return len(body) > LARGE


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 7])
def test_what_the_budget_did_not_reach_is_reported_all_the_same(limit: int) -> None:
    result = ran(Refusing(is_large), limit)
    assert result.spent == limit
    assert result.ending.exit == 1
    reported = f"(the budget of {limit} requests was spent before this was triaged)"
    assert reported in result.failed["status.created"]
    reasons = {str(each.reason) for each in result.ending.verdicts if each.outcome is Outcome.ERROR}
    assert f"refused with others; the budget of {limit} requests was spent before it was known which" in reasons


@pytest.mark.slow
def test_no_rule_passes_that_was_only_in_packs_left_alone() -> None:
    server = Refusing(is_large)
    ending = ran(server, 0).ending
    cases = [*plan().accepts(), *plan().pairs(), *plan().combinations(2)]
    verified = {rule for case in cases if case.body in server.accepted for rule in checker().accepted_with(case)}
    needs = [case for group in plan().premises() for _, cases in group for case in cases]
    verified |= {rule for case in (*plan().may(), *needs) for rule in checker().accepted_with(case)}  # which come alone as well
    unverified = {aim.rule for case in cases for aim in case.aims} - verified
    assert unverified
    assert not [each.rule for each in ending.verdicts if each.outcome is Outcome.PASS and each.rule in unverified]


def test_a_server_error_is_reported_as_one_even_if_nothing_was_triaged() -> None:
    assert list(ran(Refusing(is_large, status=500), 0).failed) == ["robustness.server-error"]


@pytest.mark.slow
def test_what_a_known_offending_field_explains_accuses_no_other_rule() -> None:
    some = ("body.temperature.*", "body.externalVoice.*", "body.m*")
    whole = ran(Refusing(lambda body: b'"temperature"' in body), 5_000, *some)
    cut = ran(Refusing(lambda body: b'"temperature"' in body), 80, *some)
    assert cut.spent == 80 < whole.spent
    expected = {"body.temperature.type", "body.externalVoice.playHt.temperature.type"}
    assert set(cut.failed) == set(whole.failed) == expected


@pytest.mark.slow
def test_every_cause_in_a_refused_pack_is_named_by_its_rule() -> None:
    """Packs hold many members: all three causes stand in the same bodies, and no other rule is accused."""

    def is_refused(body: bytes) -> bool:
        sent = json.loads(body or b"null")
        return isinstance(sent, dict) and (
            "temperature" in sent or "recordingEnabled" in sent or sent.get("firstSpeaker") == "FIRST_SPEAKER_USER"
        )

    failed = ran(Refusing(is_refused), 5_000).failed
    assert set(failed) == {"body.temperature.type", "body.recordingEnabled.type", "body.firstSpeaker.enum"}


def test_a_plain_request_is_shown_where_one_with_a_query_fails_too() -> None:
    async def hot(session: Session) -> None:
        with_query: Json = {"temperature": 2}
        plain: Json = {"temperature": 2, "systemPrompt": "x" * 50}
        cases = [
            Case(side=Side.REJECTS, label="", rule=RULE, body=with_query, query=QUERY, offending_path=("temperature",)),
            Case(side=Side.REJECTS, label="", rule=RULE, body=plain, offending_path=("temperature",)),
        ]
        await session.run(cases)

    ending = ending_with(always(201, {}), {"hot": hot})
    (shown,) = (each.failures[0].request for each in ending.verdicts if each.rule == RULE)
    assert not shown.query
