"""Null in place of members: taken for not set or refused, and never shown where a response may not have it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from conformance.phases import nulls, probes
from conformance.run import Ending
from conformance.session import Session
from openapi.json_types import Json
from reports.record.entries import Entry, Exchange, Outcome
from tests.conformance.servers import Received, Reply, Response, conforming
from tests.conformance.sessions import ending_with
from tests.emulator.planted import FAULTS


def ending(response: Response, record: list[Entry] | None = None) -> Ending:
    async def phase(session: Session) -> None:
        await nulls.run(session)

    return ending_with(response, {"nulls": phase}, record=record)


def failed(ending: Ending) -> list[str]:
    return [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]


def sent(record: Iterable[Entry]) -> list[Json]:
    bodies = [json.loads(each.request.body or "null") for each in record if isinstance(each, Exchange)]
    return [body for body in bodies if isinstance(body, dict) and None in body.values()]


def refusing_null() -> Response:
    usual = conforming()

    def response(received: Received) -> Reply | None:
        body = json.loads(received.body or b"{}")
        is_refused = received.method == "POST" and isinstance(body, dict) and None in body.values()
        return Reply(400, b'{"detail": "null is no value"}') if is_refused else usual(received)

    return response


def test_a_server_that_reads_null_as_not_set_is_asked_once() -> None:
    record: list[Entry] = []
    assert failed(ending(conforming(), record)) == []
    assert len(sent(record)) == 1


def test_a_server_that_refuses_null_is_asked_for_each_member() -> None:
    record: list[Entry] = []
    assert failed(ending(refusing_null(), record)) == []
    alone = [next(iter(body)) for body in sent(record) if isinstance(body, dict) and len(body) == 1]
    assert {"temperature", "metadata", "joinTimeout"} <= set(alone)
    assert len(alone) == len(set(alone))


def test_what_one_type_is_refused_for_is_asked_at_once_for_the_others() -> None:
    usual, record = conforming(), list[Entry]()

    def response(received: Received) -> Reply | None:
        nulls = [name for name, value in json.loads(received.body or b"{}").items() if value is None]
        return Reply(400) if "temperature" in nulls else usual(received)

    assert failed(ending(response, record)) == []
    every, *others = sent(record)
    assert isinstance(every, dict)
    assert None in every.values()
    assert [body for body in others if body == {"temperature": None}]
    strings = [body for body in others if isinstance(body, dict) and "systemPrompt" in body]
    assert len(strings) == 1
    assert {"model", "timeExceededMessage"} <= strings[0].keys()


@pytest.mark.parametrize("fault", [name for name in FAULTS if "-kept" in name and name.startswith("null-")])
def test_null_that_comes_back_is_no_value_of_the_response(fault: str) -> None:
    [rule] = failed(ending(conforming(faults=[FAULTS[fault]])))
    assert rule in FAULTS[fault].expects


def test_what_is_accepted_of_a_probe_shows_a_response_like_any_other() -> None:
    usual = conforming()

    def response(received: Received) -> Reply | None:
        reply = usual(received)
        is_null = reply is not None and reply.status == 201 and re.search(rb'": ?null', received.body) is not None
        return Reply(201, json.dumps({**json.loads(reply.body), "errorCount": "none"}).encode()) if reply and is_null else reply

    assert "response.errorCount.type" in failed(ending_with(response, {"probes": probes.run}))


def test_what_lacks_a_member_in_a_probe_may_lack_it_in_the_response() -> None:
    record: list[Entry] = []
    assert failed(ending_with(conforming(), {"probes": probes.run}, record=record)) == []
    labels = [each.label for each in record if isinstance(each, Exchange)]
    assert any(label.startswith("externalVoice.") for label in labels)


def test_a_server_that_accepts_whatever_comes_is_judged_by_its_responses() -> None:
    """Also by those to requests without a body, and to bytes that are no JSON."""
    empty = conforming()

    def response(received: Received) -> Reply | None:
        return empty(replace(received, body=b"{}")) if received.method == "POST" else empty(received)

    assert not [rule for rule in failed(ending_with(response, {"probes": probes.run})) if rule.startswith("response.")]


def nested(record: Iterable[Entry]) -> list[str]:
    """The properties whose members were null, joined, of each request."""
    bodies = [json.loads(each.request.body or "null") for each in record if isinstance(each, Exchange)]
    return [" ".join(body) for body in bodies if isinstance(body, dict) and body and None not in body.values()]


def test_null_stands_within_each_property_too() -> None:
    record: list[Entry] = []
    assert failed(ending(refusing_null(), record)) == []
    assert any({"medium", "firstSpeakerSettings", "selectedTools"} < set(names.split()) for names in nested(record))


def test_a_server_that_fails_on_null_within_one_property_is_found() -> None:
    """A property that is refused before it does not hide it."""
    for before in (b"nothing", b"externalVoice"):
        usual = refusing_null()

        def crash(received: Received, usual: Response = usual, before: bytes = before) -> Reply | None:
            if received.method == "POST" and before not in received.body and b'"firstSpeakerSettings":{"' in received.body:
                return Reply(500, b"{}") if b'"user":null' in received.body else usual(received)
            return Reply(400, b"{}") if before in received.body else usual(received)

        assert failed(ending(crash)) == ["robustness.server-error"]
