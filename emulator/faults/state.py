"""Faults of state: ids, inheritance from a prior call, reading back, deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import orjson

from emulator.fault import Body, Fault
from emulator.faults.making import AnswerHook, ReplyHook, creates
from emulator.generic import now
from emulator.messages import Exchange, Reply, Request
from emulator.store import Call
from openapi.json_types import Json

FAMILY = "state"
# What overrides and does not come back as it was sent may be told as an echo.
_INHERITED = ("state.*", "query.*", "body.*.echo")


def _answering(name: str, summary: str, answer: AnswerHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, answer=answer)


def _inheriting(name: str, summary: str, inherited: Callable[[Exchange, Body], Body]) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=_INHERITED, inherited=inherited)


def _replying(name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, reply=reply)


def _same_id(_exchange: Exchange, answer: Body) -> Body:
    return {**answer, "callId": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}


def _id_of_body(exchange: Exchange, answer: Body) -> Body:
    return {**answer, "callId": str(uuid5(NAMESPACE_OID, orjson.dumps(exchange.merged).decode()))}


def _id_again(exchange: Exchange, answer: Body) -> Body:
    last = exchange.memory.pop("last id", None)
    if last is None:
        exchange.memory["last id"] = answer["callId"]
    return {**answer, "callId": last or answer["callId"]}


def _id_of_prior(exchange: Exchange, answer: Body) -> Body:
    return {**answer, "callId": exchange.prior.id} if exchange.prior else answer


_IDS = (
    _answering("id-constant", "every call has the same id", _same_id, "state.*"),
    _answering("id-of-body", "equal bodies make equal ids", _id_of_body, "state.unique-ids"),
    _answering("id-used-twice", "every id is used twice", _id_again, "state.*"),
    _answering("id-of-prior", "a call made from a prior one has that one's id", _id_of_prior, "state.*", "query.*"),
)


def _forgets(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        return {name: each for name, each in merged.items() if name != field or name in exchange.body}

    return _inheriting(f"{field}-not-inherited", f"{field} is not taken over from a prior call", inherited)


def _keeps(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        prior = exchange.prior.properties() if exchange.prior else {}
        return {**merged, field: prior[field]} if field in prior else merged

    return _inheriting(f"{field}-not-overridden", f"a prior call's {field} cannot be overridden", inherited)


def _nothing(exchange: Exchange, _merged: Body) -> Body:
    return exchange.body


def _not_false(exchange: Exchange, merged: Body) -> Body:
    return {name: each for name, each in merged.items() if each or name in exchange.body}


def _scalars_only(exchange: Exchange, merged: Body) -> Body:
    return {n: each for n, each in merged.items() if n in exchange.body or not isinstance(each, dict | list)}


def _not_if_body(exchange: Exchange, merged: Body) -> Body:
    return exchange.body if exchange.body else merged


def _true_overrides_only(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    return {**merged, **{name: each for name, each in prior.items() if name in merged and not merged[name]}}


def _objects_merged(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    together = {
        name: {**prior[name], **each}
        for name, each in merged.items()
        if name in ("metadata", "initialState") and isinstance(prior.get(name), dict)
    }
    return {**merged, **together}


def _parts_merged(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    if "vadSettings" not in exchange.body or "vadSettings" not in prior:
        return merged
    return {**merged, "vadSettings": {**prior["vadSettings"], **merged["vadSettings"]}}


def _external_voice_kept(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    kept = "voice" in exchange.body and "externalVoice" in prior
    return {**merged, "externalVoice": prior["externalVoice"]} if kept else merged


def _lists_joined(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    if "inactivityMessages" not in exchange.body or "inactivityMessages" not in prior:
        return merged
    return {**merged, "inactivityMessages": prior["inactivityMessages"] + merged["inactivityMessages"]}


def _of_latest(exchange: Exchange, merged: Body) -> Body:
    latest = exchange.memory.get("latest")
    return {**latest.properties(), **exchange.body} if isinstance(latest, Call) else merged


def _remembering(change: Callable[[Exchange, Body], Body]) -> Fault:
    """A fault that needs to know the call made last."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if creates(exchange, given):
            exchange.memory["latest"] = exchange.call
        return given

    fault = _inheriting("latest-inherited", "the latest call is taken for the prior one", change)
    return replace(fault, reply=reply)


def _write_back(exchange: Exchange, merged: Body) -> Body:
    """The prior call takes over the new one's properties, as if both were one object."""
    if exchange.prior:
        shown = orjson.loads(exchange.prior.answer)
        changed = {**shown, **{name: each for name, each in exchange.body.items() if name in shown}}
        exchange.store.put(replace(exchange.prior, body=orjson.dumps(merged), answer=orjson.dumps(changed)))
    return merged


def _shared(field: str) -> Callable[[Exchange, Body], Body]:
    """A new call's object gets into the prior call's, which keeps what it has."""

    def inherited(exchange: Exchange, merged: Body) -> Body:
        if exchange.prior and field in exchange.body:
            shown = orjson.loads(exchange.prior.answer)
            shown[field] = {**(shown.get(field) or {}), **exchange.body[field]}
            exchange.store.put(replace(exchange.prior, answer=orjson.dumps(shown)))
        return merged

    return inherited


