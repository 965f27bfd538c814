"""Judging whole answers: defaults, shape, status, and the table of tolerances."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from conformance.checks.checker import Judge
from conformance.checks.echo import MISSING
from conformance.checks.tolerances import tolerances
from conformance.http.exchange import Exchange
from conformance.run import PHASES, go_through
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.servers import KEY, Asked, catalogue, sound
from tests.conformance.sessions import judge, session_with


def answered(body: Json, **changes: Any) -> Exchange:
    """A creation on the sound emulator, its answer changed; a member changed to MISSING is left out."""
    case = Case(side=Side.ACCEPTS, label="", body=body)
    headers = {"x-api-key": KEY, "content-type": "application/json"}
    reply = sound()(Asked("POST", "/api/calls", "", headers, case.content or b""))
    assert reply is not None
    answer = {**orjson.loads(reply.body), **changes}
    content = orjson.dumps({name: value for name, value in answer.items() if value is not MISSING})
    kind = {"content-type": "application/json"}
    return Exchange(case, 1, reply.status, kind, content, seconds=0, at=0)


def broken(exchange: Exchange) -> set[str]:
    """The rules that an exchange shows broken."""
    return {each.rule for each in judge().judge(exchange).findings}


@pytest.mark.parametrize(
    "body", [{}, {"temperature": 0.7}, {"medium": {"webRtc": {}}}, {"medium": {"webRtc": {}, "plivo": None}}]
)
def test_a_sound_answer(body: Json) -> None:
    exchange = answered(body)
    judgement = judge().judge(exchange)
    assert judgement.findings == []
    assert judgement.unjudged is None
    assert ("status.created", "accepts") in judgement.held


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature", 0.5),
        ("joinTimeout", "31s"),
        ("maxDuration", "1s"),
        ("recordingEnabled", True),
        ("transcriptOptional", False),
        ("model", "another"),
    ],
)
def test_a_wrong_default(field: str, value: Json) -> None:
    found = broken(answered({}, **{field: value}))
    assert found == {f"body.{field}.default"}
    assert broken(answered({field: value}, **{field: value})) == set()


def test_a_default_that_is_missing() -> None:
    assert broken(answered({}, joinTimeout=MISSING)) & {"body.joinTimeout.default", "answer.joinTimeout.required"}


@pytest.mark.parametrize("name", sorted(catalogue().answer.required))
def test_a_required_member_that_is_missing_is_told_once(name: str) -> None:
    assert broken(answered({}, **{name: MISSING})) == {f"answer.{name}.required"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"created": "yesterday"}, "answer.created.format"),
        ({"created": "2001-01-01T00:00:00.000000Z"}, "answer.plausible-times"),
        ({"callId": "00000000-0000-0000-0000-000000000000"}, "answer.nil-id"),
        ({"callId": "abc"}, "answer.callId.format"),
        ({"errorCount": "0"}, "answer.errorCount.type"),
    ],
)
def test_a_malformed_answer(changes: dict[str, Json], rule: str) -> None:
    assert rule in broken(answered({}, **changes))


@pytest.mark.parametrize(
    ("content", "kind", "rules"),
    [
        (b"[]", "application/json", {"answer.json"}),
        (b"null", "application/json", {"answer.json"}),
        (b"<html>", "text/html; charset=utf-8", {"answer.json", "answer.content-type"}),
        (b"", "", {"answer.json", "answer.content-type"}),
    ],
)
def test_an_answer_that_is_no_object(content: bytes, kind: str, rules: set[str]) -> None:
    assert broken(replace(answered({}), content=content, headers={"content-type": kind})) == rules


@pytest.mark.parametrize(
    ("front", "rules"),
    [
        (b'{"model" : null,', {"answer.json"}),
        (b'{"unknown":{"a":[{"b":1,"b":1}]},', {"answer.json"}),
        (b'{"unknown":{"a":{"a":1}, "b" : "\\":"},', set()),
        (b'{"unknown":100000000000000000000000,', set()),
        (b'{"unknown":%b"\\u0022"%b,' % (b"[" * 1000, b"]" * 1000), set()),
    ],
)
def test_a_member_that_comes_twice(front: bytes, rules: set[str]) -> None:
    exchange = answered({})
    assert broken(replace(exchange, content=front + exchange.content[1:])) == rules


@pytest.mark.parametrize(
    ("side", "status", "rules"),
    [
        (Side.REJECTS, 400, set()),
        (Side.REJECTS, 422, set()),
        (Side.REJECTS, 201, {"body.temperature.maximum"}),
        (Side.REJECTS, 404, {"status.refused"}),
        (Side.REJECTS, 500, {"robustness.server-error"}),
        (Side.MAY, 400, set()),
        (Side.MAY, 500, {"robustness.server-error"}),
        (Side.ACCEPTS, 200, {"status.created"}),
        (Side.ACCEPTS, 400, {""}),
    ],
)
def test_statuses(side: Side, status: int, rules: set[str]) -> None:
    exchange = answered({"temperature": 0.5})
    case = replace(exchange.case, side=side, rule="body.temperature.maximum")
    assert broken(replace(exchange, case=case, status=status)) == rules


@pytest.mark.parametrize("status", sorted(tolerances().unjudged | tolerances().unanswered))
@pytest.mark.parametrize("side", [Side.ACCEPTS, Side.REJECTS, Side.MAY])
def test_answers_about_something_else_judge_nothing(side: Side, status: int) -> None:
    exchange = answered({})
    judgement = judge().judge(replace(exchange, case=replace(exchange.case, side=side), status=status))
    assert judgement.findings == []
    assert str(judgement.unjudged).startswith(f"{status}: ")
    assert not judgement.held


def test_no_answer_judges_nothing() -> None:
    judgement = judge().judge(replace(answered({}), status=0, content=b"", error="ConnectError: refused"))
    assert (judgement.findings, judgement.unjudged) == ([], "ConnectError: refused")


def test_what_only_another_call_was_given() -> None:
    judging = judge()

    def found(sent: Json, **shown: Json) -> set[str]:
        return {each.rule for each in judging.judge(answered(sent, **shown)).findings}

    prompt = "You are an agent."
    usual = {"metadata": {"by": "the server"}}
    assert found({}, **usual) == set()
    assert found({"temperature": 0.5}, systemPrompt=prompt) == set()  # nobody sent it
    assert found({"systemPrompt": prompt, **usual}, systemPrompt=prompt, **usual) == set()
    assert found({"temperature": 0.5}, systemPrompt=prompt) == {"state.own-values"}
    assert found({"temperature": 0.5}, **usual) == set()  # what an empty body gets is the server's own
    assert found({"languageHint": "en"}, languageHint="en") == set()
    assert found({"temperature": 0.5}, languageHint="en") == set()  # it may follow from a voice


# --- the table


def test_every_difference_in_the_table_applies_somewhere() -> None:
    nodes = (*catalogue().body.walk(), *catalogue().answer.walk())
    kinds = {kind for node in nodes for kind in tolerances().kinds_at(node)}
    assert {entry["kind"] for entry in tolerances().echo} == kinds


def test_every_entry_of_the_table_is_asked_for() -> None:
    class Listening(dict[str, frozenset[int]]):
        def __init__(self) -> None:
            super().__init__(tolerances().statuses)
            self.asked: set[str] = set()

        def __getitem__(self, kind: str) -> frozenset[int]:
            self.asked.add(kind)
            return super().__getitem__(kind)

    statuses = Listening()
    table = replace(tolerances(), statuses=statuses)
    listening = Judge(catalogue(), table)
    with session_with(sound(), select=("auth.*", "query.*", "state.*", "protocol.*"), shared_judge=listening) as session:
        phases = {name: PHASES[name] for name in ("query", "auth", "state", "protocol")}
        assert go_through(session, phases).exit == 0
        for length in (1, 200_000):
            case = Case(side=Side.REJECTS, label="", rule="body.systemPrompt.type", body={"systemPrompt": ["x" * length]})
            assert not session.judge.judge(replace(answered({}), case=case, status=422)).findings
    assert statuses.asked == set(statuses)
