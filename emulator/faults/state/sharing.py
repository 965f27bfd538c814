"""Faults of what calls made from the same one share with it, and with each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from emulator.fault import Body, Fault
from emulator.faults.state.family import inheriting
from emulator.messages import Exchange

_SHARED = ("systemPrompt", "temperature", "languageHint", "maxDuration", "recordingEnabled", "metadata")


def _siblings(exchange: Exchange, merged: Body) -> Body:
    """What calls made from the same one have set is kept with that."""
    if exchange.prior is None:
        return merged
    kept: Body = exchange.memory.setdefault("siblings", {}).setdefault(exchange.prior.id, {})
    found = {**merged, **{name: each for name, each in kept.items() if name not in exchange.body}}
    kept.update({name: exchange.body[name] for name in _SHARED if name in exchange.body})
    return found


def _write_back(exchange: Exchange, merged: Body) -> Body:
    """The prior call takes over the new one's properties, as if both were one object."""
    if exchange.prior:
        shown = orjson.loads(exchange.prior.answer)
        changed = {**shown, **{name: each for name, each in exchange.body.items() if name in shown}}
        exchange.store.put(exchange.prior._replace(body=orjson.dumps(merged), answer=orjson.dumps(changed)))
    return merged


def _shared(field: str) -> Callable[[Exchange, Body], Body]:
    """A new call's object gets into the prior call's, which keeps what it has."""

    def inherited(exchange: Exchange, merged: Body) -> Body:
        if exchange.prior and field in exchange.body:
            shown = orjson.loads(exchange.prior.answer)
            shown[field] = {**(shown.get(field) or {}), **exchange.body[field]}
            exchange.store.put(exchange.prior._replace(answer=orjson.dumps(shown)))
        return merged

    return inherited


def _into_older_siblings(exchange: Exchange, merged: Body) -> Body:
    """What a new call sets gets into the calls made before from the same one."""
    if exchange.prior is None:
        return merged
    older: list[str] = exchange.memory.setdefault("heirs", {}).setdefault(exchange.prior.id, [])
    made = [call for call in map(exchange.store.get, older) if call is not None]
    for call in made if "metadata" in exchange.body else ():
        shown = {**orjson.loads(call.answer), "metadata": exchange.body["metadata"]}
        exchange.store.put(call._replace(answer=orjson.dumps(shown)))
    exchange.memory["maker"] = exchange.prior.id
    return merged


def _known_to_prior(exchange: Exchange, answer: Body) -> Body:
    maker = exchange.memory.pop("maker", None)
    if maker is not None:
        exchange.memory["heirs"][maker].append(str(answer["callId"]).lower())
    return answer


def _into_grandparent(exchange: Exchange, merged: Body) -> Body:
    """What overrides a call's properties gets into the call that the prior one was made from, two generations before."""
    line: dict[str, str] = exchange.memory.setdefault("line", {})
    prior = exchange.prior
    eldest = exchange.store.get(line.get(line.get(prior.id, ""), "")) if prior is not None else None
    if eldest is not None and "systemPrompt" in exchange.body:
        shown = {**orjson.loads(eldest.answer), "systemPrompt": exchange.body["systemPrompt"]}
        exchange.store.put(eldest._replace(answer=orjson.dumps(shown)))
    exchange.memory["maker"] = prior.id if prior is not None else None
    return merged


def _in_line(exchange: Exchange, answer: Body) -> Body:
    maker = exchange.memory.pop("maker", None)
    if maker is not None:
        exchange.memory["line"][str(answer["callId"]).lower()] = maker
    return answer


FAULTS: tuple[Fault, ...] = (
    inheriting("siblings-share", "a call takes over what another one made from the same prior call has set", _siblings),
    inheriting("prior-overwritten", "what overrides a prior call's properties overwrites them there", _write_back),
    inheriting("prior-metadata-shared", "a new call's metadata get into the prior call's", _shared("metadata")),
    replace(
        inheriting(
            "older-siblings-share", "a call's metadata get into calls made before from the same one", _into_older_siblings
        ),
        answer=_known_to_prior,
    ),
    replace(
        inheriting(
            "eldest-overwritten", "what overrides a prompt gets into the call two before the prior one", _into_grandparent
        ),
        answer=_in_line,
    ),
    inheriting("prior-state-shared", "a new call's state gets into the prior call's", _shared("initialState")),
)