def _one_generation(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.call:
        exchange.store.put(replace(exchange.call, body=orjson.dumps(exchange.body)))
    return reply


_INHERITANCE = (
    *map(_forgets, ("systemPrompt", "temperature", "voice", "metadata", "vadSettings", "maxDuration", "model")),
    *map(_keeps, ("systemPrompt", "metadata", "temperature")),
    _inheriting("nothing-inherited", "nothing is taken over from a prior call", _nothing),
    _inheriting("false-not-inherited", "false, 0 and empty texts are not taken over", _not_false),
    _inheriting("scalars-inherited-only", "objects and lists are not taken over", _scalars_only),
    _inheriting("inherited-by-empty-bodies", "a body with any field takes over nothing", _not_if_body),
    _inheriting("false-does-not-override", "false, 0 and empty texts do not override", _true_overrides_only),
    _inheriting("objects-merged", "metadata and state are merged with the prior call's", _objects_merged),
    _inheriting("settings-merged", "the members of settings are merged with the prior call's", _parts_merged),
    replace(
        _inheriting("external-voice-kept", "a prior call's external voice stays beside a voice", _external_voice_kept),
        expects=("state.prior-exclusive",),
    ),
    _inheriting("lists-joined", "inactivity messages are added to the prior call's", _lists_joined),
    _remembering(_of_latest),
    _inheriting("prior-overwritten", "what overrides a prior call's properties overwrites them there", _write_back),
    _inheriting("prior-metadata-shared", "a new call's metadata get into the prior call's", _shared("metadata")),
    _inheriting("prior-state-shared", "a new call's state gets into the prior call's", _shared("initialState")),
    _replying(
        "one-generation",
        "what a prior call took over from another is not taken over",
        _one_generation,
        "state.prior-chain",
        *_INHERITED,
    ),
)


def _reading(change: Callable[[Exchange, Body], Any]) -> ReplyHook:
    """Changes what is read back."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if exchange.request.method != "GET" or exchange.call is None or given.status >= 300:
            return given
        return replace(given, body=orjson.dumps(change(exchange, orjson.loads(given.body))))

    return reply


def _set(field: str, shows: Json) -> ReplyHook:
    return _reading(lambda _, answer: {**answer, field: shows})


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
        return replace(reply, body=exchange.memory.get("latest", reply.body))
    return reply


def _read_once(exchange: Exchange, reply: Reply) -> Reply:
    if exchange.request.method == "GET" and reply.status == 200 and exchange.call:
        exchange.store.remove(exchange.call.id)
    return reply


def _few(exchange: Exchange, request: Request) -> Request:
    exchange.store.capacity = 2
    return request


_READING = (
    _replying("read-without-metadata", "metadata is not read back", _set("metadata", {}), "state.read-back"),
    _replying(
        "read-default-temperature",
        "the temperature reads back as 0",
        _set("temperature", 0),
        "state.read-back",
    ),
    _replying("read-null-voice", "the voice reads back as null", _set("voice", None), "state.read-back"),
    _replying(
        "read-prompt-cut",
        "prompts read back shorter",
        _reading(lambda _, a: {**a, "systemPrompt": (a["systemPrompt"] or "")[:100] or a["systemPrompt"]}),
        "state.read-back",
    ),
    _replying(
        "read-created-now",
        "created is the time of reading",
        _reading(lambda _, a: {**a, "created": now()}),
        "state.read-back",
    ),
    _replying(
        "read-in-a-list",
        "a call is read back in a list",
        _reading(lambda _, answer: [answer]),
        "state.read-back",
    ),
    _replying("read-latest", "reading a call gives the latest one", _read_latest, "state.*"),
    _replying("read-unknown-as-another", "reading an unknown call gives another one", _read_any, "state.*"),
    _replying("read-once", "a call can be read once", _read_once, "state.*"),
    Fault(
        name="few-calls-kept",
        family=FAMILY,
        summary="only the two latest calls are kept",
        expects=("state.*", "query.*"),
        incoming=_few,
    ),
)


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


_DELETION = (
    _replying("deletion-undone", "a deleted call is still there", _restores, "state.delete"),
    _replying("deletion-of-latest", "deleting a call deletes the latest one", _deletes_latest, "state.*"),
    _replying(
        "deletion-of-all",
        "deleting a call deletes all calls",
        _deletes_all,
        "state.delete-isolated",
        "state.*",
    ),
    _replying(
        "deletion-refused",
        "deleting is answered with 409, though it is done",
        _delete_as(409),
        "state.delete",
    ),
    _replying(
        "deletion-failing",
        "deleting is answered with 500, though it is done",
        _delete_as(500),
        "state.delete",
        "robustness.server-error",
    ),
)

FAULTS: tuple[Fault, ...] = (*_IDS, *_INHERITANCE, *_READING, *_DELETION)
