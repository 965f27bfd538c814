"""Values that a server may refuse: a refusal of one reason hides no other, and costs few requests."""

from __future__ import annotations

import json

from conformance.phases import omissions, uncertain
from conformance.run import go_through
from reports.record.entries import Outcome, Verdict
from strategies.plan.omissions import is_lenient
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import plan, session_with
from tests.strategies.schemas import Object

REFUSED = Reply(400, b'{"detail": "no"}')


def test_a_refused_reason_hides_no_other_one() -> None:
    response, accepted = conforming(), list[Object]()

    def refuse_nul(received: Received) -> Reply | None:
        reply = REFUSED if b"\\u0000" in received.body else response(received)
        if reply is not None and reply.status < 300 and received.body:
            accepted.append(json.loads(received.body))
        return reply

    with session_with(refuse_nul) as session:
        ending = go_through(session, {"bodies": uncertain.run})
        sent = session.sender.sent
    assert not [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]
    shown = " ".join(map(str, accepted))
    assert all(text in shown for text in ("\\x01\\x08\\x1b", "MESSAGE_ROLE_UNSPECIFIED", "-322s", "3e+38"))
    assert sent < 3 * len(plan().may_packs) + 40


def test_a_refusal_that_names_its_reason_costs_fewer_objects() -> None:
    def created(detail: str) -> int:
        response = conforming()

        def refuse(received: Received) -> Reply | None:
            refused = next(
                (text for text in ("322222222222s", "1e+39", "MESSAGE_ROLE_UNSPECIFIED") if text.encode() in received.body),
                None,
            )
            return (
                response(received) if refused is None else Reply(400, json.dumps({"detail": detail.format(refused)}).encode())
            )

        with session_with(refuse) as session:
            go_through(session, {"bodies": uncertain.run})
            return len(session.objects.numbers)

    assert created("cannot read {}") < created("no")


def lenient(verdicts: list[Verdict]) -> list[Verdict]:
    return [each for each in verdicts if each.rule.startswith("body.") and each.rule.endswith(".required") and each.observed]


def test_what_is_left_out_together_is_recorded_of_each_member() -> None:
    response, created = conforming(), 0

    def count(received: Received) -> Reply | None:
        nonlocal created
        reply = response(received)
        created += reply is not None and reply.status < 300 and received.method == "POST"
        return reply

    with session_with(count) as session:
        before = created
        found = lenient(go_through(session, {"bodies": omissions.run}).verdicts)
    assert len(found) > 20
    assert created - before < 20


def test_what_a_refusal_leaves_open_is_left_out_one_by_one() -> None:
    response, refused = conforming(), list[Object]()

    def strict(received: Received) -> Reply | None:
        body = json.loads(received.body) if received.body else None
        if isinstance(body, dict) and not plan().oracle.is_valid(body):
            refused.append(body)
            return REFUSED
        return response(received)

    with session_with(strict) as session:
        ending = go_through(session, {"bodies": omissions.run})
    assert lenient(ending.verdicts) == []
    alone = [found[0].body for rule, found in plan().violations.items() if is_lenient(plan(), rule)][1:]
    assert all(body in refused for body in alone)
