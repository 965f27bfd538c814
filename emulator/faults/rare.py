"""Rare faults: when two fields meet, beyond a size, at one position, for some characters, once in n times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Body, Fault
from emulator.faults.editing import at, having
from emulator.faults.making import (
    SERVER_ERROR,
    AnswerHook,
    Hook,
    body_as,
    crashes_if,
    echoed,
    is_set,
    refuses_if,
    unsent,
)
from emulator.faults.places import everywhere, rewritten, texts, value
from emulator.messages import Exchange, Reply, refusal
from openapi.json_types import Json

FAMILY = "rare"
_TOOL = "selectedTools.*.temporaryTool"


def _judging(name: str, summary: str, accepted: Hook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted)


def _answering(name: str, summary: str, answer: AnswerHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, answer=answer)


def _sent_as(name: str, summary: str, change: Callable[[Json], Json], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=body_as(change))


def _meet(*places: str) -> Callable[[Json], bool]:
    return lambda body: isinstance(body, dict) and all(value(body, place) is not None for place in places)


def _where(when: Callable[[Json], Any], answer: AnswerHook) -> AnswerHook:
    """Does something to an answer only if something is true of the body."""
    return lambda exchange, shown: answer(exchange, shown) if when(exchange.merged) else shown


_MEETINGS = (
    _judging(
        "recording-meets-language",
        "recordingEnabled and languageHint together make the server fail",
        crashes_if(_meet("recordingEnabled", "languageHint")),
        "robustness.server-error",
    ),
    _judging(
        "fallback-meets-threshold",
        "a fallback greeting and an activation threshold together make the server fail",
        crashes_if(_meet("firstSpeakerSettings.user.fallback", "vadSettings.frameActivationThreshold")),
        "robustness.server-error",
    ),
    _judging(
        "text-meets-no-transcript",
        "text as output medium is refused where the transcript is required",
        refuses_if(
            lambda body: body.get("initialOutputMedium") == "MESSAGE_MEDIUM_TEXT" and body.get("transcriptOptional") is False
        ),
        "status.created",
        "body.*",
    ),
    _judging(
        "web-socket-meets-user",
        "a user who speaks first is refused on a web socket",
        refuses_if(
            lambda body: (
                value(body, "medium.serverWebSocket") is not None
                and (body.get("firstSpeaker") == "FIRST_SPEAKER_USER" or value(body, "firstSpeakerSettings.user") is not None)
            )
        ),
        "status.created",
        "body.*",
    ),
    _answering(
        "settings-meet-state",
        "experimental settings are lost beside an initial state",
        _where(_meet("experimentalSettings", "initialState"), echoed("experimentalSettings", lambda _: {})),
        "body.experimentalSettings.echo",
    ),
    _answering(
        "telnyx-meets-recording",
        "recordingEnabled is false with Telnyx",
        _where(_meet("medium.telnyx", "recordingEnabled"), echoed("recordingEnabled", lambda _: False)),
        "body.recordingEnabled.echo",
    ),
    _answering(
        "join-timeout-follows-max-duration",
        "the join timeout defaults to the maximum duration where that was sent",
        lambda exchange, shown: (
            unsent("joinTimeout", shown["maxDuration"])(exchange, shown) if is_set(exchange, "maxDuration") else shown
        ),
        "body.joinTimeout.default",
    ),
    _answering(
        "temperature-follows-playht",
        "the temperature is that of a PlayHT voice",
        _where(
            _meet("externalVoice.playHt.temperature"),
            lambda exchange, shown: {
                **shown,
                "temperature": min(1, max(0, value(exchange.merged, "externalVoice.playHt.temperature"))),
            },
        ),
        "body.temperature.*",
    ),
)

_SIZES = (
    _answering(
        "prompt-cut-at-4096",
        "prompts are cut at 4096 characters",
        echoed("systemPrompt", lambda text: text[:4096]),
        "body.systemPrompt.echo",
    ),
    _answering(
        "prompt-cut-at-65535-bytes",
        "prompts are cut at 65535 bytes",
        echoed("systemPrompt", lambda text: text.encode()[:65535].decode(errors="ignore")),
        "body.systemPrompt.echo",
    ),
    _answering(
        "seventeenth-message-lost",
        "of inactivity messages 16 come back",
        echoed("inactivityMessages", lambda each: each[:16]),
        "body.inactivityMessages.echo",
    ),
    _answering(
        "thirty-third-key-lost",
        "of metadata 32 members come back",
        echoed("metadata", lambda each: dict(list(each.items())[:32])),
        "body.metadata.echo",
    ),
    _answering(
        "metadata-value-cut-at-500",
        "values of metadata are cut at 500 characters",
        echoed("metadata.*", lambda text: text[:500]),
        "body.metadata.echo",
        "body.metadata.*.echo",
    ),
    _answering(
        "deep-state-cut",
        "what is nested more than 8 deep in the initial state comes back as null",
        echoed("initialState", lambda each: _cut(each, 8)),
        "body.initialState.echo",
    ),
    _judging(
        "twenty-first-tool-refused",
        "more than 20 tools are refused",
        refuses_if(lambda body: len(body.get("selectedTools") or ()) > 20),
        "status.created",
        "body.selectedTools*",
    ),
    _judging(
        "thirty-messages-refused",
        "more than 30 initial messages are refused",
        refuses_if(lambda body: len(body.get("initialMessages") or ()) > 30),
        "status.created",
        "body.initialMessages*",
    ),
    _judging(
        "length-256-refused",
        "a prompt of exactly 256 characters is refused",
        refuses_if(lambda body: len(body.get("systemPrompt") or "") == 256),
        "status.created",
        "body.systemPrompt*",
    ),
    _judging(
        "large-body-crash",
        "a body of more than 32 KiB makes the server fail",
        lambda exchange, verdict: SERVER_ERROR if len(exchange.request.body) > 32 * 1024 else verdict,
        "robustness.server-error",
    ),
    _answering(
        "input-rate-clipped",
        "input sample rates come back as 192000 at most",
        echoed("medium.serverWebSocket.inputSampleRate", lambda each: min(each, 192000)),
        "body.medium.*echo",
    ),
)


def _cut(each: Json, levels: int) -> Json:
    if isinstance(each, dict):
        return {key: _cut(inner, levels - 1) for key, inner in each.items()} if levels else None
    if isinstance(each, list):
        return [_cut(inner, levels - 1) for inner in each] if levels else None
    return each


def _several(each: Json) -> bool:
    return isinstance(each, list) and len(each) > 1


def _without_second(each: Json) -> Json:
    return [*each[:1], *each[2:]] if _several(each) else each


def _second_without(each: list[dict[str, Json]], name: str) -> Json:
    return [{key: inner for key, inner in one.items() if key != name} if index == 1 else one for index, one in enumerate(each)]


_POSITIONS = (
    _sent_as(
        "first-tool-checked-only",
        "of the selected tools only the first is checked",
        lambda body: rewritten(body, "selectedTools", lambda each: each[:1] if isinstance(each, list) else each),
        "body.selectedTools*",
    ),
    _sent_as(
        "second-parameter-unchecked",
        "of a tool's dynamic parameters the second is not checked",
        lambda body: rewritten(body, f"{_TOOL}.dynamicParameters", _without_second),
        "body.selectedTools.*.temporaryTool.dynamicParameters.*",
        "body.selectedTools.*.temporaryTool.client-tools*",
    ),
    _sent_as(
        "last-message-unchecked",
        "of several initial messages the last is not checked",
        lambda body: rewritten(body, "initialMessages", lambda each: each[:-1] if _several(each) else each),
        "body.initialMessages.*",
    ),
    _answering(
        "second-message-without-behavior",
        "the second inactivity message loses its end behavior",
        echoed("inactivityMessages", lambda each: _second_without(each, "endBehavior")),
        "body.inactivityMessages.echo",
        "body.inactivityMessages.*",
    ),
    _answering(
        "third-message-first",
        "the third inactivity message comes back first",
        echoed("inactivityMessages", lambda each: [each[2], *each[:2], *each[3:]] if len(each) > 2 else each),
        "body.inactivityMessages.echo",
    ),
    Fault(
        name="nested-name-unchecked",
        family=FAMILY,
        summary="a secret's name may be any value, three objects below a tool",
        expects=(f"body.{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.*.headerApiKey.name.type",),
        contract=at(
            f"{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.*.headerApiKey.name",
            lambda schema: {key: each for key, each in schema.items() if key != "type"},
        ),
    ),
    Fault(
        name="nested-override-pattern",
        family=FAMILY,
        summary="names of dictionaries must not be empty, in a list two objects deep",
        expects=("body.externalVoice.elevenLabs.pronunciationDictionaries.*", "status.created"),
        contract=at("externalVoice.elevenLabs.pronunciationDictionaries.*.versionId", having(minLength=1)),
    ),
)


def _six_decimals(text: str) -> str:
    whole, point, decimals = text[:-1].partition(".")
    return f"{whole}{point}{decimals[:6]}s"


def _six_digits(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _six_digits(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [_six_digits(inner) for inner in each]
    return float(f"{each:.6g}") if isinstance(each, float | int) and not isinstance(each, bool) else each


_PRECISION = (
    _answering(
        "temperature-4-decimals",
        "the temperature is rounded to four decimals",
        echoed("temperature", lambda each: round(each, 4)),
        "body.temperature.echo",
    ),
    _answering(
        "duration-microseconds",
        "the maximum duration loses what is below a microsecond",
        echoed("maxDuration", _six_decimals),
        "body.maxDuration.echo",
    ),
    _answering(
        "state-number-precision",
        "numbers of the initial state keep six digits",
        echoed("initialState", _six_digits),
        "body.initialState.echo",
    ),
    _answering(
        "long-duration-in-32-bits",
        "join timeouts beyond 2^31 seconds come back as 2^31 - 1",
        echoed("joinTimeout", lambda text: text if float(text[:-1]) < 2**31 else f"{2**31 - 1}s"),
        "body.joinTimeout.echo",
    ),
)


def _in_texts(change: Callable[[str], str]) -> AnswerHook:
    def answer(exchange: Exchange, shown: Body) -> Body:
        return {name: everywhere(each, change) if name in exchange.merged else each for name, each in shown.items()}

    return answer


def _character(name: str, summary: str, old: str, new: str) -> Fault:
    return _answering(name, summary, _in_texts(lambda text: text.replace(old, new)), "body.*.echo")


_CHARACTERS = (
    _character("sharp-s-as-ss", "ß comes back as ss", "ß", "ss"),
    _character("dotless-i-as-i", "ı comes back as i", "ı", "i"),
    _character("line-separator-lost", "U+2028 is lost", "\u2028", ""),
    _character("no-break-space-as-blank", "U+00A0 comes back as a blank", "\u00a0", " "),
    _character("delete-lost", "U+007F is lost", "\u007f", ""),
    _character("plus-as-blank", "a plus sign comes back as a blank", "+", " "),
    _judging(
        "joined-emoji-crash",
        "an emoji of several joined characters makes the server fail",
        crashes_if(lambda sent: any("\u200d" in text for text in texts(sent))),
        "robustness.server-error",
    ),
    _judging(
        "growing-character-refused",
        "a prompt that grows when it is put into upper case is refused",
        refuses_if(lambda body: len((body.get("systemPrompt") or "").upper()) > len(body.get("systemPrompt") or "")),
        "status.created",
        "body.systemPrompt*",
    ),
)


def _every(n: int, name: str, summary: str, reply: Callable[[Exchange, Reply], Reply], *expects: str) -> Fault:
    """Something happens to every n-th request."""
    return Fault(
        name=f"{name}-every-{n}",
        family=FAMILY,
        summary=f"{summary}, once in {n} requests",
        expects=("robustness.repeatable", *expects),
        reply=lambda exchange, given: reply(exchange, given) if exchange.number % n == 0 else given,
    )


def _fails(_exchange: Exchange, _reply: Reply) -> Reply:
    return SERVER_ERROR


def _refuses(exchange: Exchange, reply: Reply) -> Reply:
    return refusal(400, "Try again.") if exchange.request.method == "POST" and reply.status < 300 else reply


def _accepts_as_200(_exchange: Exchange, reply: Reply) -> Reply:
    return Reply(200, reply.body) if reply.status == 201 else reply


def _once_in(n: int, name: str, summary: str, change: AnswerHook, *expects: str) -> Fault:
    return Fault(
        name=f"{name}-every-{n}",
        family=FAMILY,
        summary=f"{summary}, once in {n} requests",
        expects=("robustness.repeatable", *expects),
        answer=lambda exchange, shown: change(exchange, shown) if exchange.number % n == 0 else shown,
    )


_TIMES = (
    _every(7, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(50, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(100, "crash", "the server fails", _fails, "robustness.server-error"),
    _every(50, "refusal", "a good request is refused", _refuses, "status.created", "body.*"),
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
)

FAULTS: tuple[Fault, ...] = (*_MEETINGS, *_SIZES, *_POSITIONS, *_PRECISION, *_CHARACTERS, *_TIMES)
