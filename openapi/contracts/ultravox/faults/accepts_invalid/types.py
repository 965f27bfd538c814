"""Values of another type are accepted."""

from __future__ import annotations

from typing import Any

import orjson

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    at,
    having,
    without,
)
from emulator.faults.dsl.places import rewritten
from emulator.messages import Exchange, Reply
from openapi.json_types import Json

from .family import (
    FAMILY,
    TOOL,
    kindly,
    loosely,
)


def _unless_stated(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    stated = b"charset" in exchange.request.headers.get(b"content-type", b"")
    return None if stated and isinstance(exchange.sent, dict) else verdict


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="anything-with-a-charset",
        family=FAMILY,
        summary="a body is not validated where the media type states a charset",
        expects=("body.*",),
        accepted=_unless_stated,
    ),
    loosely(
        "call-state-any-type",
        "the state in a message may be a list or a text",
        at("initialMessages.*.callState", without("type")),
        "body.initialMessages.*.callState.type",
    ),
    loosely(
        "recording-any-type",
        "recordingEnabled may be anything",
        at("recordingEnabled", without("type")),
        "body.recordingEnabled.type",
    ),
    loosely(
        "recording-number",
        "recordingEnabled may be a number",
        at("recordingEnabled", having(type=["boolean", "number"])),
        "body.recordingEnabled.type",
    ),
    kindly(
        "max-duration-number",
        "a number is read as a maximum duration in seconds",
        lambda body: rewritten(body, "maxDuration", lambda each: f"{each}s" if type(each) is int else each),
        "body.maxDuration.type",
    ),
    loosely(
        "parameter-required-text",
        "whether a dynamic parameter is required may be said in words",
        at(f"{TOOL}.dynamicParameters.*.required", having(type=["boolean", "string"])),
        f"body.{TOOL}.dynamicParameters.*.required.type",
    ),
    loosely(
        "scopes-any-type",
        "the scopes of a token may be numbers or objects",
        at(
            f"{TOOL}.requirements.httpSecurityOptions.options.*.ultravoxCallTokenRequirement.scopes.*",
            without("type"),
        ),
        "body.*.ultravoxCallTokenRequirement.scopes.*.type",
    ),
    loosely(
        "auth-tokens-any-type",
        "the values of auth tokens may be anything",
        at("selectedTools.*.authTokens.*", without("type")),
        "body.selectedTools.*.authTokens.*.type",
    ),
    kindly(
        "metadata-written-as-text",
        "values of metadata that are no texts are turned into texts",
        lambda body: rewritten(body, "metadata.*", lambda each: each if isinstance(each, str) else _text(each)),
        "body.metadata.*.type",
    ),
    kindly(
        "single-inactivity-message",
        "an inactivity message may stand where a list of them belongs",
        lambda body: rewritten(body, "inactivityMessages", lambda each: [each] if isinstance(each, dict) else each),
        "body.inactivityMessages.type",
    ),
    kindly(
        "single-first-element",
        "of a list where one text belongs the first is taken",
        lambda body: rewritten(body, "systemPrompt", _only),
        "body.systemPrompt.type",
    ),
    kindly(
        "list-as-body",
        "a list as body passes for an empty object",
        lambda body: {} if isinstance(body, list) else body,
        "body.type",
    ),
    kindly(
        "scalar-as-body",
        "a text or number as body passes for an empty object",
        lambda body: body if isinstance(body, dict | list) else {},
        "body.type",
    ),
)


def _only(each: Json) -> Json:
    return each[0] if isinstance(each, list) and each and isinstance(each[0], str) else each


def _text(each: Any) -> str:
    return orjson.dumps(each).decode()
