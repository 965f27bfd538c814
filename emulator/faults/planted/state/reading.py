"""Faults of reading a call back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ReplyHook, creates
from emulator.faults.dsl.places import rewritten
from emulator.faults.planted.state.family import FAMILY, replying
from emulator.messages import Exchange, Reply, Request, refusal
from emulator.placeholder_values import now
from openapi.json_types import Json


def _reading(change: Callable[[Exchange, Body], Any]) -> ReplyHook:
    """Changes what is read back."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if exchange.request.method != "GET" or exchange.call is None or given.status >= 300:
            return given
        return given._replace(body=orjson.dumps(change(exchange, orjson.loads(given.body))))

    return reply


def _set(field: str, shows: Json) -> ReplyHook:
    return _reading(lambda _, response: {**response, field: shows})


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


def _derived(exchange: Exchange, reply: Reply) -> Reply:
    """What a call took over from a prior one does not read back."""
    derived = exchange.memory.setdefault("derived", set())
    if creates(exchange, reply) and exchange.parent is not None and exchange.call is not None:
        derived.add(exchange.call.id)
    if exchange.call is None or exchange.request.method != "GET" or exchange.call.id not in derived:
        return reply
    return reply._replace(body=orjson.dumps({**orjson.loads(reply.body), "vadSettings": None}))


def _of_refused(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    prompt = exchange.sent.get("systemPrompt") if verdict is not None and isinstance(exchange.sent, dict) else None
    if isinstance(prompt, str):
        exchange.memory["refused"] = prompt
    return verdict


def _with_refused(exchange: Exchange, response: Body) -> Body:
    prompt = exchange.memory.pop("refused", None)
    return {**response, "systemPrompt": prompt} if prompt and "systemPrompt" not in exchange.merged else response


def _whole_numbers(_exchange: Exchange, response: Body) -> Body:
    text = json.dumps(response["initialState"])
    return {**response, "initialState": json.loads(text, parse_float=lambda number: int(float(number)))}


def _not_exotel(exchange: Exchange, reply: Reply) -> Reply:
    reads = exchange.request.method == "GET" and exchange.call is not None
    return refusal(404, "Not found.") if reads and b'"exotel"' in reply.body else reply


FAULTS: tuple[Fault, ...] = (
    replying("derived-read-without-settings", "settings of a prior call do not read back from its heir", _derived, "state.*"),
    Fault(
        name="refused-prompt-shown",
        family=FAMILY,
        summary="the prompt of a body that was refused is that of the next call",
        expects=("robustness.repeatable", "state.*", "body.systemPrompt.*"),
        accepted=_of_refused,
        response=_with_refused,
    ),
    replying("read-without-metadata", "metadata is not read back", _set("metadata", {}), "state.read-back"),
    replying(
        "read-default-temperature",
        "the temperature reads back as 0",
        _set("temperature", 0),
        "state.read-back",
    ),
    replying("read-null-voice", "the voice reads back as null", _set("voice", None), "state.read-back"),
    replying(
        "read-prompt-cut",
        "prompts read back shorter",
        _reading(lambda _, a: {**a, "systemPrompt": (a["systemPrompt"] or "")[:100] or a["systemPrompt"]}),
        "state.read-back",
    ),
    replying(
        "read-created-now",
        "created is the time of reading",
        _reading(lambda _, a: {**a, "created": now()}),
        "state.read-back",
    ),
    replying(
        "read-in-a-list",
        "a call is read back in a list",
        _reading(lambda _, response: [response]),
        "state.read-back",
    ),
    replying(
        "read-without-fallback",
        "the fallback of a user who speaks first is not read back",
        _reading(lambda _, response: rewritten(response, "firstSpeakerSettings.user", lambda _: {})),
        "state.*",
    ),
    replying("read-state-in-whole-numbers", "numbers of the state read back whole", _reading(_whole_numbers), "state.*"),
    replying("read-not-exotel", "a call over Exotel is not found", _not_exotel, "state.*"),
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
)
