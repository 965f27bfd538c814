"""Faults that fire when two certain fields meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.making import (
    AnswerHook,
    crashes_if,
    echoed,
    is_set,
    refuses_if,
    unsent,
)
from emulator.faults.places import value
from emulator.faults.rare.family import answering, judging
from openapi.json_types import Json


def _meet(*places: str) -> Callable[[Json], bool]:
    return lambda body: isinstance(body, dict) and all(value(body, place) is not None for place in places)


def _messages(body: Json) -> list[Json]:
    found = body.get("initialMessages") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_agents_text(message: Json) -> bool:
    return (message.get("role"), message.get("medium")) == ("MESSAGE_ROLE_AGENT", "MESSAGE_MEDIUM_TEXT")


def _where(when: Callable[[Json], Any], answer: AnswerHook) -> AnswerHook:
    """Does something to an answer only if something is true of the body."""
    return lambda exchange, shown: answer(exchange, shown) if when(exchange.merged) else shown


FAULTS: tuple[Fault, ...] = (
    judging(
        "agent-meets-text",
        "a message of the agent in text makes the server fail",
        crashes_if(lambda body: any(map(_is_agents_text, _messages(body)))),
        "robustness.server-error",
    ),
    judging(
        "recording-meets-language",
        "recordingEnabled and languageHint together make the server fail",
        crashes_if(_meet("recordingEnabled", "languageHint")),
        "robustness.server-error",
    ),
    judging(
        "fallback-meets-threshold",
        "a fallback greeting and an activation threshold together make the server fail",
        crashes_if(_meet("firstSpeakerSettings.user.fallback", "vadSettings.frameActivationThreshold")),
        "robustness.server-error",
    ),
    judging(
        "text-meets-no-transcript",
        "text as output medium is refused where the transcript is required",
        refuses_if(
            lambda body: body.get("initialOutputMedium") == "MESSAGE_MEDIUM_TEXT" and body.get("transcriptOptional") is False
        ),
        "status.created",
        "body.*",
    ),
    judging(
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
    answering(
        "settings-meet-state",
        "experimental settings are lost beside an initial state",
        _where(_meet("experimentalSettings", "initialState"), echoed("experimentalSettings", lambda _: {})),
        "body.experimentalSettings.echo",
    ),
    answering(
        "telnyx-meets-recording",
        "recordingEnabled is false with Telnyx",
        _where(_meet("medium.telnyx", "recordingEnabled"), echoed("recordingEnabled", lambda _: False)),
        "body.recordingEnabled.echo",
    ),
    answering(
        "join-timeout-follows-max-duration",
        "the join timeout defaults to the maximum duration where that was sent",
        lambda exchange, shown: (
            unsent("joinTimeout", shown["maxDuration"])(exchange, shown) if is_set(exchange, "maxDuration") else shown
        ),
        "body.joinTimeout.default",
    ),
    answering(
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
