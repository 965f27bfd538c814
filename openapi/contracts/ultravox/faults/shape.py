"""Faults of the shape of a response: missing, null, of another type, malformed, or impossible."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import (
    ReplyHook,
    ResponseHook,
    always,
    echoed,
    lacking,
    shown,
    text_as,
    when_creating,
)
from emulator.messages import Exchange, Reply, refusal
from openapi.json_types import Json

FAMILY = "shape"


def _responding(name: str, summary: str, response: ResponseHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)


def _replying(name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, reply=reply)


def _missing(field: str) -> Fault:
    return _responding(f"missing-{field}", f"{field} is missing", lacking(field), f"response.{field}.required")


def _shows(name: str, field: str, shows: Json, *expects: str) -> Fault:
    return _responding(name, f"{field} is {shows!r}", always(field, shows), *(expects or (f"response.{field}.*",)))


def _local(_exchange: Exchange, response: Body) -> Body:
    there = datetime.fromisoformat(response["created"]) + timedelta(hours=5, minutes=30)
    return {**response, "created": there.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def _headed(content_type: bytes) -> ReplyHook:
    return when_creating(lambda _, reply: reply._replace(headers=((b"content-type", content_type),)))


_MISSING = tuple(
    map(
        _missing,
        ("callId", "created", "joined", "endReason", "shortSummary", "experimentalSettings", "errorCount"),
    )
)

_TYPES = (
    _shows("metadata-null", "metadata", None, "response.metadata.type", "body.metadata.echo"),
    _shows("state-null", "initialState", None, "response.initialState.type", "body.initialState.echo"),
    _shows("speaker-settings-null", "firstSpeakerSettings", None, "response.firstSpeakerSettings.type"),
    _shows("error-count-null", "errorCount", None),
    _shows("error-count-text", "errorCount", "0"),
    _shows("error-count-fraction", "errorCount", 0.5),
    _shows("created-null", "created", None),
    _shows("created-number", "created", 1764547200),
    _shows("summary-object", "summary", {}),
    _responding(
        "temperature-text",
        "the temperature is a text",
        shown("temperature", str),
        "response.temperature.type",
        "body.temperature.*",
    ),
    _responding(
        "recording-text",
        "recordingEnabled is a text",
        shown("recordingEnabled", lambda each: str(each).lower()),
        "response.recordingEnabled.type",
        "body.recordingEnabled.*",
    ),
    _responding(
        "join-timeout-number",
        "the join timeout is a number of seconds",
        shown("joinTimeout", lambda text: float(text[:-1])),
        "response.joinTimeout.type",
        "body.joinTimeout.*",
    ),
    _responding(
        "inactivity-duration-number",
        "durations of inactivity messages are numbers",
        shown("inactivityMessages.*.duration", lambda text: float(text[:-1])),
        "response.inactivityMessages.*.duration.*",
        "body.inactivityMessages.echo",
    ),
    _responding(
        "inactivity-object",
        "a single inactivity message is no list",
        echoed("inactivityMessages", lambda each: each[0] if len(each) == 1 else each),
        "response.inactivityMessages.type",
        "body.inactivityMessages.echo",
    ),
    _responding(
        "metadata-null-values",
        "empty values of metadata are null",
        shown("metadata.*", lambda text: text or None),
        "response.metadata.*.type",
        "body.metadata.echo",
    ),
)


def _null_kept(field: str, *, alone: bool) -> Fault:
    """The member is null where null was sent; if it is `alone`, null for any other member is refused."""

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        nulls = [name for name, each in exchange.sent.items() if each is None] if isinstance(exchange.sent, dict) else []
        is_refused = alone and any(name != field for name in nulls)
        return refusal(400, "null is no value") if verdict is None and is_refused else verdict

    def response(exchange: Exchange, shown: Body) -> Body:
        sent = exchange.sent if isinstance(exchange.sent, dict) else {}
        return {**shown, field: None} if sent.get(field, "") is None else shown

    name = f"null-{field}-kept{'-alone' if alone else ''}"
    summary = f"{field} comes back as null where null was sent{', which is refused for other members' if alone else ''}"
    return Fault(
        name=name, family=FAMILY, summary=summary, expects=(f"response.{field}.type",), accepted=accepted, response=response
    )


_NULLS = (
    _null_kept("joinTimeout", alone=False),
    _null_kept("temperature", alone=True),
    _null_kept("metadata", alone=True),
)

_VALUES = (
    _shows("id-nil", "callId", "00000000-0000-0000-0000-000000000000", "response.nil-id", "state.*"),
    _responding(
        "id-without-hyphens",
        "the id has no hyphens",
        shown("callId", lambda text: text.replace("-", "")),
        "response.callId.format",
    ),
    _responding(
        "id-with-prefix",
        "the id has a prefix",
        shown("callId", lambda text: "call_" + text),
        "response.callId.format",
    ),
    _responding(
        "created-without-zone",
        "created has no zone",
        shown("created", lambda text: text[:-1]),
        "response.created.format",
    ),
    _responding(
        "created-with-blank",
        "created has a blank in place of T, and words for the zone",
        shown("created", lambda text: text.replace("T", " ").replace("Z", " UTC")),
        "response.created.format",
    ),
    _responding(
        "created-date-only",
        "created is only a date",
        shown("created", lambda text: text[:10]),
        "response.created.format",
    ),
    _shows("created-in-1970", "created", "1970-01-01T00:00:00.000000Z", "response.plausible-times"),
    _responding(
        "created-in-the-future",
        "created is a year ahead",
        shown("created", lambda text: f"{int(text[:4]) + 1}{text[4:]}"),
        "response.plausible-times",
    ),
    _shows("already-joined", "joined", "2025-04-01T00:00:00.000000Z", "response.*joined*", "response.plausible-times"),
    _shows("already-ended", "ended", "2025-04-01T00:00:00.000000Z", "response.*ended*", "response.plausible-times"),
    _shows("end-reason-hangup", "endReason", "hangup", "response.*end-reason*"),
    _shows("end-reason-empty", "endReason", ""),
    _shows("error-count-negative", "errorCount", -1, "response.*error*"),
    _shows("error-count-1", "errorCount", 1, "response.*error*"),
    _shows("speaker-unspecified", "firstSpeaker", "FIRST_SPEAKER_UNSPECIFIED", "response.firstSpeaker.enum"),
    _responding(
        "speaker-short",
        "the first speaker has no prefix",
        shown("firstSpeaker", lambda text: text.removeprefix("FIRST_SPEAKER_")),
        "response.firstSpeaker.enum",
    ),
    _responding(
        "output-medium-lower-case",
        "the output medium is in lower case",
        shown("initialOutputMedium", str.lower),
        "response.initialOutputMedium.enum",
    ),
    _responding(
        "end-behavior-short",
        "end behaviors of inactivity messages have no prefix",
        shown("inactivityMessages.*.endBehavior", lambda text: text.removeprefix("END_BEHAVIOR_")),
        "response.inactivityMessages.*.endBehavior.enum",
        "body.inactivityMessages.echo",
    ),
    _responding(
        "provider-beside-provider",
        "an external voice shows a second provider",
        echoed("externalVoice", lambda voice: {"lmnt": {}, "cartesia": {}, **voice}),
        "response.externalVoice.maxProperties",
        "body.externalVoice.*",
    ),
    _responding("created-local-time", "the time of creation is local, and shown as UTC", _local, "response.plausible-times"),
    _shows("join-url-relative", "joinUrl", "/join/1", "response.*join*"),
    _shows("join-url-empty", "joinUrl", "", "response.*join*"),
)

_STRINGS = (
    _replying("answer-as-html", "the response says it is HTML", _headed(b"text/html"), "response.content-type"),
    _replying(
        "answer-as-text",
        "the response says it is plain text",
        _headed(b"text/plain; charset=utf-8"),
        "response.content-type",
    ),
    _replying(
        "answer-without-type",
        "the response does not say what it is",
        when_creating(lambda _, reply: reply._replace(headers=())),
        "response.content-type",
    ),
    _replying("answer-cut", "the response lacks its end", text_as(lambda text: text[:-2]), "response.json"),
    _replying("answer-empty", "the response is empty", text_as(lambda _: b""), "response.json"),
    _replying(
        "answer-in-a-list",
        "the response is in a list",
        text_as(lambda text: b"[%s]" % text),
        "response.json",
        "response.*",
    ),
    _replying(
        "answer-in-an-envelope",
        "the response is a member of another object",
        text_as(lambda text: b'{"data":%s}' % text),
        "response.*.required",
    ),
    _replying(
        "answer-not-compressed",
        "the response is said to be compressed, and is not",
        when_creating(lambda _, reply: reply._replace(headers=(*reply.headers, (b"content-encoding", b"gzip")))),
        "response.json",
    ),
    _replying(
        "answer-member-twice",
        "a member of the response comes twice",
        text_as(lambda text: b'{"model":null,%s' % text[1:]),
        "response.json",
    ),
    _replying("answer-twice", "the response is followed by itself", text_as(lambda text: text + text), "response.json"),
    _replying(
        "answer-as-json-text",
        "the response is JSON within a JSON text",
        text_as(lambda text: orjson.dumps(text.decode())),
        "response.json",
        "response.*",
    ),
    _replying(
        "answer-in-latin-1",
        "the response is not in UTF-8 where it could be in Latin-1",
        text_as(lambda text: text.decode().encode("latin-1", "xmlcharrefreplace")),
        "response.json",
        "body.*.echo",
    ),
    _replying(
        "nan-in-answer",
        "a temperature of 0 is NaN",
        text_as(lambda text: text.replace(b'"temperature":0,', b'"temperature":NaN,')),
        "response.json",
        "response.temperature.*",
    ),
)


_NAMES = (
    _replying(
        "answer-in-snake-case",
        "the names in the response are in snake_case",
        text_as(lambda text: orjson.dumps(_snake_case_of(text))),
        "response.*.required",
    ),
)


def _snake_case_of(text: bytes) -> Body:
    response: Body = orjson.loads(text)
    return {"".join("_" + each.lower() if each.isupper() else each for each in name): v for name, v in response.items()}


FAULTS: tuple[Fault, ...] = (*_MISSING, *_TYPES, *_NULLS, *_VALUES, *_STRINGS, *_NAMES)
