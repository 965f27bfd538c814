"""The phase of the third generator: a conforming server accepts what it draws, and a refusal of a valid value is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import hypothesis_jsonschema
import pytest
from hypothesis import strategies as st

from conformance.phases import third_generator
from conformance.profiles import PROFILES, Profile
from conformance.run import phases_of
from openapi.json_types import Json
from reports.record.entries import Entry, Exchange, Outcome
from strategies.fuzzing import schema_bodies
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with


def few(count: int) -> Profile:
    """Return a profile that draws so many bodies: a test with its own bodies has its own number, for the plan keeps them."""
    return replace(PROFILES["smoke"], third_generator=count)


def draw_by(monkeypatch: pytest.MonkeyPatch, take: Callable[[object, int, int], list[Json]]) -> None:
    """Let a function stand for what draws; the strategy that it is given, which takes a second to make, is another."""
    monkeypatch.setattr(hypothesis_jsonschema, "from_schema", lambda _schema: st.just({}))
    monkeypatch.setattr(third_generator, "take", take)


@pytest.mark.slow
def test_the_conforming_emulator_accepts_what_is_drawn_as_valid() -> None:
    record: list[Entry] = []
    ending = ending_with(conforming(), {"third generator": third_generator.run}, profile=few(60), record=record)
    assert (ending.exit, [each.rule for each in ending.verdicts if each.outcome in (Outcome.FAIL, Outcome.ERROR)]) == (0, [])
    statuses = [
        each.response.status for each in record if isinstance(each, Exchange) and each.response and "drawn by" in each.label
    ]
    assert len(statuses) > 10
    assert statuses.count(201) > len(statuses) // 4


def test_a_nightly_run_draws_with_the_package_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    nightly, read = PROFILES["nightly"], list[object]()
    phases = phases_of(nightly)
    assert nightly.third_generator
    assert phases["third generator"] is third_generator.run

    def from_schema(schema: object) -> st.SearchStrategy[object]:
        read.append(schema)
        return st.just({})

    monkeypatch.setattr(hypothesis_jsonschema, "from_schema", from_schema)
    ending_with(conforming(), {"third generator": phases["third generator"]}, profile=few(22))
    assert len(read) == 1


def test_a_server_may_refuse_members_that_nothing_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[Json] = [{"medium": {"webRtc": {"M": {}}}}, {"medium": {"twilio": {"": None}}}, {"initialState": {"M": {}}}]
    draw_by(monkeypatch, lambda *_: bodies)
    usual = conforming()

    def strict(received: Received) -> Reply | None:
        return Reply(400) if re.search(rb'"(webRtc|twilio)": ?{.', received.body) else usual(received)

    ending = ending_with(strict, {"third generator": third_generator.run}, profile=few(23))
    assert [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL] == []


def test_a_server_may_refuse_what_parsers_and_stores_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = {"playHt": {"voiceId": "x", "temperature": 1.7976931348623157e308}}
    bodies: list[Json] = [{"systemPrompt": "a\0b"}, {"externalVoice": voice}, {"initialState": {"\ufdd0": 1}}]
    draw_by(monkeypatch, lambda *_: bodies)
    usual, refused = conforming(), list[bytes]()

    def strict(received: Received) -> Reply | None:
        if any(text in received.body for text in (rb"\u0000", b"e+308", "\ufdd0".encode())):
            refused.append(received.body)
            return Reply(400)
        return usual(received)

    ending = ending_with(strict, {"third generator": third_generator.run}, profile=few(24))
    assert [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL] == []
    assert len(refused) == len(bodies)


def test_a_refused_value_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    draw_by(monkeypatch, lambda *_: [{"temperature": 0.5}, {"voice": "Mark", "initialState": {"a": [1]}, "temperature": 0}])
    usual = conforming()

    def response(received: Received) -> Reply | None:
        body = json.loads(received.body or b"{}")
        is_refused = isinstance(body, dict) and "initialState" in body
        return Reply(400) if is_refused and received.method == "POST" else usual(received)

    ending = ending_with(response, {"third generator": third_generator.run}, profile=few(26))
    failed = {each.rule: each for each in ending.verdicts if each.outcome is Outcome.FAIL}
    assert any("initialState" in rule for rule in failed), failed
    smallest = next(each for rule, each in failed.items() if "initialState" in rule).failures[0].request.body
    assert set(json.loads(smallest or "")) == {"initialState"}


def test_a_dispute_is_an_error_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    draw_by(monkeypatch, lambda *_: [{"temperature": 7}, {"temperature": "x", "voice": 3}])
    ending = ending_with(conforming(), {"third generator": third_generator.run}, profile=few(25))
    [verdict] = [each for each in ending.verdicts if each.rule == "body.temperature.maximum"]
    assert (verdict.outcome, "invalid to the oracle alone" in (verdict.reason or "")) == (Outcome.ERROR, True)
    assert "maximum" in schema_bodies.READ


def test_a_shared_plan_draws_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def take(_strategy: object, count: int, _seed: int) -> list[Json]:
        drawn.append(count)
        return [{}]

    draw_by(monkeypatch, take)
    for _ in range(2):
        ending_with(conforming(), {"third generator": third_generator.run}, profile=few(99))
    assert drawn == [99]
