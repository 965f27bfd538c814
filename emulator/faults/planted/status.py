"""Faults in status codes: another success, another refusal, and server errors on rare input."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import orjson

from emulator.fault import Fault
from emulator.faults.dsl.making import SERVER_ERROR, crashes_if, creates, when_creating
from emulator.faults.dsl.places import numbers, strings
from emulator.messages import Exchange, Reply, refusal
from openapi.json_types import Json

FAMILY = "status"
_CRASH = ("robustness.server-error",)


def _created_as(status: int) -> Fault:
    return Fault(
        name=f"created-as-{status}",
        family=FAMILY,
        summary=f"a created call is answered with {status}",
        expects=("status.created",),
        reply=when_creating(lambda _, reply: reply._replace(status=status, body=b"" if status == 204 else reply.body)),
    )


def _refused_as(status: int, *expects: str) -> Fault:
    def reply(_exchange: Exchange, given: Reply) -> Reply:
        return given._replace(status=status) if given.status == 400 else given

    return Fault(
        name=f"refused-as-{status}",
        family=FAMILY,
        summary=f"the response to an invalid body is {status}",
        expects=("status.refused", "body.*", *expects),
        reply=reply,
    )


def crash(name: str, on: str, when: Callable[[Json], Any]) -> Fault:
    """Return a fault that fails with a server error on some bodies, valid or not."""
    return Fault(
        name=f"crash-on-{name}",
        family=FAMILY,
        summary=f"{on} makes the server fail",
        expects=_CRASH,
        accepted=crashes_if(when),
    )


def failing(name: str, on: str, when: Callable[[Exchange, Reply], bool], *expects: str) -> Fault:
    """Return a reply with a server error."""
    return Fault(
        name=f"crash-on-{name}",
        family=FAMILY,
        summary=f"{on} makes the server fail",
        expects=(*_CRASH, *expects),
        reply=lambda exchange, reply: SERVER_ERROR if when(exchange, reply) else reply,
    )


def silent(name: str, summary: str, when: Callable[[Exchange, Reply], bool]) -> Fault:
    """Return a fault of a gateway that times out, always for the same requests."""
    return Fault(
        name=f"times-out-on-{name}",
        family=FAMILY,
        summary=summary,
        expects=("robustness.responds",),
        reply=lambda exchange, reply: refusal(504, "Gateway Timeout") if when(exchange, reply) else reply,
    )


def _any_string(when: Callable[[str], Any]) -> Callable[[Json], bool]:
    return lambda sent: any(when(text) for text in strings(sent))


_CODES = (
    _created_as(200),
    _created_as(202),
    _created_as(204),
    _refused_as(500, *_CRASH),
    _refused_as(404),
    _refused_as(200),
    Fault(
        name="created-as-200-with-prior",
        family=FAMILY,
        summary="a call made from a prior one is answered with 200",
        expects=("status.created", "query.*", "state.*"),
        reply=lambda exchange, reply: reply._replace(status=200) if creates(exchange, reply) and exchange.parent else reply,
    ),
    Fault(
        name="error-in-a-success",
        family=FAMILY,
        summary="the response to an invalid body is 201 with an error in it",
        expects=("status.refused", "body.*"),
        reply=lambda _, reply: (
            reply._replace(status=201, body=orjson.dumps({"error": "bad"})) if reply.status == 400 else reply
        ),
    ),
    Fault(
        name="refused-enum-as-409",
        family=FAMILY,
        summary="the response to an invalid enum member is 409",
        expects=("status.refused", "body.*.enum"),
        reply=lambda _, reply: refusal(409, "Conflict") if reply.status == 400 and b"enum" in reply.body else reply,
    ),
)

_CHARACTERS = (
    crash("emoji", "an emoji", _any_string(lambda text: any(ord(each) > 0x1F000 for each in text))),
    crash("nul", "U+0000", _any_string(lambda text: "\0" in text)),
    crash(
        "control-character",
        "a control character other than a line break",
        _any_string(lambda text: any(ord(each) < 32 and each not in "\n\r\t\0" for each in text)),
    ),
    crash(
        "beyond-bmp",
        "a character beyond the BMP",
        _any_string(lambda text: any(ord(each) > 0xFFFF for each in text)),
    ),
    crash(
        "combining-character",
        "a combining character",
        _any_string(lambda text: not text.isascii() and any(map(unicodedata.combining, text))),
    ),
    crash(
        "right-to-left",
        "a right-to-left mark or override",
        _any_string(lambda text: any(each in text for each in "\u200f\u202e\u2067")),
    ),
    crash("noncharacter", "U+FFFE or U+FFFF", _any_string(lambda text: "\ufffe" in text or "\uffff" in text)),
    crash("quote", "a single quote", _any_string(lambda text: "'" in text)),
    crash("percent", "a percent sign", _any_string(lambda text: "%" in text)),
    crash("template", "double braces", _any_string(lambda text: "{{" in text)),
)

_SIZES = (
    crash("long-text", "a text of more than 10,000 characters", _any_string(lambda text: len(text) > 10_000)),
    crash("integer-of-65-bits", "an integer beyond 2^63", lambda sent: any(abs(each) > 2**63 for each in numbers(sent))),
    crash("big-integer", "an integer beyond 2^53", lambda sent: any(abs(each) > 2**53 for each in numbers(sent))),
    crash(
        "tiny-number",
        "a number closer to 0 than 1e-30",
        lambda sent: any(0 < abs(n) < 1e-30 for n in numbers(sent)),
    ),
    crash("empty-body", "an empty object", lambda sent: sent == {}),
)


_REQUESTS = (
    failing(
        "malformed-json",
        "a body that is not JSON",
        lambda _, reply: reply.status == 400 and b"JSON parse error" in reply.body,
        "protocol.malformed-json",
    ),
    failing(
        "body-of-another-type",
        "a body that is not an object",
        lambda _, reply: reply.status == 400 and b"expected an object, got" in reply.body[:40],
        "body.type",
    ),
    failing("media-type", "another content type", lambda _, reply: reply.status == 415, "protocol.media-type"),
    failing("other-method", "a method that is not known", lambda _, reply: reply.status == 405, "protocol.method"),
    failing(
        "unknown-call",
        "reading a call that does not exist",
        lambda exchange, reply: reply.status == 404 and exchange.request.method == "GET",
        "state.read-unknown",
    ),
    failing(
        "unknown-prior",
        "an unknown parent call",
        lambda _, reply: reply.status == 400 and b"does not exist" in reply.body,
        "query.parent-unknown",
    ),
    failing("wrong-key", "a wrong key", lambda _, reply: reply.status == 403, "auth.*"),
)

_SILENT = (silent("bad-body", "an invalid body gets 504", lambda _, reply: reply.status == 400),)


FAULTS: tuple[Fault, ...] = (*_CODES, *_CHARACTERS, *_SIZES, *_REQUESTS, *_SILENT)
