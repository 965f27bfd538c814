"""Faults beyond some size of a text, list, map or nesting."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    SERVER_ERROR,
    echoed,
    refuses_if,
)
from openapi.json_types import Json

from .family import deciding, responding

FAULTS: tuple[Fault, ...] = (
    responding(
        "prompt-cut-at-4096",
        "prompts are cut at 4096 characters",
        echoed("systemPrompt", lambda text: text[:4096]),
        "body.systemPrompt.echo",
    ),
    responding(
        "prompt-cut-at-65535-bytes",
        "prompts are cut at 65535 bytes",
        echoed("systemPrompt", lambda text: text.encode()[:65535].decode(errors="ignore")),
        "body.systemPrompt.echo",
    ),
    deciding(
        "prompt-over-1000-bytes-crash",
        "a prompt of up to 1,000 characters that are more than 1,000 bytes makes the server fail",
        lambda exchange, verdict: SERVER_ERROR if _exceeds(exchange.sent, "systemPrompt", 1000, "utf-8") else verdict,
        "robustness.server-error",
    ),
    deciding(
        "long-unknown-name-crash",
        "a body with a name of more than 400 characters makes the server fail",
        lambda exchange, verdict: SERVER_ERROR if any(len(name) > 400 for name in _names(exchange.sent)) else verdict,
        "robustness.server-error",
    ),
    deciding(
        "last-words-in-utf-16",
        "a last message of up to 300 characters that are more than 300 units of UTF-16 is refused",
        refuses_if(lambda body: _exceeds(body, "timeExceededMessage", 600, "utf-16-le", 2)),
        "status.created",
        "body.timeExceededMessage*",
    ),
    responding(
        "seventeenth-message-lost",
        "of inactivity messages 16 come back",
        echoed("inactivityMessages", lambda each: each[:16]),
        "body.inactivityMessages.echo",
    ),
    responding(
        "thirty-third-key-lost",
        "of metadata 32 members come back",
        echoed("metadata", lambda each: dict(list(each.items())[:32])),
        "body.metadata.echo",
    ),
    responding(
        "metadata-value-cut-at-500",
        "values of metadata are cut at 500 characters",
        echoed("metadata.*", lambda text: text[:500]),
        "body.metadata.echo",
        "body.metadata.*.echo",
    ),
    responding(
        "deep-state-cut",
        "what is nested more than 8 deep in the initial state comes back as null",
        echoed("initialState", lambda each: _cut(each, 8)),
        "body.initialState.echo",
    ),
    deciding(
        "twenty-first-tool-refused",
        "more than 20 tools are refused",
        refuses_if(lambda body: len(body.get("selectedTools") or ()) > 20),
        "status.created",
        "body.selectedTools*",
    ),
    deciding(
        "large-state-refused",
        "an initial state of more than 16,000 characters is refused",
        refuses_if(lambda body: len(str(body.get("initialState"))) > 16_000),
        "status.created",
        "body.initialState.*",
    ),
    responding(
        "metadata-key-cut-at-255",
        "keys of metadata are cut at 255 characters",
        echoed("metadata", lambda each: {key[:255]: text for key, text in each.items()}),
        "body.metadata.echo",
    ),
    deciding(
        "thirty-messages-refused",
        "more than 30 initial messages are refused",
        refuses_if(lambda body: len(body.get("initialMessages") or ()) > 30),
        "status.created",
        "body.initialMessages*",
    ),
    deciding(
        "length-256-refused",
        "a prompt of exactly 256 characters is refused",
        refuses_if(lambda body: len(body.get("systemPrompt") or "") == 256),
        "status.created",
        "body.systemPrompt*",
    ),
    deciding(
        "long-prompt-refused",
        "a prompt of more than 16384 characters is refused",
        refuses_if(lambda body: len(body.get("systemPrompt") or "") > 16384),
        "status.created",
        "body.systemPrompt*",
    ),
    deciding(
        "large-body-crash",
        "a body of more than 32 KiB makes the server fail",
        lambda exchange, verdict: SERVER_ERROR if len(exchange.request.body) > 32 * 1024 else verdict,
        "robustness.server-error",
    ),
    deciding(
        "rich-refusal-crash",
        "a body of many fields that is to be refused makes the server fail",
        lambda exchange, verdict: SERVER_ERROR if verdict and _members(exchange.sent) >= 14 else verdict,
        "robustness.server-error",
    ),
    deciding(
        "reserved-key-amid-others",
        "a reserved key of metadata is let in among two others",
        lambda exchange, verdict: None if verdict and _is_in_context(exchange.sent) else verdict,
        "body.metadata.propertyNames",
    ),
    responding(
        "input-rate-clipped",
        "input sample rates come back as 192000 at most",
        echoed("medium.serverWebSocket.inputSampleRate", lambda each: min(each, 192000)),
        "body.medium.*echo",
    ),
)


def _exceeds(sent: Json, name: str, most: int, encoding: str, unit: int = 1) -> bool:
    """Return whether a string has at most `most` bytes counted as `unit` per character, but more when it is encoded."""
    text = sent.get(name) if isinstance(sent, dict) else None
    return isinstance(text, str) and len(text) * unit <= most < len(text.encode(encoding, "surrogatepass"))


def _names(sent: Json) -> list[str]:
    return list(sent) if isinstance(sent, dict) else []


def _members(sent: Json) -> int:
    return len(sent) if isinstance(sent, dict) else 0


def _is_in_context(sent: Json) -> bool:
    keys = sent.get("metadata") if isinstance(sent, dict) else None
    return isinstance(keys, dict) and len(keys) > 2 and sum(key.startswith("ultravox.") for key in keys) == 1


def _cut(each: Json, levels: int) -> Json:
    if isinstance(each, dict):
        return {key: _cut(inner, levels - 1) for key, inner in each.items()} if levels else None
    if isinstance(each, list):
        return [_cut(inner, levels - 1) for inner in each] if levels else None
    return each
