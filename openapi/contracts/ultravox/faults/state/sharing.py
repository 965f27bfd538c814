"""Faults of what calls made from the same one share with it, and with each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from emulator.fault import Body, Fault
from emulator.messages import Exchange

from .family import inheriting

_SHARED = ("systemPrompt", "temperature", "languageHint", "maxDuration", "recordingEnabled", "metadata")


def _siblings(exchange: Exchange, merged: Body) -> Body:
    """Return what calls made from the same one have set is kept with that."""
    if exchange.parent is None:
        return merged
    kept: Body = exchange.memory.setdefault("siblings", {}).setdefault(exchange.parent.id, {})
    found = {**merged, **{name: each for name, each in kept.items() if name not in exchange.body}}
    kept.update({name: exchange.body[name] for name in _SHARED if name in exchange.body})
    return found


def _write_back(exchange: Exchange, merged: Body) -> Body:
    """Return the parent call takes over the new one's properties, as if both were one object."""
    if exchange.parent:
        shown = orjson.loads(exchange.parent.response)
        changed = {**shown, **{name: each for name, each in exchange.body.items() if name in shown}}
        exchange.store.put(exchange.parent._replace(body=orjson.dumps(merged), response=orjson.dumps(changed)))
    return merged


def _shared(field: str) -> Callable[[Exchange, Body], Body]:
    """Return a new call's object gets into the parent call's, which keeps what it has."""

    def inherited(exchange: Exchange, merged: Body) -> Body:
        if exchange.parent and field in exchange.body:
            shown = orjson.loads(exchange.parent.response)
            shown[field] = {**(shown.get(field) or {}), **exchange.body[field]}
            exchange.store.put(exchange.parent._replace(response=orjson.dumps(shown)))
        return merged

    return inherited


def _line(exchange: Exchange) -> dict[str, str]:
    """Of each call that was made from a parent call, the id of that."""
    line: dict[str, str] = exchange.memory.setdefault("line", {})
    return line


def _in_line(exchange: Exchange, response: Body) -> Body:
    if exchange.parent is not None:
        _line(exchange)[str(response["callId"]).lower()] = exchange.parent.id
    return response


def _show(exchange: Exchange, identifier: str, field: str) -> None:
    """A call shows what another one's body sets, if it does."""
    call = exchange.store.get(identifier)
    if call is not None and field in exchange.body:
        shown = {**orjson.loads(call.response), field: exchange.body[field]}
        exchange.store.put(call._replace(response=orjson.dumps(shown)))


def _into_older_siblings(exchange: Exchange, merged: Body) -> Body:
    """Return what a new call sets gets into the calls made before from the same one."""
    siblings = [
        call for call, parent in _line(exchange).items() if exchange.parent is not None and parent == exchange.parent.id
    ]
    for each in siblings:
        _show(exchange, each, "metadata")
    return merged


def _into_eldest(exchange: Exchange, merged: Body) -> Body:
    """Return what overrides a call's properties gets into the call two before it."""
    line = _line(exchange)
    if exchange.parent is not None:
        _show(exchange, line.get(line.get(exchange.parent.id, ""), ""), "systemPrompt")
    return merged


def _in_a_line(name: str, summary: str, inherited: Callable[[Exchange, Body], Body]) -> Fault:
    return replace(inheriting(name, summary, inherited), response=_in_line)


FAULTS: tuple[Fault, ...] = (
    inheriting("siblings-share", "a call takes over what another one made from the same parent call has set", _siblings),
    inheriting("prior-overwritten", "what overrides a parent call's properties overwrites them there", _write_back),
    inheriting("prior-metadata-shared", "a new call's metadata get into the parent call's", _shared("metadata")),
    _in_a_line("older-siblings-share", "a call's metadata get into calls made before from the same one", _into_older_siblings),
    _in_a_line("eldest-overwritten", "what overrides a prompt gets into the call two before the prior one", _into_eldest),
    inheriting("prior-state-shared", "a new call's state gets into the parent call's", _shared("initialState")),
)
