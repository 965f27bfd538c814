"""Faults of what is remembered by less than all of a request: one call gets what another was to get."""

from __future__ import annotations

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import AnswerHook, creates
from emulator.faults.dsl.places import leaves
from emulator.faults.planted.state.family import FAMILY, replying
from emulator.messages import Exchange, Reply

_OWN = ("callId", "created", "joinUrl")
_ECHOES = ("body.*.echo", "robustness.repeatable", "state.*", "body.*.default")


def _by(key: object, exchange: Exchange, answer: Body) -> Body:
    """The answer that was first given for a key, but for what is the call's own."""
    known: Body = exchange.memory.setdefault("answers", {}).setdefault(key, answer)
    return {**known, **{name: answer[name] for name in _OWN if name in answer}}


def _remembering(name: str, summary: str, answer: AnswerHook) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=_ECHOES, answer=answer)


def _lower(exchange: Exchange, answer: Body) -> Body:
    return _by((exchange.request.query_string, exchange.request.body.decode().lower()), exchange, answer)


def _sorted(exchange: Exchange, answer: Body) -> Body:
    return _by((exchange.request.query_string, bytes(sorted(exchange.request.body))), exchange, answer)


def _ones(exchange: Exchange, answer: Body) -> Body:
    """By a body in which true is 1, as in Python's comparisons."""
    body = leaves(exchange.sent, lambda leaf: int(leaf) if isinstance(leaf, bool) else leaf)
    return _by((exchange.request.query_string, orjson.dumps(body)), exchange, answer)


def _once(exchange: Exchange, reply: Reply) -> Reply:
    """The same request again gets the same call, where it names a prior one or has metadata."""
    if not creates(exchange, reply) or not (exchange.prior or exchange.body.get("metadata")):
        return reply
    key = (exchange.request.query_string, exchange.request.body)
    return reply._replace(body=exchange.memory.setdefault("replies", {}).setdefault(key, reply.body))


FAULTS: tuple[Fault, ...] = (
    _remembering("answers-by-lower-case", "answers are remembered by the body in lower case", _lower),
    _remembering("answers-by-letters", "answers are remembered by the letters of the body, in any order", _sorted),
    _remembering("answers-with-true-as-1", "answers are remembered by a body in which true is 1", _ones),
    replying("equal-requests-are-one", "equal requests with metadata or a prior call make one call", _once, "state.unique-ids"),
)
