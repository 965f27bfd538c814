"""Faults of defaults: different, missing, of another type, or not derived from another field."""

from __future__ import annotations

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import ResponseHook, echoed, is_set, unsent
from emulator.faults.dsl.places import value
from emulator.messages import Exchange
from openapi.json_types import Json

FAMILY = "defaults"


def _invalid(name: str, field: str, default: Json, *more: str) -> Fault:
    return Fault(
        name=name,
        family=FAMILY,
        summary=f"{field} defaults to {default!r}",
        expects=(
            f"body.{field}.default",
            f"response.{field}.default",
            f"response.default-*{_words(field)}*",
            *more,
        ),
        response=unsent(field, default),
    )


def _derived(name: str, summary: str, response: ResponseHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)


def _words(field: str) -> str:
    return "".join("-" + each.lower() if each.isupper() else each for each in field)


_WRONG = (
    _invalid("join-timeout-60", "joinTimeout", "60s"),
    _invalid("join-timeout-null", "joinTimeout", None, "response.joinTimeout.*"),
    _invalid("join-timeout-in-milliseconds", "joinTimeout", "30000s"),
    _invalid("max-duration-half-an-hour", "maxDuration", "1800s"),
    _invalid("max-duration-0", "maxDuration", "0s"),
    _invalid("model-other", "model", "fixie-ai/ultravox-70B"),
    _invalid("model-any-case", "model", "fixie-ai/Ultravox"),
    _invalid("model-empty", "model", ""),
    _invalid("recording-on", "recordingEnabled", True),
    _invalid("recording-null", "recordingEnabled", None, "response.recordingEnabled.*"),
    _invalid("temperature-0.7", "temperature", 0.7),
    _invalid("temperature-tiny", "temperature", 1e-06),
    _invalid("transcript-required", "transcriptOptional", False),
    _invalid("output-medium-text", "initialOutputMedium", "MESSAGE_MEDIUM_TEXT"),
    _invalid("medium-telephone", "medium", {"twilio": {}}, "response.default-medium"),
)


def _missing(field: str) -> Fault:
    def response(exchange: Exchange, shown: Body) -> Body:
        return shown if is_set(exchange, field) else {name: each for name, each in shown.items() if name != field}

    return _derived(
        f"{_words(field)}-default-missing",
        f"{field} is missing where it was not sent",
        response,
        f"body.{field}.default",
        f"response.{field}.*",
    )


_MISSING = (
    _missing("joinTimeout"),
    _missing("model"),
    _missing("temperature"),
    _missing("transcriptOptional"),
)


def _speaker_always_agent(exchange: Exchange, response: Body) -> Body:
    return response if is_set(exchange, "firstSpeaker") else {**response, "firstSpeaker": "FIRST_SPEAKER_AGENT"}


def _settings_always_agent(exchange: Exchange, response: Body) -> Body:
    return response if is_set(exchange, "firstSpeakerSettings") else {**response, "firstSpeakerSettings": {"agent": {}}}


def _output_rate(exchange: Exchange, response: Body) -> Body:
    if is_set(exchange, "medium.serverWebSocket.outputSampleRate"):
        return response
    return echoed("medium.serverWebSocket", lambda each: {**each, "outputSampleRate": 48000})(exchange, response)


def _nested(place: str, member: str, default: Json) -> ResponseHook:
    """Show a nested default that is not the documented one, where its object was sent without it."""

    def response(exchange: Exchange, shown: Body) -> Body:
        return echoed(place, lambda each: each if member in each else {**each, member: default})(exchange, shown)

    return response


def _only_if(field: str, other: str, default: Json) -> ResponseHook:
    """Return an invalid default of one field where another was sent."""
    return lambda exchange, shown: unsent(field, default)(exchange, shown) if is_set(exchange, other) else shown


def _temperature_falsy(exchange: Exchange, shown: Body) -> Body:
    sent = value(exchange.merged, "temperature")
    return {**shown, "temperature": 0.5} if sent == 0 and sent is not None else shown


_DERIVED = (
    _derived(
        "speaker-ignores-settings",
        "firstSpeaker is the agent whatever firstSpeakerSettings says",
        _speaker_always_agent,
        "response.settings-user-set-first-speaker",
    ),
    _derived(
        "settings-ignore-speaker",
        "firstSpeakerSettings are the agent's whatever firstSpeaker says",
        _settings_always_agent,
        "response.first-speaker-user-sets-settings",
    ),
    _derived(
        "speaker-user",
        "firstSpeaker is the user where nothing is said",
        lambda exchange, shown: (
            shown if is_set(exchange, "firstSpeakerSettings") else unsent("firstSpeaker", "FIRST_SPEAKER_USER")(exchange, shown)
        ),
        "response.default-first-speaker",
        "*.firstSpeaker.default",
    ),
    _derived(
        "settings-empty",
        "firstSpeakerSettings are empty where nothing is said",
        unsent("firstSpeakerSettings", {}),
        "response.default-first-speaker-settings",
        "response.firstSpeakerSettings.*",
    ),
    _derived(
        "settings-uninterruptible",
        "the agent cannot be interrupted where nothing is said",
        lambda exchange, shown: (
            shown
            if is_set(exchange, "firstSpeaker")
            else unsent("firstSpeakerSettings", {"agent": {"uninterruptible": True}})(exchange, shown)
        ),
        "response.default-first-speaker-settings",
        "body.firstSpeakerSettings.*",
    ),
    _derived(
        "output-rate-48000",
        "the output sample rate defaults to 48000",
        _output_rate,
        "response.default-output-sample-rate",
        "body.medium.*",
    ),
    _derived(
        "buffer-size-30000",
        "the buffer size defaults to 30000",
        _nested("medium.serverWebSocket", "clientBufferSizeMs", 30000),
        "body.medium.serverWebSocket.clientBufferSizeMs.default",
    ),
    _derived(
        "endpoint-delay-half-a-second",
        "the turn endpoint delay defaults to half a second",
        _nested("vadSettings", "turnEndpointDelay", "0.500s"),
        "body.vadSettings.turnEndpointDelay.default",
    ),
    _derived(
        "elevenlabs-speed-0",
        "the speed of an ElevenLabs voice defaults to 0",
        _nested("externalVoice.elevenLabs", "speed", 0),
        "body.externalVoice.elevenLabs.speed.default",
        "response.externalVoice.*",
    ),
    _derived(
        "max-duration-with-recording",
        "the maximum duration defaults to ten minutes where recordingEnabled was sent",
        _only_if("maxDuration", "recordingEnabled", "600s"),
        "body.maxDuration.default",
    ),
    _derived(
        "model-with-voice",
        "the model defaults to another where an external voice was sent",
        _only_if("model", "externalVoice", "fixie-ai/ultravox-v0_4"),
        "body.model.default",
    ),
    _derived(
        "temperature-0-as-unset",
        "a temperature of 0 counts as not sent, and defaults to 0.5",
        _temperature_falsy,
        "body.temperature.echo",
        "body.temperature.*",
    ),
    _derived(
        "default-overrides-text",
        "the output medium is voice even where text was sent",
        echoed("initialOutputMedium", lambda _: "MESSAGE_MEDIUM_VOICE"),
        "body.initialOutputMedium.*",
    ),
)

FAULTS: tuple[Fault, ...] = (*_WRONG, *_MISSING, *_DERIVED)
