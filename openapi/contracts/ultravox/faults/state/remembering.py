"""Faults of what is remembered by less than all of a request: one call gets what another was to get."""

from __future__ import annotations

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ResponseHook, creates
from emulator.faults.dsl.places import leaves
from emulator.messages import Exchange, Reply

from .family import FAMILY, replying

_OWN = ("callId", "created", "joinUrl")
_ECHOES = ("body.*.echo", "robustness.repeatable", "state.*", "body.*.default")


def _by(key: object, exchange: Exchange, response: Body) -> Body:
    """Return the response that was first given for a key, but for what is the call's own."""
    known: Body = exchange.memory.setdefault("responses", {}).setdefault(key, response)
    return {**known, **{name: response[name] for name in _OWN if name in response}}


def _remembering(name: str, summary: str, response: ResponseHook) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=_ECHOES, response=response)


def _lower(exchange: Exchange, response: Body) -> Body:
    return _by((exchange.request.query_string, exchange.request.body.decode().lower()), exchange, response)


def _sorted(exchange: Exchange, response: Body) -> Body:
    return _by((exchange.request.query_string, bytes(sorted(exchange.request.body))), exchange, response)


def _ones(exchange: Exchange, response: Body) -> Body:
    """By a body in which true is 1, as in Python's comparisons."""
    body = leaves(exchange.sent, lambda leaf: int(leaf) if isinstance(leaf, bool) else leaf)
    return _by((exchange.request.query_string, orjson.dumps(body)), exchange, response)


def _once(exchange: Exchange, reply: Reply) -> Reply:
    """Return the same request again gets the same call, where it names a parent call or has metadata."""
    if not creates(exchange, reply) or not (exchange.parent or exchange.body.get("metadata")):
        return reply
    key = (exchange.request.query_string, exchange.request.body)
    return reply._replace(body=exchange.memory.setdefault("replies", {}).setdefault(key, reply.body))


FAULTS: tuple[Fault, ...] = (
    _remembering("responses-by-lower-case", "responses are remembered by the body in lower case", _lower),
    _remembering("responses-by-letters", "responses are remembered by the letters of the body, in any order", _sorted),
    _remembering("responses-with-true-as-1", "responses are remembered by a body in which true is 1", _ones),
    replying(
        "equal-requests-are-one", "equal requests with metadata or a parent call make one call", _once, "state.unique-ids"
    ),
)
