"""Faults that fire when two certain fields meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    SERVER_ERROR,
    ResponseHook,
    crashes_if,
    echoed,
    is_set,
    refuses_if,
    unsent,
)
from emulator.faults.dsl.places import value, values
from emulator.messages import Exchange, Reply
from openapi.json_types import Json

from .family import deciding, responding


def _meet(*places: str) -> Callable[[Json], bool]:
    return lambda body: isinstance(body, dict) and all(value(body, place) is not None for place in places)


def _messages(body: Json) -> list[Json]:
    found = body.get("initialMessages") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_agents_string(message: Json) -> bool:
    return (message.get("role"), message.get("medium")) == ("MESSAGE_ROLE_AGENT", "MESSAGE_MEDIUM_TEXT")


_TOOL = "selectedTools.*.temporaryTool"


def _of_tools(when: Callable[[Json], Any]) -> Callable[[Json], bool]:
    """Return whether something is true of any temporary tool."""
    return lambda body: any(isinstance(each, dict) and when(each) for each in values(body, _TOOL))


def _object_in_header(tool: Json) -> bool:
    found = [each for each in values(tool, "staticParameters.*") if isinstance(each, dict)]
    return any(isinstance(each.get("value"), dict) and each.get("location") == "PARAMETER_LOCATION_HEADER" for each in found)


def _posts_a_body(tool: Json) -> bool:
    places = [each.get("location") for each in values(tool, "dynamicParameters.*") if isinstance(each, dict)]
    return value(tool, "http.httpMethod") == "POST" and "PARAMETER_LOCATION_BODY" in places


def _result_last(body: Json) -> bool:
    found = _messages(body)
    return len(found) > 1 and found[-1].get("role") == "MESSAGE_ROLE_TOOL_RESULT"


def _blank(body: Json) -> bool:
    strings = (body.get(name) for name in ("systemPrompt", "timeExceededMessage")) if isinstance(body, dict) else ()
    return any(isinstance(each, str) and each.isspace() for each in strings)


def _same_invocation(body: Json) -> bool:
    found = [each.get("invocationId") for each in _messages(body) if isinstance(each.get("invocationId"), str)]
    return len(set(found)) < len(found)


def _false_override(body: Json) -> bool:
    return any(
        isinstance(each, dict) and any(each.get("parameterOverrides", {}).get(name) is False for name in needed)
        for each in values(body, "selectedTools.*")
        if isinstance(needed := value(each, "temporaryTool.requirements.requiredParameterOverrides"), list)
    )


def _no_greeting(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    meets = exchange.query.get("enableGreetingPrompt") == "false" and value(exchange.sent, "firstSpeakerSettings.user.fallback")
    return SERVER_ERROR if meets else verdict


def _where(when: Callable[[Json], Any], response: ResponseHook) -> ResponseHook:
    """Do something to a response only if something is true of the body."""
    return lambda exchange, shown: response(exchange, shown) if when(exchange.merged) else shown


FAULTS: tuple[Fault, ...] = (
    deciding(
        "precomputable-meets-post",
        "a tool that may be called ahead is refused if it posts",
        refuses_if(_of_tools(lambda tool: tool.get("precomputable") is True and value(tool, "http.httpMethod") == "POST")),
        "status.created",
        "body.selectedTools.*",
    ),
    deciding(
        "object-meets-header",
        "a static parameter that is an object makes the server fail in a header",
        crashes_if(_of_tools(_object_in_header)),
        "robustness.server-error",
    ),
    deciding(
        "post-meets-body",
        "a tool that posts a parameter in its body makes the server fail",
        crashes_if(_of_tools(_posts_a_body)),
        "robustness.server-error",
    ),
    deciding(
        "result-meets-end",
        "messages that end with the result of a tool make the server fail",
        crashes_if(_result_last),
        "robustness.server-error",
    ),
    deciding(
        "text-of-blanks",
        "a prompt of blanks makes the server fail",
        crashes_if(_blank),
        "robustness.server-error",
    ),
    deciding(
        "invocation-meets-itself",
        "two messages of one invocation make the server fail",
        crashes_if(_same_invocation),
        "robustness.server-error",
    ),
    deciding(
        "override-meets-false",
        "a required override is taken for missing if it is false",
        refuses_if(_false_override),
        "status.created",
        "body.selectedTools.*",
    ),
    deciding(
        "fallback-meets-no-greeting",
        "a fallback greeting makes the server fail where the greeting is turned off",
        _no_greeting,
        "robustness.server-error",
    ),
    deciding(
        "agent-meets-text",
        "a message of the agent in text makes the server fail",
        crashes_if(lambda body: any(map(_is_agents_string, _messages(body)))),
        "robustness.server-error",
    ),
    deciding(
        "recording-meets-language",
        "recordingEnabled and languageHint together make the server fail",
        crashes_if(_meet("recordingEnabled", "languageHint")),
        "robustness.server-error",
    ),
    deciding(
        "fallback-meets-threshold",
        "a fallback greeting and an activation threshold together make the server fail",
        crashes_if(_meet("firstSpeakerSettings.user.fallback", "vadSettings.frameActivationThreshold")),
        "robustness.server-error",
    ),
    deciding(
        "text-meets-no-transcript",
        "text as output medium is refused where the transcript is required",
        refuses_if(
            lambda body: body.get("initialOutputMedium") == "MESSAGE_MEDIUM_TEXT" and body.get("transcriptOptional") is False
        ),
        "status.created",
        "body.*",
    ),
    deciding(
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
    responding(
        "settings-meet-state",
        "experimental settings are lost beside an initial state",
        _where(_meet("experimentalSettings", "initialState"), echoed("experimentalSettings", lambda _: {})),
        "body.experimentalSettings.echo",
    ),
    responding(
        "telnyx-meets-recording",
        "recordingEnabled is false with Telnyx",
        _where(_meet("medium.telnyx", "recordingEnabled"), echoed("recordingEnabled", lambda _: False)),
        "body.recordingEnabled.echo",
    ),
    responding(
        "join-timeout-follows-max-duration",
        "the join timeout defaults to the maximum duration where that was sent",
        lambda exchange, shown: (
            unsent("joinTimeout", shown["maxDuration"])(exchange, shown) if is_set(exchange, "maxDuration") else shown
        ),
        "body.joinTimeout.default",
    ),
    responding(
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
