"""Faults in state: reading and deleting created objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import SERVER_ERROR, ReplyHook, creates
from emulator.messages import Exchange, Reply, Request

FAMILY = "state"


def replying(name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    """Return a fault of state that changes replies."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, reply=reply)


def reading(change: Callable[[Exchange, Body], Any]) -> ReplyHook:
    """Return a seam that changes the responses to reading."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if exchange.request.method != "GET" or exchange.call is None or given.status >= 300:
            return given
        return given._replace(body=orjson.dumps(change(exchange, orjson.loads(given.body))))

    return reply


def _read_any(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply):
        exchange.memory["any"] = reply.body
    if exchange.request.method == "GET" and reply.status == 404 and "any" in exchange.memory:
        return Reply(200, exchange.memory["any"])
    return reply


def _read_latest(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply):
        exchange.memory["latest"] = reply.body
    if exchange.request.method == "GET" and reply.status == 200:
        return reply._replace(body=exchange.memory.get("latest", reply.body))
    return reply


def _read_once(exchange: Exchange, reply: Reply) -> Reply:
    if exchange.request.method == "GET" and reply.status == 200 and exchange.call:
        exchange.store.remove(exchange.call.id)
    return reply


def _few(exchange: Exchange, request: Request) -> Request:
    exchange.store.capacity = 2
    return request


def _restores(exchange: Exchange, reply: Reply) -> Reply:
    if exchange.request.method == "DELETE" and exchange.call:
        exchange.store.put(exchange.call)
    return reply


def _deletes_latest(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply):
        exchange.memory["latest"] = exchange.call
    if exchange.request.method == "DELETE" and exchange.call and exchange.memory.get("latest"):
        exchange.store.put(exchange.call)
        exchange.store.remove(exchange.memory["latest"].id)
    return reply


def _deletes_all(exchange: Exchange, reply: Reply) -> Reply:
    if exchange.request.method == "DELETE" and exchange.call:
        kept, exchange.store.capacity = exchange.store.capacity, 0
        exchange.store.put(exchange.call)
        exchange.store.remove(exchange.call.id)
        exchange.store.capacity = kept
    return reply


def _still_cached(exchange: Exchange, reply: Reply) -> Reply:
    cache: dict[str, Reply] = exchange.memory.setdefault("read", {})
    if exchange.request.method == "GET" and reply.status == 200:
        cache[exchange.request.path] = reply
    if exchange.request.method == "GET" and reply.status == 404:
        return cache.get(exchange.request.path, reply)
    return reply


def _crash_after(exchange: Exchange, reply: Reply) -> Reply:
    if exchange.request.method == "DELETE" and exchange.call:
        exchange.memory["deleted"] = True
    return SERVER_ERROR if creates(exchange, reply) and exchange.memory.pop("deleted", False) else reply


def _looked_up(exchange: Exchange, reply: Reply) -> Reply:
    """Return the response with inherited members looked up in the parent call, which may be deleted by then."""
    derived_calls = exchange.memory.setdefault("heirs", {})
    if creates(exchange, reply) and exchange.parent and exchange.call:
        derived_calls[exchange.call.id] = (exchange.parent.id, exchange.merged.keys() - exchange.body.keys())
    if exchange.request.method == "GET" and reply.status == 200 and exchange.call and exchange.call.id in derived_calls:
        parent, names = derived_calls[exchange.call.id]
        if exchange.store.get(parent) is None:
            response = orjson.loads(reply.body)
            return reply._replace(body=orjson.dumps({k: None if k in names else v for k, v in response.items()}))
    return reply


def _delete_as(status: int) -> ReplyHook:
    return lambda exchange, reply: (
        reply._replace(status=status) if exchange.request.method == "DELETE" and reply.status == 204 else reply
    )


FAULTS: tuple[Fault, ...] = (
    replying(
        "read-in-a-list",
        "a call is read back in a list",
        reading(lambda _, response: [response]),
        "state.read-back",
    ),
    replying("read-latest", "reading a call gives the latest one", _read_latest, "state.*"),
    replying("read-unknown-as-another", "reading an unknown call gives another one", _read_any, "state.*"),
    replying("read-once", "a call can be read once", _read_once, "state.*"),
    Fault(
        name="few-calls-kept",
        family=FAMILY,
        summary="only the two latest calls are kept",
        expects=("state.*", "query.*"),
        incoming=_few,
    ),
    replying("deletion-undone", "a deleted call is still there", _restores, "state.delete"),
    replying("deletion-cached", "a call that was read once can be read when it is deleted", _still_cached, "state.delete"),
    replying("deletion-then-500", "the first call after a deletion fails", _crash_after, "robustness.server-error"),
    replying("deletion-of-inherited", "with a call goes what others took over from it", _looked_up, "state.*"),
    replying("deletion-of-latest", "deleting a call deletes the latest one", _deletes_latest, "state.*"),
    replying(
        "deletion-of-all",
        "deleting a call deletes all calls",
        _deletes_all,
        "state.delete-isolated",
        "state.*",
    ),
    replying(
        "deletion-refused",
        "deleting is answered with 409, though it is done",
        _delete_as(409),
        "state.delete",
    ),
    replying(
        "deletion-failing",
        "deleting is answered with 500, though it is done",
        _delete_as(500),
        "state.delete",
        "robustness.server-error",
    ),
)
