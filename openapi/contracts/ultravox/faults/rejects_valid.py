"""Faults that refuse what every documented rule allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from emulator.fault import Body, Fault
from emulator.faults.dsl.editing import Change, at, having, with_rule, without_member, without_property
from emulator.faults.dsl.making import refuses_if
from emulator.faults.dsl.places import strings, value, values
from emulator.messages import Exchange, Reply, refusal

FAMILY = "rejects-valid"
_TOOL = "selectedTools.*.temporaryTool"
_NAME = "^[a-zA-Z0-9_-]{1,64}$"


def _strictly(name: str, summary: str, place: str, change: Change, *more: str) -> Fault:
    expects = (f"body.{place}.*", *more) if place else more
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=at(place, change))


def _refusing(name: str, summary: str, when: Callable[[Body], Any], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=refuses_if(when))


def _spelling(name: str, summary: str, pattern: bytes, rule: str = "protocol.spelling") -> Fault:
    """Refuse bodies in which a pattern occurs, as they are written."""
    search = re.compile(pattern).search

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return refusal(400, "JSON parse error") if verdict is None and search(exchange.request.body) else verdict

    return Fault(name=name, family=FAMILY, summary=summary, expects=(rule,), accepted=accepted)


def _with_options(body: Body) -> list[Any]:
    """Return the tools that have a security option."""
    return [tool for tool in values(body, "selectedTools.*") if _options_met(tool)]


def _options_met(tool: Any) -> list[bool]:
    """Return of each security option of a tool whether the tokens that it is given meet its requirements."""
    given = value(tool, "authTokens") or {}
    options = values(tool, "temporaryTool.requirements.httpSecurityOptions.options.*")
    return [all(name in given for name in value(option, "requirements") or {}) for option in options]


_SPELLINGS = (
    _spelling("white-space-refused", "a body with line breaks is refused", rb"\r\n"),
    _spelling("capital-exponent-refused", "a number with a capital E is refused", rb":\s*[0-9.]+E"),
    _spelling(
        "whole-speed-refused",
        "a speed without a fraction is refused",
        rb'"elevenLabs":.*?"speed":\s*1\s*[,}]',
        "body.externalVoice.elevenLabs.speed.type",
    ),
    _spelling("escaped-key-refused", "a key with escapes is refused", rb'[{,]\s*"\\u'),
)

_SECRETS = (
    _refusing(
        "two-secrets-refused",
        "a security option with more than one requirement is refused",
        lambda body: any(
            isinstance(each, dict) and len(each) > 1
            for each in values(body, f"{_TOOL}.requirements.httpSecurityOptions.options.*.requirements")
        ),
        f"body.{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.type",
        f"body.{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.propertyNames",
    ),
    _refusing(
        "every-security-option-needed",
        "a tool is refused unless the tokens meet all its security options, not one",
        lambda body: any(not all(_options_met(tool)) for tool in _with_options(body)),
        f"body.{_TOOL}.requirements.httpSecurityOptions.*",
    ),
    _refusing(
        "first-security-option-needed",
        "a tool is refused unless the tokens meet the first of its security options",
        lambda body: any(not _options_met(tool)[0] for tool in _with_options(body)),
        f"body.{_TOOL}.requirements.httpSecurityOptions.*",
    ),
)

_NULLS = (
    _refusing(
        "null-override-refused",
        "a parameter cannot be overridden by null",
        lambda body: None in values(body, "selectedTools.*.parameterOverrides.*"),
        "body.selectedTools.*.parameterOverrides.type",
        "body.selectedTools.*.parameterOverrides.propertyNames",
    ),
)

_ENUMS = (
    _strictly(
        "static-header-parameter-refused",
        "static parameters in headers are refused, dynamic ones are not",
        f"{_TOOL}.staticParameters.*.location",
        without_member("PARAMETER_LOCATION_HEADER"),
    ),
    _strictly(
        "known-sample-rate-refused",
        "the output sample rate is no known value of a parameter",
        f"{_TOOL}.automaticParameters.*.knownValue",
        without_member("KNOWN_PARAM_OUTPUT_SAMPLE_RATE"),
    ),
    _strictly(
        "strict-hang-up-refused",
        "one end behavior is unknown",
        "inactivityMessages.*.endBehavior",
        without_member("END_BEHAVIOR_HANG_UP_STRICT"),
    ),
    _strictly(
        "tool-result-refused",
        "messages with tool results are refused",
        "initialMessages.*.role",
        without_member("MESSAGE_ROLE_TOOL_RESULT"),
    ),
    _strictly(
        "speaks-once-refused",
        "one agent reaction is unknown",
        f"{_TOOL}.defaultReaction",
        without_member("AGENT_REACTION_SPEAKS_ONCE"),
    ),
    _strictly(
        "unspecified-speaker-refused",
        "an unspecified first speaker is refused",
        "firstSpeaker",
        without_member("FIRST_SPEAKER_UNSPECIFIED"),
    ),
)

_BOUNDS = (
    _strictly("temperature-1-refused", "a temperature of 1 is refused", "temperature", having(exclusiveMaximum=1)),
    _strictly("temperature-0-refused", "a temperature of 0 is refused", "temperature", having(exclusiveMinimum=0)),
    _refusing(
        "temperature-integer-refused",
        "a temperature that is written as an integer is refused",
        lambda body: type(body.get("temperature")) is int,
        "body.temperature.*",
    ),
    _strictly(
        "activation-threshold-0.1-refused",
        "an activation threshold of 0.1 is refused, as it is in single precision",
        "vadSettings.frameActivationThreshold",
        having(minimum=0.10000000149011612),
    ),
    _strictly(
        "elevenlabs-speed-1.2-refused",
        "the highest speed of an ElevenLabs voice is refused",
        "externalVoice.elevenLabs.speed",
        having(exclusiveMaximum=1.2),
    ),
    _strictly(
        "cartesia-speed-negative-refused",
        "negative speeds of a Cartesia voice are refused",
        "externalVoice.cartesia.speed",
        having(minimum=0),
    ),
    _strictly(
        "playht-speed-0-refused",
        "a speed of 0 of a PlayHT voice is refused",
        "externalVoice.playHt.speed",
        having(exclusiveMinimum=0),
    ),
    _strictly(
        "lmnt-speed-below-half-refused",
        "slow LMNT voices are refused",
        "externalVoice.lmnt.speed",
        having(minimum=0.5),
    ),
    _strictly(
        "input-rate-above-48000-refused",
        "input sample rates above 48000 are refused",
        "medium.serverWebSocket.inputSampleRate",
        having(maximum=48000),
    ),
    _strictly(
        "message-index-0-refused",
        "the first index of a message is refused",
        "initialMessages.*.callStageMessageIndex",
        having(minimum=1),
    ),
)

_STRINGS = (
    _strictly(
        "tool-name-64-refused",
        "tool names of 64 characters are refused",
        f"{_TOOL}.modelToolName",
        having(pattern=_NAME.replace("64", "63")),
    ),
    _strictly(
        "tool-name-hyphen-refused",
        "hyphens in tool names are refused",
        f"{_TOOL}.modelToolName",
        having(pattern=_NAME.replace("_-", "_")),
    ),
    _strictly(
        "name-override-digit-refused",
        "name overrides that start with a digit are refused",
        "selectedTools.*.nameOverride",
        having(pattern="^[a-zA-Z_-][a-zA-Z0-9_-]{0,63}$"),
    ),
    _strictly(
        "duration-decimals-refused",
        "interruption durations with more than three decimals are refused",
        "vadSettings.minimumInterruptionDuration",
        having(pattern=r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,3})?s$"),
    ),
    _strictly(
        "duration-12-digits-refused",
        "tool timeouts of twelve digits are refused",
        f"{_TOOL}.timeout",
        having(pattern=r"^-?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,9})?s$"),
    ),
    _refusing(
        "duration-0-refused",
        "a turn duration of 0 seconds is refused",
        lambda body: value(body, "vadSettings.minimumTurnDuration") in ("0s", "0.0s", "0.000s"),
        "body.vadSettings.minimumTurnDuration.*",
        "body.vadSettings.*",
    ),
    _strictly("empty-prompt-refused", "an empty system prompt is refused", "systemPrompt", having(minLength=1)),
    _strictly(
        "metadata-value-empty-refused",
        "empty values of metadata are refused",
        "metadata.*",
        having(minLength=1),
        "body.metadata.*",
    ),
    _strictly(
        "metadata-prefix-too-wide",
        "metadata keys that merely start with the reserved word are refused",
        "metadata",
        having(propertyNames={"not": {"pattern": "^ultravox"}}),
        "body.metadata.propertyNames",
    ),
    _refusing(
        "greeting-text-with-newline-refused",
        "line breaks in the agent's greeting are refused",
        lambda body: "\n" in (value(body, "firstSpeakerSettings.agent.text") or ""),
        "body.firstSpeakerSettings.agent.text.*",
        "status.created",
    ),
    _refusing(
        "ascii-prompts-only",
        "a system prompt with other than ASCII characters is refused",
        lambda body: not (body.get("systemPrompt") or "").isascii(),
        "body.systemPrompt.*",
        "status.created",
    ),
)

_STRUCTURES = (
    _refusing(
        "empty-body-refused",
        "a body without a field is refused",
        lambda body: not body,
        "status.created",
        "body.*",
    ),
    _strictly(
        "no-messages-refused",
        "an empty list of messages is refused",
        "initialMessages",
        having(minItems=1),
        "status.created",
    ),
    _strictly(
        "no-metadata-refused",
        "empty metadata is refused",
        "metadata",
        having(minProperties=1),
        "status.created",
    ),
    _strictly("exotel-refused", "one medium is unknown", "medium", without_property("exotel"), "body.medium.exotel*"),
    _strictly(
        "error-details-unknown",
        "one field of messages is unknown",
        "initialMessages.*",
        without_property("errorDetails"),
        "body.initialMessages.*.errorDetails.*",
    ),
    _strictly(
        "client-tool-without-parameters-only",
        "a client tool must not have any dynamic parameter",
        _TOOL,
        with_rule(
            "client-tools-take-body-parameters-only",
            having(not_={"required": ["client", "dynamicParameters"]}),
        ),
        f"body.{_TOOL}.client-tools-take-body-parameters-only",
    ),
    _refusing(
        "extra-override-refused",
        "overriding a parameter that need not be is refused",
        lambda body: any(
            set(value(tool, "parameterOverrides") or ())
            - set(value(tool, "temporaryTool.requirements.requiredParameterOverrides") or ())
            for tool in values(body, "selectedTools.*")
        ),
        "body.selectedTools.*.parameterOverrides.*",
        "body.selectedTools.*.x-covers",
        "status.created",
    ),
    _refusing(
        "matching-speaker-refused",
        "a first speaker beside settings that match it is refused",
        lambda body: {"firstSpeaker", "firstSpeakerSettings"} <= body.keys(),
        "body.first-speaker-matches-settings",
        "status.created",
    ),
    _refusing(
        "names-compared-without-case",
        "tool names that differ in case alone are refused as equal",
        lambda body: _differ_in_case_alone(values(body, f"{_TOOL}.modelToolName")),
        "body.selectedTools.x-unique-by",
        "body.selectedTools.*",
    ),
    _refusing(
        "null-in-state-refused",
        "null in the initial state is refused",
        lambda body: None in values(body, "initialState.*"),
        "body.initialState.*",
        "status.created",
    ),
    _refusing(
        "long-key-refused",
        "metadata keys of more than 40 characters are refused",
        lambda body: any(len(key) > 40 for key in body.get("metadata") or ()),
        "body.metadata.*",
        "status.created",
    ),
    _refusing(
        "urls-refused",
        "a body with a URL in its metadata is refused",
        lambda body: any("://" in text for text in strings(body.get("metadata"))),
        "body.metadata.*",
        "status.created",
    ),
)


def _differ_in_case_alone(names: list[str]) -> bool:
    return len({name.lower() for name in names}) < len(set(names))


FAULTS: tuple[Fault, ...] = (*_SPELLINGS, *_SECRETS, *_NULLS, *_ENUMS, *_BOUNDS, *_STRINGS, *_STRUCTURES)
