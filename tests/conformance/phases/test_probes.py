"""The phase of probes: packs show what single probes show, and cost fewer objects."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from conformance.phases import probes
from conformance.run import go_through
from reports.record.entries import Outcome
from strategies.case import Case
from strategies.plan.mutators import mutations
from strategies.plan.probe_packs import probe_packs
from tests.conformance.servers import Received, Reply, Response, conforming
from tests.conformance.sessions import plan, session_with

NO = Reply(400, b'{"detail": "no"}')


def outcome(response: Response) -> tuple[dict[str, str | None], list[str], int, int]:
    """Return the observations by rule, the rules that fail, the numbers of requests and of created objects."""
    with session_with(response) as session:
        verdicts = go_through(session, {"probes": probes.run}).verdicts
        sent, created = session.sender.sent, len(session.objects.numbers)
    observed = {each.rule: each.observed for each in verdicts if each.rule.startswith("observed.")}
    return observed, [each.rule for each in verdicts if each.outcome is Outcome.FAIL], sent, created


def packs() -> list[Case]:
    return list(probe_packs(plan().oracle, mutations(plan(), 1)))


def refusing(is_refused: Callable[[bytes], bool], reply: Reply = NO) -> Callable[[], Response]:
    def made() -> Response:
        usual = conforming()

        def response(received: Received) -> Reply | None:
            return reply if received.method == "POST" and is_refused(received.body) else usual(received)

        return response

    return made


@pytest.mark.parametrize(
    ("server", "saved"),
    [
        (conforming, 14),
        (refusing(lambda body: b"null" in body), 11),  # one probe of a pack is refused: all of it are sent alone
        (refusing(lambda body: b"temperature" in body), 11),
        (refusing(lambda body: body.startswith(b" ")), 8),  # one of those in one request is
        (refusing(lambda body: b"__proto__" in body), 12),
    ],
)
def test_packs_show_what_single_probes_show(
    monkeypatch: pytest.MonkeyPatch, server: Callable[[], Response], saved: int
) -> None:
    observed, failed, sent, created = outcome(server())
    monkeypatch.setattr(probes, "probe_packs", lambda _oracle, _mutations: ())
    monkeypatch.setattr(probes, "sharing", lambda _entries, _cases: [])
    alone, failed_alone, sent_alone, created_alone = outcome(server())
    assert observed == alone
    assert (failed, failed_alone) == ([], [])
    assert created_alone - created >= saved
    assert sent <= sent_alone + len(packs()) + 4


def test_a_server_error_at_two_probes_together_is_found() -> None:
    together = next(pack.aims for pack in packs() if len(pack.aims) > 2)[:2]
    made = {(each.case.rule, each.case.label): each.text for each in mutations(plan(), 1)}
    texts = [f'"{each.path[-1]}": {made[each.rule, each.label]}'.encode() for each in together]
    crash = refusing(lambda body: all(text in body for text in texts), Reply(500, b"{}"))
    observed, failed, _, _ = outcome(crash())
    assert failed == ["robustness.server-error"]
    assert all(observed[each.rule] for each in together)


def test_a_server_error_at_one_of_several_probes_in_a_request_is_found() -> None:
    usual = conforming()

    def crash(received: Received) -> Reply | None:
        return Reply(500, b"{}") if "zz" in received.query else usual(received)

    observed, failed, _, _ = outcome(crash)
    assert failed == ["robustness.server-error"]
    assert str(observed["observed.query-undecodable"]) != str(observed["observed.query-odd"])


def test_what_an_accepted_pack_shows_is_judged() -> None:
    usual = conforming()

    def shows_text(received: Received) -> Reply | None:
        reply = usual(received)
        if received.method == "POST" and b'"temperature": "' in received.body and reply is not None and reply.status < 300:
            return Reply(reply.status, json.dumps({**json.loads(reply.body), "temperature": "0.5"}).encode())
        return reply

    assert "response.temperature.type" in outcome(shows_text)[1]
