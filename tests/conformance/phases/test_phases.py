"""The phases of keys, queries, created calls and the protocol: what they show, and what they let pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import orjson
import pytest

from conformance.phases import bodies
from conformance.phases import stateful as machine
from conformance.phases.auth import _near
from conformance.profiles import PROFILES
from conformance.run import PHASES
from emulator.fault import Fault
from reports.record.entries import Outcome
from reports.record.key_forms import KeyValue
from tests.conformance.servers import KEY, Received, Reply, Response, conforming
from tests.conformance.sessions import ending_with
from tests.emulator.planted import FAULTS

Object = dict[str, Any]
Change = Callable[[Received, Object], Object]
_NUMBERS = count()


def changed(change: Change, *methods: str) -> Response:
    """The conforming emulator, its successful responses to these methods changed."""
    server = conforming()

    def response(received: Received) -> Reply | None:
        reply = server(received)
        if reply is None or received.method not in methods or not 200 <= reply.status < 300:
            return reply
        return replace(reply, body=orjson.dumps(change(received, orjson.loads(reply.body))))

    return response


def instead(when: Callable[[Received], bool], status: int) -> Response:
    """The conforming emulator, but for another status where something is true of the request."""
    server = conforming()
    return lambda received: Reply(status, b"") if when(received) else server(received)


def failing(response: Response, *phases: str) -> set[str]:
    """The rules that fail in these phases."""
    ending = ending_with(response, {name: PHASES[name] for name in phases})
    assert ending.reason is None
    return {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL}


@pytest.mark.parametrize(
    "change",
    [
        lambda _, call: {**call, "created": call["created"].replace("Z", "+00:00")},
        lambda _, call: {
            **call,
            "joinTimeout": call["joinTimeout"].replace("s", "000s" if "." in call["joinTimeout"] else ".0s"),
        },
        lambda _, call: {**call, "callId": call["callId"].upper()},
        lambda _, call: {**call, "joinUrl": f"{call['joinUrl']}?token={next(_NUMBERS)}"},
        lambda _, call: {**call, "billingStatus": "PENDING", "reads": next(_NUMBERS)},
        lambda _, call: {**call, "metadata": {**call["metadata"], "ultravox.reads": str(next(_NUMBERS))}},
    ],
    ids=["instant", "duration", "letters of the id", "fresh URL", "more members", "system keys"],
)
def test_reading_may_show_a_call_in_other_words(change: Change) -> None:
    assert failing(changed(change, "GET"), "state") == set()


def test_a_body_that_excludes_what_its_parent_call_has_may_be_refused() -> None:
    refusing = Fault(
        name="conflict",
        family="state",
        summary="a body that excludes what its prior call has is refused",
        expects=(),
        variant=lambda variant: replace(variant, parent_conflict="refused"),
    )
    assert failing(conforming(faults=[refusing]), "state") == set()


def test_what_contradicts_a_parent_call_overrides_it_where_it_is_accepted() -> None:
    assert "state.firstSpeaker.overridden" in failing(conforming(faults=[FAULTS["speaker-not-overridden"]]), "state")


def test_what_has_neither_body_nor_key_is_not_let_in() -> None:
    assert failing(conforming(faults=[FAULTS["no-body-no-key"]]), "auth") == {"auth.missing-key"}


def test_what_reading_shows_otherwise_is_reported_once() -> None:
    assert failing(changed(lambda _, call: {**call, "temperature": 0.9}, "GET"), "state") == {"state.read-back"}


def test_what_changes_between_two_readings_is_a_change() -> None:
    reads: dict[str, int] = {}

    def change(received: Received, call: Object) -> Object:
        reads[received.path] = reads.get(received.path, -1) + 1
        return {**call, "errorCount": reads[received.path]}

    found = failing(changed(change, "GET"), "state")
    assert found == {"state.read-back", "state.isolated", "state.parent-unchanged", "state.delete-isolated", "auth.delete"}


def test_metadata_of_the_system_differ_from_call_to_call() -> None:
    def change(_: Received, call: Object) -> Object:
        return {**call, "metadata": {**call["metadata"], "ultravox.request": str(uuid4())}}

    response = changed(change, "POST")
    assert failing(response, "state") == set()
    profile = replace(PROFILES["nightly"], machine_steps=40)
    ending = ending_with(response, {"machine": machine.run}, profile=profile)
    assert not [each for each in ending.verdicts if each.outcome is Outcome.FAIL]


@pytest.mark.parametrize(
    ("shown", "longest", "rules"),
    [
        (lambda at: at.isoformat(timespec="microseconds"), 0.1, set()),
        (lambda at: at.isoformat(timespec="milliseconds"), 1.0, set()),
        (lambda at: at.isoformat(timespec="seconds"), 2.0, set()),
        (lambda at: at.isoformat(timespec="minutes") + ":00", 2.0, {"state.own-times"}),
    ],
    ids=["microseconds", "milliseconds", "seconds", "minutes"],
)
def test_times_of_creation_are_compared_when_the_clock_has_moved_on(
    shown: Callable[[datetime], str], longest: float, rules: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    began, slept = datetime.now(UTC).replace(tzinfo=None, second=30), [-monotonic()]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("conformance.phases.timestamps.asyncio", SimpleNamespace(sleep=sleep))
    reported: dict[str, str] = {}

    def change(_: Received, call: Object) -> Object:
        moment = shown(began + timedelta(seconds=monotonic() + sum(slept))) + "Z"
        return {**call, "created": reported.setdefault(call["callId"], moment)}

    assert failing(changed(change, "POST", "GET"), "state") == rules
    assert sum(slept[1:]) <= longest


def test_a_malformed_id_is_reported_as_such_alone() -> None:
    response = changed(lambda _, call: {**call, "callId": f"call_{call['callId']}"}, "POST")
    assert failing(response, "query", "auth", "state") == {"response.callId.format"}


def test_a_server_error_in_the_state_machine_is_reported_as_one() -> None:
    profile = replace(PROFILES["nightly"], machine_steps=40)
    ending = ending_with(instead(lambda received: received.method == "GET", 500), {"machine": machine.run}, profile=profile)
    assert {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL} == {"robustness.server-error"}


def test_what_is_refused_with_the_bodies_is_not_reported_again_by_the_state_machine() -> None:
    profile = replace(PROFILES["smoke"], machine_steps=60)
    phases = {"bodies": bodies.run, "machine": machine.run}
    ending = ending_with(instead(lambda received: b'"recordingEnabled"' in received.body, 400), phases, profile=profile)
    assert {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL} == {"body.recordingEnabled.type"}
    assert ending.reason is None


@pytest.mark.parametrize(("status", "rules"), [(501, set()), (404, set()), (500, {"robustness.server-error"})])
def test_a_method_that_is_not_served_may_be_reported_in_words_of_http(status: int, rules: set[str]) -> None:
    response = instead(lambda received: received.method not in ("GET", "POST", "DELETE"), status)
    assert failing(response, "protocol", "probes") == rules


def test_a_deletion_that_is_only_accepted_need_not_be_done_at_once() -> None:
    server = conforming()

    def response(received: Received) -> Reply | None:
        return Reply(202) if received.method == "DELETE" and received.headers.get("x-api-key") == KEY else server(received)

    assert failing(response, "state") == set()


def test_a_parent_call_that_is_refused_is_not_reported_of_a_parameter_alongside_it() -> None:
    server, named = conforming(), count()

    def response(received: Received) -> Reply | None:
        is_late = "priorCallId" in received.query and next(named) > 0
        return Reply(409) if is_late and received.headers.get("x-api-key") == KEY else server(received)

    assert "query.enableGreetingPrompt.type" not in failing(response, "query")


def test_reading_what_is_no_id_is_no_server_error() -> None:
    response = instead(lambda received: received.method == "GET" and len(received.path.rpartition("/")[2]) != 36, 500)
    assert failing(response, "state") == {"robustness.server-error"}


def test_a_call_right_after_a_refusal_shows_what_it_was_sent() -> None:
    server, last = conforming(), [201]

    def response(received: Received) -> Reply | None:
        before, reply = last[0], server(received)
        assert reply is not None
        last[0] = reply.status
        if before != 400 or reply.status != 201:
            return reply
        return replace(reply, body=orjson.dumps({**orjson.loads(reply.body), "metadata": {}}))

    assert "body.metadata.echo" in failing(response, "state")  # which others suffer depends on what is sent at once


def test_a_rule_of_the_body_holds_alongside_a_parent_call() -> None:
    server = conforming()

    def response(received: Received) -> Reply | None:
        body = received.body
        if "priorCallId" in received.query and body.startswith(b"{"):
            sent = orjson.loads(body)
            body = orjson.dumps({name: value for name, value in sent.items() if name != "voice" or "externalVoice" not in sent})
        return server(replace(received, body=body))

    assert failing(response, "query") == {"body.voice-or-external-voice"}


def test_every_character_of_a_key_is_turned_but_where_requests_are_scarce() -> None:
    def positions(*, few: bool) -> set[int]:
        keys = [value for _, form in _near(KEY, few=few) if len(value := str(KeyValue(form, KEY))) == len(KEY)]
        differing = [[at for at, (one, other) in enumerate(zip(KEY, key, strict=True)) if one != other] for key in keys]
        return {places[0] for places in differing if len(places) == 1}

    assert positions(few=False) == set(range(len(KEY)))
    assert {0, len(KEY) // 2, len(KEY) - 1} < positions(few=True)
    assert len(positions(few=True)) < 10


def test_a_percent_encoded_query_that_means_something_else_is_reported_once_a_parameter() -> None:
    """A call that takes nothing over since its query was not understood fails under its query, not under each property."""
    names = {"query.enableGreetingPrompt.type", "query.priorCallId.type", "query.priorCallId.format"}
    assert failing(conforming(faults=[FAULTS["percent-encoded-names-unknown"]]), "query", "state") == names


def test_what_no_response_is_about_is_not_said_to_hold() -> None:
    verdicts = {each.rule: each for each in ending_with(conforming(), {}).verdicts}
    assert verdicts["response.default-first-speaker"].outcome is Outcome.PASS
    unseen = verdicts["response.settings-user-set-first-speaker"]
    assert unseen.outcome is Outcome.SKIP
    assert unseen.reason == "no response showed what it is about; a server may leave it out"


@pytest.mark.parametrize("concurrency", [1, 16])
def test_calls_that_share_their_ids_are_reported_of_that_alone(concurrency: int) -> None:
    ending = ending_with(conforming(faults=[FAULTS["id-used-twice"]]), {"state": PHASES["state"]}, concurrency=concurrency)
    assert {each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL} == {"state.unique-ids"}


def test_what_is_refused_beside_a_parent_call_alone_is_named() -> None:
    beside = instead(lambda received: b"maxDuration" in received.body and "priorCallId" in received.query, 400)
    assert failing(beside, "state") == {"state.maxDuration.overridden"}
    everything = instead(lambda received: "priorCallId" in received.query and received.method == "POST", 400)
    assert failing(everything, "state") == {"query.priorCallId.type"}


def test_a_parent_call_that_is_gone_is_no_matter_of_parent_calls() -> None:
    """A server that keeps the latest four calls alone."""
    server, made = conforming(), list[str]()

    def forgetful(received: Received) -> Reply | None:
        if any(each in received.path + received.query for each in made[:-4]):
            return Reply(404, b"{}")
        reply = server(received)
        if reply is not None and received.method == "POST" and reply.status == 201:
            made.append(orjson.loads(reply.body)["callId"])
        return reply

    found = failing(forgetful, "state")
    assert "state.isolated" in found
    assert not {"status.created", "query.priorCallId.type"} & found
