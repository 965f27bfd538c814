"""Ids in other spellings: a server refuses each, or takes it for the call that the id names; nothing else conforms."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode

import pytest

from conformance.phases.id_spellings import spellings
from conformance.run import PHASES
from reports.record.entries import Outcome, Verdict
from tests.conformance.servers import Received, Reply, Response, conforming
from tests.conformance.sessions import ending_with

_RULES = ("state.parent-spelling", "state.read-spelling", "observed.parent-spelling", "observed.read-spelling")
_PARENT = "priorCallId"


def test_every_other_spelling_of_a_uuid_means_the_same_number() -> None:
    identity = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    found = [text for _, text in spellings(identity)]
    assert identity not in found
    assert {uuid.UUID(text.strip()) for text in found} == {uuid.UUID(identity)}
    assert identity.upper() in found


def test_an_id_in_capital_letters_is_also_tried_in_small_ones() -> None:
    identity = "3C90C3CC-0D44-4B50-8888-8DD25736052A"
    assert identity.lower() in [text for _, text in spellings(identity)]


def test_every_other_spelling_of_a_number_means_the_same_number() -> None:
    found = [text for _, text in spellings("74")]
    assert found
    assert {int(text) for text in found} == {74}


@pytest.mark.parametrize("identity", ["thing-7", "", "7b", "٣"])
def test_other_ids_have_no_other_spelling(identity: str) -> None:
    assert list(spellings(identity)) == []


def _verdicts(response: Response) -> dict[str, Verdict]:
    ending = ending_with(response, {"state": PHASES["state"]}, select=_RULES)
    return {each.rule: each for each in ending.verdicts if each.rule in _RULES}


def _plain(text: str) -> str | None:
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        return None


def _reading_all(change: Callable[[str], str]) -> Response:
    """The conforming emulator, which takes an id in any spelling; `change` is what it makes of one that is not usual."""
    server = conforming()

    def known(text: str) -> str:
        plain = _plain(text)
        return text if plain in (None, text) else change(plain or "")

    def response(received: Received) -> Reply | None:
        front, _, last = received.path.rpartition("/")
        query = [(name, known(text) if name == _PARENT else text) for name, text in parse_qsl(received.query)]
        kept = [(name, text) for name, text in query if text]
        return server(replace(received, path=f"{front}/{known(unquote(last))}", query=urlencode(kept)))

    return response


def test_a_server_may_refuse_all_but_the_usual_spelling() -> None:
    server = conforming()

    def response(received: Received) -> Reply | None:
        named = [text for name, text in parse_qsl(received.query) if name == _PARENT]
        last = unquote(received.path.rpartition("/")[2])
        is_other = any(_plain(text) not in (None, text) for text in (*named, last))
        return Reply(404, b"{}") if is_other else server(received)

    found = _verdicts(response)
    assert {found[rule].outcome for rule in _RULES[:2]} == {Outcome.PASS}
    assert {found[rule].outcome for rule in _RULES[2:]} == {Outcome.OBSERVED}
    assert "accepted" not in str(found["observed.parent-spelling"])


def test_a_server_may_take_every_spelling() -> None:
    found = _verdicts(_reading_all(str))
    assert {found[rule].outcome for rule in _RULES[:2]} == {Outcome.PASS}
    assert "refused" not in str(found["observed.parent-spelling"])


def test_a_parent_call_in_another_spelling_must_hand_on_what_it_has() -> None:
    found = _verdicts(_reading_all(lambda _id: ""))
    assert found["state.parent-spelling"].outcome is Outcome.FAIL


def test_reading_by_another_spelling_must_not_give_another_call() -> None:
    server, first = _reading_all(str), list[Reply]()

    def response(received: Received) -> Reply | None:
        reply = server(received)
        last = unquote(received.path.rpartition("/")[2])
        if received.method == "POST" and reply is not None and reply.status == 201:
            first.append(reply)
        return replace(first[0], status=200) if received.method == "GET" and _plain(last) not in (None, last) else reply

    assert _verdicts(response)["state.read-spelling"].outcome is Outcome.FAIL
