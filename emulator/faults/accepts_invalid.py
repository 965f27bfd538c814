"""Faults that accept what a documented rule forbids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from emulator.fault import Fault
from emulator.faults.editing import (
    Edit,
    at,
    changing,
    having,
    renamed,
    with_rule,
    without,
    without_rule,
)
from emulator.faults.making import body_as
from emulator.faults.places import rewritten
from openapi.json_types import Json

FAMILY = "accepts-invalid"
_TOOL = "selectedTools.*.temporaryTool"
_SECRETS = f"{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.*"
_NAME = "^[a-zA-Z0-9_-]{1,64}$"
_DURATION = r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s"


def _loosely(name: str, summary: str, edit: Edit, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=edit)


def _kindly(name: str, summary: str, change: Callable[[Json], Json], *expects: str) -> Fault:
    """The body is made good before it is read."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=body_as(change))


def _any_of(place: str) -> Edit:
    return at(place, renamed("oneOf", "anyOf"))


def _none_of(place: str) -> Edit:
    return at(place, without("oneOf"))


def _at_most_one_of(place: str) -> Edit:
    """Of a one-of, none is accepted as well; two are still refused."""
    return at(place, changing("oneOf", lambda branches: [*branches, {"not": {"anyOf": branches}}]))


_ENUMS = (
    _loosely(
        "location-unchecked-in-dynamic-parameters",
        "any text passes for the location of a dynamic parameter",
        at(f"{_TOOL}.dynamicParameters.*.location", without("enum")),
        f"body.{_TOOL}.dynamicParameters.*.location.enum",
    ),
    _loosely(
        "end-behavior-unchecked",
        "any text passes for the end behavior of an inactivity message",
        at("inactivityMessages.*.endBehavior", without("enum")),
        "body.inactivityMessages.*.endBehavior.enum",
    ),
    _loosely(
        "message-medium-short-names",
        "the medium of a message may be given without its prefix",
        at("initialMessages.*.medium", changing("enum", lambda known: [*known, *(m[15:] for m in known)])),
        "body.initialMessages.*.medium.enum",
    ),
    _loosely(
        "first-speaker-any-case",
        "the first speaker may be given in lower case",
        at("firstSpeaker", changing("enum", lambda known: [*known, *map(str.lower, known)])),
        "body.firstSpeaker.enum",
    ),
    _loosely(
        "reaction-by-prefix",
        "whatever starts like an agent reaction is one",
        at(f"{_TOOL}.defaultReaction", without("enum"), having(pattern="^AGENT_REACTION_")),
        f"body.{_TOOL}.defaultReaction.enum",
    ),
)

_BOUNDS = (
    _loosely(
        "temperature-a-little-above-1",
        "temperatures up to 1.01 are accepted",
        at("temperature", having(maximum=1.01)),
        "body.temperature.maximum",
    ),
    _loosely(
        "temperature-negative",
        "the temperature has no lower bound",
        at("temperature", without("minimum")),
        "body.temperature.minimum",
    ),
    _loosely(
        "activation-threshold-0",
        "an activation threshold of 0 is accepted",
        at("vadSettings.frameActivationThreshold", having(minimum=0)),
        "body.vadSettings.frameActivationThreshold.minimum",
    ),
    _loosely(
        "cartesia-speed-unbounded",
        "the speed of a Cartesia voice has no lower bound",
        at("externalVoice.cartesia.speed", without("minimum")),
        "body.externalVoice.cartesia.speed.minimum",
    ),
    _loosely(
        "elevenlabs-speed-to-1.25",
        "the speed of an ElevenLabs voice may be 1.25",
        at("externalVoice.elevenLabs.speed", having(maximum=1.25)),
        "body.externalVoice.elevenLabs.speed.maximum",
    ),
    _loosely(
        "lmnt-speed-from-0.2",
        "the speed of an LMNT voice may be 0.2",
        at("externalVoice.lmnt.speed", having(minimum=0.2)),
        "body.externalVoice.lmnt.speed.minimum",
    ),
    _loosely(
        "playht-speed-unbounded",
        "the speed of a PlayHT voice has no upper bound",
        at("externalVoice.playHt.speed", without("maximum")),
        "body.externalVoice.playHt.speed.maximum",
    ),
    _loosely(
        "output-rate-beyond-int32",
        "an output sample rate may have more than 32 bits",
        at("medium.serverWebSocket.outputSampleRate", without("format")),
        "body.medium.serverWebSocket.outputSampleRate.format",
    ),
    _loosely(
        "buffer-size-fractional",
        "a buffer size need not be an integer",
        at("medium.serverWebSocket.clientBufferSizeMs", having(type="number")),
        "body.medium.serverWebSocket.clientBufferSizeMs.type",
    ),
)

