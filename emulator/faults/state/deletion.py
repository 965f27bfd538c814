"""Faults of deleting a call."""

from __future__ import annotations

from dataclasses import replace

from emulator.fault import Fault
from emulator.faults.making import ReplyHook, creates
from emulator.faults.state.family import replying
from emulator.messages import Exchange, Reply


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


def _delete_as(status: int) -> ReplyHook:
    return lambda exchange, reply: (
        replace(reply, status=status) if exchange.request.method == "DELETE" and reply.status == 204 else reply
    )


FAULTS: tuple[Fault, ...] = (
    replying("deletion-undone", "a deleted call is still there", _restores, "state.delete"),
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
