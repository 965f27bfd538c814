"""Faults of status codes at fields of the Ultravox API: server errors and timeouts on odd input."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.places import strings, value
from emulator.faults.planted.status import crash, failing, silent
from emulator.messages import Exchange, Reply
from emulator.parsing.text import depth
from openapi.json_types import Json


def _keys(sent: Json, place: str) -> list[str]:
    inside = value(sent, place)
    return list(inside) if isinstance(inside, dict) else []


def _array(sent: Json, place: str) -> list[Json]:
    inside = value(sent, place)
    return inside if isinstance(inside, list) else []


def _two_invalid(exchange: Exchange, reply: Reply) -> bool:
    sent = exchange.sent if reply.status == 400 and isinstance(exchange.sent, dict) else {}
    temperature, metadata = sent.get("temperature"), sent.get("metadata")
    is_hot = isinstance(temperature, int | float) and not 0 <= temperature <= 1
    return is_hot and isinstance(metadata, dict) and not all(isinstance(each, str) for each in metadata.values())


FAULTS: tuple[Fault, ...] = (
    crash(
        "nul-in-state",
        "U+0000 in the initial state",
        lambda sent: any("\0" in each for each in strings(value(sent, "initialState"))),
    ),
    crash("null-number", "a temperature of null", lambda sent: isinstance(sent, dict) and sent.get("temperature", 0) is None),
    crash("long-list", "more than 100 messages", lambda sent: len(_array(sent, "initialMessages")) > 100),
    crash("many-keys", "more than 50 keys of metadata", lambda sent: len(_keys(sent, "metadata")) > 50),
    crash(
        "deep-nesting",
        "an initial state nested more than 20 deep",
        lambda sent: depth(value(sent, "initialState")) > 20,
    ),
    crash("empty-text", "an empty prompt", lambda sent: value(sent, "systemPrompt") == "" if sent else False),
    crash(
        "empty-list",
        "an empty array of tools",
        lambda sent: value(sent, "selectedTools") == [] if sent else False,
    ),
    crash("empty-key", "an empty key in the initial state", lambda sent: "" in _keys(sent, "initialState")),
    crash(
        "dotted-key",
        "a dot or dollar sign in a key of metadata",
        lambda sent: any("." in key or "$" in key for key in _keys(sent, "metadata")),
    ),
    crash(
        "prototype-key",
        "`__proto__` as a key",
        lambda sent: any("__proto__" in _keys(sent, place) for place in ("metadata", "initialState", "experimentalSettings")),
    ),
    failing("two-wrong-members", "a temperature and metadata that are both invalid", _two_invalid),
    silent(
        "long-prompt",
        "a prompt of more than 10,000 characters gets 504",
        lambda exchange, _: len(str(value(exchange.sent, "systemPrompt"))) > 10_000,
    ),
)