_PATTERNS = (
    _loosely(
        "tool-name-unanchored-end",
        "only the beginning of a tool's name is checked",
        at(f"{_TOOL}.modelToolName", having(pattern=_NAME[:-1])),
        f"body.{_TOOL}.modelToolName.pattern",
    ),
    _loosely(
        "name-override-unanchored-start",
        "only the end of a name override is checked",
        at("selectedTools.*.nameOverride", having(pattern=_NAME[1:])),
        "body.selectedTools.*.nameOverride.pattern",
    ),
    _loosely(
        "name-override-65",
        "a name override may have 65 characters",
        at("selectedTools.*.nameOverride", having(pattern=_NAME.replace("64", "65"))),
        "body.selectedTools.*.nameOverride.pattern",
    ),
    _loosely(
        "tool-name-empty",
        "the name of a tool may be empty",
        at(f"{_TOOL}.modelToolName", having(pattern=_NAME.replace("1,", "0,"))),
        f"body.{_TOOL}.modelToolName.pattern",
    ),
    _loosely(
        "tool-name-with-dots",
        "the name of a tool may have dots",
        at(f"{_TOOL}.modelToolName", having(pattern=_NAME.replace("_-", "_.-"))),
        f"body.{_TOOL}.modelToolName.pattern",
    ),
    _loosely(
        "join-timeout-without-unit",
        "a join timeout may lack its unit",
        at("joinTimeout", having(pattern=f"^{_DURATION}?$")),
        "body.joinTimeout.pattern",
    ),
    _loosely(
        "max-duration-minutes",
        "a maximum duration may be given in minutes or hours",
        at("maxDuration", having(pattern=f"^{_DURATION[:-1]}[smh]$")),
        "body.maxDuration.pattern",
    ),
    _loosely(
        "endpoint-delay-unanchored",
        "a duration may stand anywhere in the turn endpoint delay",
        at("vadSettings.turnEndpointDelay", having(pattern=_DURATION)),
        "body.vadSettings.turnEndpointDelay.pattern",
    ),
    _loosely(
        "timespan-unchecked",
        "any text passes for the end of a timespan",
        at("initialMessages.*.timespan.end", without("pattern")),
        "body.initialMessages.*.timespan.end.pattern",
    ),
    _loosely(
        "fallback-delay-unchecked",
        "any text passes for the delay of a fallback, four levels deep",
        at("firstSpeakerSettings.user.fallback.delay", without("pattern")),
        "body.firstSpeakerSettings.user.fallback.delay.pattern",
    ),
    _loosely(
        "reserved-metadata-key",
        "metadata may have keys that are reserved for the system",
        at("metadata", without("propertyNames")),
        "body.metadata.propertyNames",
    ),
    _loosely(
        "reserved-metadata-key-upper-case",
        "only reserved keys that go on with a lower-case letter are refused",
        at("metadata", having(propertyNames={"not": {"pattern": r"^ultravox\.[a-z]"}})),
        "body.metadata.propertyNames",
    ),
)

_ONE_OFS = (
    _loosely(
        "tool-chosen-twice",
        "a selected tool may be given in several ways at once",
        _any_of("selectedTools.*"),
        "body.selectedTools.*.oneOf",
    ),
    _loosely(
        "tool-not-chosen",
        "a selected tool may say nothing of which tool it is",
        _at_most_one_of("selectedTools.*"),
        "body.selectedTools.*.oneOf",
    ),
    _loosely(
        "tool-with-two-implementations",
        "a tool may be both an HTTP and a client tool",
        _any_of(_TOOL),
        f"body.{_TOOL}.oneOf",
    ),
    _loosely(
        "tool-without-implementation",
        "a tool may be neither an HTTP nor a client tool",
        _at_most_one_of(_TOOL),
        f"body.{_TOOL}.oneOf",
    ),
    _loosely(
        "two-secrets-in-one",
        "a security requirement may ask for several secrets",
        _any_of(_SECRETS),
        f"body.{_SECRETS}.oneOf",
    ),
    _loosely(
        "no-secret",
        "a security requirement may ask for nothing",
        _none_of(_SECRETS),
        f"body.{_SECRETS}.oneOf",
    ),
    _loosely(
        "both-sides-speak-first",
        "the first speaker may be both sides",
        _any_of("firstSpeakerSettings"),
        "body.firstSpeakerSettings.oneOf",
    ),
    _loosely(
        "nobody-speaks-first",
        "the first speaker's settings may be about neither side",
        _at_most_one_of("firstSpeakerSettings"),
        "body.firstSpeakerSettings.oneOf",
    ),
    _loosely(
        "two-media",
        "two media are accepted; three are not",
        at("medium", having(maxProperties=2)),
        "body.medium.maxProperties",
    ),
    _loosely(
        "web-rtc-beside-another-medium",
        "any medium is accepted beside webRtc",
        at("medium", without("maxProperties"), having(anyOf=[{"maxProperties": 1}, {"required": ["webRtc"]}])),
        "body.medium.maxProperties",
    ),
    _loosely(
        "two-voice-providers",
        "an external voice may have several providers",
        at("externalVoice", without("maxProperties")),
        "body.externalVoice.maxProperties",
    ),
    _loosely(
        "no-voice-provider",
        "an external voice may have no provider",
        at("externalVoice", without("minProperties")),
        "body.externalVoice.minProperties",
    ),
)

