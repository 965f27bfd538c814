"""Faults of reading a call back."""

from __future__ import annotations

import json

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ReplyHook, creates
from emulator.faults.dsl.places import rewritten
from emulator.faults.planted.state import reading
from emulator.messages import Exchange, Reply, refusal
from emulator.placeholder_values import now
from openapi.json_types import Json

from .family import FAMILY, replying


def _set(field: str, shows: Json) -> ReplyHook:
    return reading(lambda _, response: {**response, field: shows})


def _derived(exchange: Exchange, reply: Reply) -> Reply:
    """Return what a call took over from a parent call does not read back."""
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


def _without_nulls(_exchange: Exchange, response: Body) -> Body:
    return {name: value for name, value in response.items() if value is not None}


def _not_deleted(exchange: Exchange, reply: Reply) -> Reply:
    return refusal(404, "Not found.") if exchange.request.method == "DELETE" and reply.status == 204 else reply


def _not_exotel(exchange: Exchange, reply: Reply) -> Reply:
    reads = exchange.request.method == "GET" and exchange.call is not None
    return refusal(404, "Not found.") if reads and b'"exotel"' in reply.body else reply


FAULTS: tuple[Fault, ...] = (
    replying(
        "derived-read-without-settings", "settings of a parent call do not read back from its derived call", _derived, "state.*"
    ),
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
        reading(lambda _, a: {**a, "systemPrompt": (a["systemPrompt"] or "")[:100] or a["systemPrompt"]}),
        "state.read-back",
    ),
    replying(
        "read-created-now",
        "created is the time of reading",
        reading(lambda _, a: {**a, "created": now()}),
        "state.read-back",
    ),
    replying(
        "read-without-fallback",
        "the fallback of a user who speaks first is not read back",
        reading(lambda _, response: rewritten(response, "firstSpeakerSettings.user", lambda _: {})),
        "state.*",
    ),
    replying("read-state-in-whole-numbers", "numbers of the state read back whole", reading(_whole_numbers), "state.*"),
    replying("read-without-nulls", "members that are null are not read back", reading(_without_nulls), "state.read-back"),
    replying("deleted-and-not-found", "deleting a call gets 404, and it is gone", _not_deleted, "state.delete"),
    replying("read-not-exotel", "a call over Exotel is not found", _not_exotel, "state.*"),
)
