"""Faults once in n requests, or from the n-th on."""

from __future__ import annotations

from dataclasses import replace

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    SERVER_ERROR,
    ReplyHook,
    ResponseHook,
    echoed,
    unsent,
)
from emulator.messages import Exchange, Reply, refusal

from .family import FAMILY


def _every(n: int, name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    """Return something happens to every n-th request."""
    return replace(
        _rarely(n, name, summary, *expects),
        reply=lambda exchange, given: reply(exchange, given) if exchange.number % n == 0 else given,
    )


def _once_in(n: int, name: str, summary: str, change: ResponseHook, *expects: str) -> Fault:
    """Return something happens to every n-th response."""
    return replace(
        _rarely(n, name, summary, *expects),
        response=lambda exchange, shown: change(exchange, shown) if exchange.number % n == 0 else shown,
    )


def _rarely(n: int, name: str, summary: str, *expects: str) -> Fault:
    expects = ("robustness.repeatable", *expects)
    return Fault(name=f"{name}-every-{n}", family=FAMILY, summary=f"{summary}, once in {n} requests", expects=expects)


def _fails(_exchange: Exchange, _reply: Reply) -> Reply:
    return SERVER_ERROR


def _refuses(exchange: Exchange, reply: Reply) -> Reply:
    return refusal(400, "Try again.") if exchange.request.method == "POST" and reply.status < 300 else reply


def _accepts_as_200(_exchange: Exchange, reply: Reply) -> Reply:
    return Reply(200, reply.body) if reply.status == 201 else reply


def _has_reserved_key(exchange: Exchange) -> bool:
    found = exchange.sent.get("metadata") if isinstance(exchange.sent, dict) else None
    return isinstance(found, dict) and any(key.startswith("ultravox.") for key in found)


def _is_hot_beside_greeting(exchange: Exchange) -> bool:
    sent = exchange.sent if isinstance(exchange.sent, dict) else {}
    temperature = sent.get("temperature")
    is_hot = isinstance(temperature, (int, float)) and not isinstance(temperature, bool) and not 0 <= temperature <= 1
    return is_hot and b"enableGreetingPrompt" in exchange.request.query_string


_OUTPUTS = (None, *(f"MESSAGE_MEDIUM_{name}" for name in ("UNSPECIFIED", "VOICE", "TEXT")))


def _has_unknown_output(exchange: Exchange) -> bool:
    sent = exchange.sent if isinstance(exchange.sent, dict) else {}
    output = sent.get("initialOutputMedium")
    return isinstance(output, str) and output not in _OUTPUTS


def _refusing_media_type(name: str, how: str, part: bytes, rule: str) -> Fault:
    """Refuse requests whose media type has a part that means nothing."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        is_refused = part in exchange.request.headers.get(b"content-type", b"")
        return refusal(415, "Unsupported media type.") if is_refused else given

    return Fault(name=name, family=FAMILY, summary=f"a media type {how} is refused", expects=(rule,), reply=reply)


FAULTS: tuple[Fault, ...] = (
    _every(7, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(50, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(100, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(50, "refusal", "a valid request is refused", _refuses, "status.created", "body.*"),
    _every(7, "status-200", "a call is created with 200", _accepts_as_200, "status.created"),
    _once_in(
        50,
        "prompt-lost",
        "the prompt is lost",
        echoed("systemPrompt", lambda _: None),
        "body.systemPrompt.echo",
    ),
    _once_in(20, "metadata-lost", "metadata is lost", echoed("metadata", lambda _: {}), "body.metadata.echo"),
    _once_in(
        25,
        "default-model",
        "the default of the model is another one",
        unsent("model", "fixie-ai/ultravox-70B"),
        "body.model.default",
    ),
    Fault(
        name="exhausted-after-300",
        family=FAMILY,
        summary="from the 300th request on the server fails",
        expects=("robustness.*",),
        reply=lambda exchange, given: SERVER_ERROR if exchange.number >= 300 else given,
    ),
    Fault(
        name="patterns-unchecked-after-1500",
        family=FAMILY,
        summary="from the 1,500th request on a reserved key of metadata is accepted",
        expects=("body.metadata.propertyNames", "body.*"),
        accepted=lambda exchange, verdict: None if exchange.number >= 1_500 and _has_reserved_key(exchange) else verdict,
    ),
    Fault(
        name="unknown-output-after-1500",
        family=FAMILY,
        summary="from the 1,500th request on any initialOutputMedium is accepted",
        expects=("body.initialOutputMedium.enum",),
        accepted=lambda exchange, verdict: None if exchange.number >= 1_500 and _has_unknown_output(exchange) else verdict,
    ),
    Fault(
        name="greeting-hides-bounds",
        family=FAMILY,
        summary="a temperature beyond its bounds is accepted beside enableGreetingPrompt",
        expects=("body.temperature.*",),
        accepted=lambda exchange, verdict: None if _is_hot_beside_greeting(exchange) else verdict,
    ),
    Fault(
        name="hint-none-in-words",
        family=FAMILY,
        summary="a language hint that was not sent is shown as a word",
        expects=("response.languageHint.type",),
        response=unsent("languageHint", "None"),
    ),
    _refusing_media_type("media-type-in-capitals-refused", "in capital letters", b"JSON", "protocol.media-type-case"),
    _refusing_media_type("charset-refused", "with a charset", b"charset", "protocol.media-type-parameter"),
    Fault(
        name="nesting-crashes-at-400",
        family=FAMILY,
        summary="a body of more than 400 levels makes the server fail",
        expects=("robustness.server-error",),
        reply=lambda exchange, given: SERVER_ERROR if exchange.request.body.count(b"}" * 400) else given,
    ),
)
