"""Judging whole responses: defaults, shape, status, and the table of tolerances."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from conformance.checks.checker import Checker
from conformance.checks.echo import MISSING
from conformance.checks.tolerances import tolerances_of
from conformance.http.exchange import Exchange
from conformance.run import PHASES, go_through
from openapi.json_types import Json
from strategies.case import Case, Side
from tests.conformance.servers import KEY, Received, catalogue, conforming
from tests.conformance.sessions import checker, session_with

TOLERANCES = tolerances_of(catalogue().contract)


def answered(body: Json, **changes: Any) -> Exchange:
    """A creation on the conforming emulator, its response changed; a member changed to MISSING is left out."""
    case = Case(side=Side.ACCEPTS, label="", body=body)
    headers = {"x-api-key": KEY, "content-type": "application/json"}
    reply = conforming()(Received("POST", "/api/calls", "", headers, case.content or b""))
    assert reply is not None
    response = {**orjson.loads(reply.body), **changes}
    content = orjson.dumps({name: value for name, value in response.items() if value is not MISSING})
    kind = {"content-type": "application/json"}
    return Exchange(case, 1, reply.status, kind, content, seconds=0, at=0)


def violated(exchange: Exchange) -> set[str]:
    """The rules that an exchange shows violated."""
    return {each.rule for each in checker().check(exchange).findings}


@pytest.mark.parametrize(
    "body", [{}, {"temperature": 0.7}, {"medium": {"webRtc": {}}}, {"medium": {"webRtc": {}, "plivo": None}}]
)
def test_a_conforming_response(body: Json) -> None:
    exchange = answered(body)
    check_result = checker().check(exchange)
    assert check_result.findings == []
    assert check_result.unjudged is None
    assert ("status.created", "accepts") in check_result.held


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
def test_an_invalid_default(field: str, value: Json) -> None:
    found = violated(answered({}, **{field: value}))
    assert found == {f"body.{field}.default"}
    assert violated(answered({field: value}, **{field: value})) == set()


def test_a_default_that_is_missing() -> None:
    assert violated(answered({}, joinTimeout=MISSING)) & {"body.joinTimeout.default", "response.joinTimeout.required"}


@pytest.mark.parametrize("name", sorted(catalogue().response.required))
def test_a_required_member_that_is_missing_is_reported_once(name: str) -> None:
    assert violated(answered({}, **{name: MISSING})) == {f"response.{name}.required"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"created": "yesterday"}, "response.created.format"),
        ({"created": "2001-01-01T00:00:00.000000Z"}, "response.plausible-times"),
        ({"callId": "00000000-0000-0000-0000-000000000000"}, "response.nil-id"),
        ({"callId": "abc"}, "response.callId.format"),
        ({"errorCount": "0"}, "response.errorCount.type"),
    ],
)
def test_a_malformed_response(changes: dict[str, Json], rule: str) -> None:
    assert rule in violated(answered({}, **changes))


@pytest.mark.parametrize(
    ("content", "kind", "rules"),
    [
        (b"[]", "application/json", {"response.json"}),
        (b"null", "application/json", {"response.json"}),
        (b"<html>", "text/html; charset=utf-8", {"response.json", "response.content-type"}),
        (b"", "", {"response.json", "response.content-type"}),
    ],
)
def test_a_response_that_is_no_object(content: bytes, kind: str, rules: set[str]) -> None:
    assert violated(replace(answered({}), content=content, headers={"content-type": kind})) == rules


@pytest.mark.parametrize(
    ("front", "rules"),
    [
        (b'{"model" : null,', {"response.json"}),
        (b'{"unknown":{"a":[{"b":1,"b":1}]},', {"response.json"}),
        (b'{"unknown":{"a":{"a":1}, "b" : "\\":"},', set()),
        (b'{"unknown":100000000000000000000000,', set()),
        (b'{"unknown":%b"\\u0022"%b,' % (b"[" * 1000, b"]" * 1000), set()),
    ],
)
def test_a_member_that_comes_twice(front: bytes, rules: set[str]) -> None:
    exchange = answered({})
    assert violated(replace(exchange, content=front + exchange.content[1:])) == rules


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
    assert violated(replace(exchange, case=case, status=status)) == rules


@pytest.mark.parametrize("status", sorted(TOLERANCES.unjudged | TOLERANCES.unanswered))
@pytest.mark.parametrize("side", [Side.ACCEPTS, Side.REJECTS, Side.MAY])
def test_responses_about_something_else_judge_nothing(side: Side, status: int) -> None:
    exchange = answered({})
    check_result = checker().check(replace(exchange, case=replace(exchange.case, side=side), status=status))
    assert check_result.findings == []
    assert str(check_result.unjudged).startswith(f"{status}: ")
    assert not check_result.held


def test_no_response_judges_nothing() -> None:
    check_result = checker().check(replace(answered({}), status=0, content=b"", error="ConnectError: refused"))
    assert (check_result.findings, check_result.unjudged) == ([], "ConnectError: refused")


def test_what_only_another_call_was_given() -> None:
    judging = checker()

    def found(sent: Json, **shown: Json) -> set[str]:
        return {each.rule for each in judging.check(answered(sent, **shown)).findings}

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
    nodes = (*catalogue().body.walk(), *catalogue().response.walk())
    kinds = {kind for node in nodes for kind in TOLERANCES.kinds_at(node)}
    assert {entry["kind"] for entry in TOLERANCES.echo} == kinds


@pytest.mark.slow
def test_every_entry_of_the_table_is_asked_for() -> None:
    class Listening(dict[str, frozenset[int]]):
        def __init__(self) -> None:
            super().__init__(TOLERANCES.statuses)
            self.received: set[str] = set()

        def __getitem__(self, kind: str) -> frozenset[int]:
            self.received.add(kind)
            return super().__getitem__(kind)

    statuses = Listening()
    table = replace(TOLERANCES, statuses=statuses)
    listening = Checker(catalogue(), table)
    with session_with(conforming(), select=("auth.*", "query.*", "state.*", "protocol.*"), shared_checker=listening) as session:
        phases = {name: PHASES[name] for name in ("query", "auth", "state", "protocol")}
        assert go_through(session, phases).exit == 0
        for length in (1, 200_000):
            case = Case(side=Side.REJECTS, label="", rule="body.systemPrompt.type", body={"systemPrompt": ["x" * length]})
            assert not session.checker.check(replace(answered({}), case=case, status=422)).findings
    assert statuses.received == set(statuses)


def test_a_response_is_judged_as_it_was_received() -> None:
    # What was sent is not written into what came back, where the two together would violate a rule.
    exchange = answered({"medium": {"webRtc": {}}})
    sent = replace(exchange, case=replace(exchange.case, body={"medium": {"unknown": []}}))
    assert not {rule for rule in violated(sent) if rule.startswith("response.")}


def test_nothing_in_words_is_a_violation_where_nothing_was_sent() -> None:
    assert "response.languageHint.type" in violated(answered({}, languageHint="None"))
    assert "response.languageHint.type" not in violated(answered({"languageHint": "None"}))


def test_defaults_are_left_out_by_a_server_that_fills_in_none_of_them() -> None:
    response = catalogue().response
    optional = {name: MISSING for name in response.properties if name not in response.required}
    assert not {rule for rule in violated(answered({}, **optional)) if rule.endswith(".default")}
    shown = {name: each for name, each in optional.items() if name != "model"}
    assert "body.joinTimeout.default" in violated(answered({}, **shown))


def test_what_is_cut_to_meet_a_rule_of_responses_does_not_come_back_as_it_was_sent() -> None:
    tag = "de-Latn-DE-x-abcd"
    case = Case(
        side=Side.REJECTS,
        label="",
        rule="body.languageHint.maxLength",
        body={"languageHint": tag},
        offending_path=("languageHint",),
    )
    shows = {each: replace(answered({}, languageHint=each), case=case) for each in (tag, tag[:16], None)}
    assert "response.languageHint.maxLength" in violated(shows[tag])
    assert "body.languageHint.echo" in violated(shows[tag[:16]])
    assert "body.languageHint.echo" in violated(shows[None])