_CROSS_FIELD = (
    _loosely(
        "two-voices",
        "voice and externalVoice are accepted together",
        at("", without_rule("voice-or-external-voice")),
        "body.voice-or-external-voice",
    ),
    _loosely(
        "speaker-mismatch",
        "firstSpeaker and firstSpeakerSettings may contradict each other",
        at("", without_rule("first-speaker-matches-settings")),
        "body.first-speaker-matches-settings",
    ),
    _loosely(
        "speaker-mismatch-one-way",
        "an agent as first speaker is accepted beside settings for a user",
        at(
            "",
            with_rule("first-speaker-matches-settings", changing("not", lambda no: {**no, "anyOf": no["anyOf"][:1]})),
        ),
        "body.first-speaker-matches-settings",
    ),
    _loosely(
        "client-tool-with-query-parameters",
        "a client tool may have parameters elsewhere than in the body",
        at(_TOOL, without_rule("client-tools-take-body-parameters-only")),
        f"body.{_TOOL}.client-tools-take-body-parameters-only",
    ),
    _loosely(
        "client-tool-dynamic-only",
        "of a client tool's parameters only the dynamic ones are checked",
        at(
            _TOOL,
            with_rule(
                "client-tools-take-body-parameters-only",
                changing("not", lambda no: {**no, "anyOf": no["anyOf"][:1]}),
            ),
        ),
        f"body.{_TOOL}.client-tools-take-body-parameters-only",
    ),
    _loosely(
        "tool-names-repeated",
        "two tools may have one name",
        at("selectedTools", without("x-unique-by")),
        "body.selectedTools.x-unique-by",
    ),
    _loosely(
        "tool-names-overrides-ignored",
        "name overrides are ignored when names are compared",
        at("selectedTools", changing("x-unique-by", lambda pointers: pointers[1:])),
        "body.selectedTools.x-unique-by",
    ),
    _loosely(
        "required-override-missing",
        "parameters that must be overridden need not be",
        at("selectedTools.*", without("x-covers")),
        "body.selectedTools.*.x-covers",
    ),
    _kindly(
        "required-override-first-only",
        "of the parameters that must be overridden only the first is looked at",
        lambda body: rewritten(body, f"{_TOOL}.requirements.requiredParameterOverrides", _first),
        "body.selectedTools.*.x-covers",
    ),
    _loosely(
        "input-rate-optional",
        "the input sample rate may be missing",
        at("medium.serverWebSocket", without("required")),
        "body.medium.serverWebSocket.inputSampleRate.required",
    ),
)

_TYPES = (
    _loosely(
        "call-state-any-type",
        "the state in a message may be a list or a text",
        at("initialMessages.*.callState", without("type")),
        "body.initialMessages.*.callState.type",
    ),
    _loosely(
        "recording-any-type",
        "recordingEnabled may be anything",
        at("recordingEnabled", without("type")),
        "body.recordingEnabled.type",
    ),
    _loosely(
        "parameter-required-text",
        "whether a dynamic parameter is required may be said in words",
        at(f"{_TOOL}.dynamicParameters.*.required", having(type=["boolean", "string"])),
        f"body.{_TOOL}.dynamicParameters.*.required.type",
    ),
    _loosely(
        "scopes-any-type",
        "the scopes of a token may be numbers or objects",
        at(
            f"{_TOOL}.requirements.httpSecurityOptions.options.*.ultravoxCallTokenRequirement.scopes.*",
            without("type"),
        ),
        "body.*.ultravoxCallTokenRequirement.scopes.*.type",
    ),
    _loosely(
        "auth-tokens-any-type",
        "the values of auth tokens may be anything",
        at("selectedTools.*.authTokens.*", without("type")),
        "body.selectedTools.*.authTokens.*.type",
    ),
    _kindly(
        "metadata-written-as-text",
        "values of metadata that are no texts are turned into texts",
        lambda body: rewritten(body, "metadata.*", lambda each: each if isinstance(each, str) else _text(each)),
        "body.metadata.*.type",
    ),
    _kindly(
        "single-inactivity-message",
        "an inactivity message may stand where a list of them belongs",
        lambda body: rewritten(body, "inactivityMessages", lambda each: [each] if isinstance(each, dict) else each),
        "body.inactivityMessages.type",
    ),
    _kindly(
        "single-first-element",
        "of a list where one text belongs the first is taken",
        lambda body: rewritten(body, "systemPrompt", _only),
        "body.systemPrompt.type",
    ),
    _kindly(
        "list-as-body",
        "a list as body passes for an empty object",
        lambda body: {} if isinstance(body, list) else body,
        "body.type",
    ),
    _kindly(
        "scalar-as-body",
        "a text or number as body passes for an empty object",
        lambda body: body if isinstance(body, dict | list) else {},
        "body.type",
    ),
)


def _first(names: Json) -> Json:
    return names[:1] if isinstance(names, list) else names


def _only(each: Json) -> Json:
    return each[0] if isinstance(each, list) and each and isinstance(each[0], str) else each


def _text(each: Any) -> str:
    return orjson.dumps(each).decode()


FAULTS: tuple[Fault, ...] = (*_ENUMS, *_BOUNDS, *_PATTERNS, *_ONE_OFS, *_CROSS_FIELD, *_TYPES)
