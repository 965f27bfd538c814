"""The fields that the made-up runs are about: place, type, keywords."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DURATION = r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s$"
NAME = "^[a-zA-Z0-9_-]{1,64}$"
LOCATIONS = [f"PARAMETER_LOCATION_{each}" for each in ("UNSPECIFIED", "QUERY", "PATH", "HEADER", "BODY")]
MEDIA = [f"MESSAGE_MEDIUM_{each}" for each in ("UNSPECIFIED", "VOICE", "TEXT")]
ROLES = [f"MESSAGE_ROLE_{each}" for each in ("UNSPECIFIED", "USER", "AGENT", "TOOL_CALL", "TOOL_RESULT")]
SPEAKERS = [f"FIRST_SPEAKER_{each}" for each in ("UNSPECIFIED", "AGENT", "USER")]
REACTIONS = [f"AGENT_REACTION_{each}" for each in ("UNSPECIFIED", "SPEAKS", "LISTENS", "SPEAKS_ONCE")]
ENDS = [f"END_BEHAVIOR_{each}" for each in ("UNSPECIFIED", "HANG_UP_SOFT", "HANG_UP_STRICT")]
KNOWN = [f"KNOWN_PARAM_{each}" for each in ("UNSPECIFIED", "CALL_ID", "CONVERSATION_HISTORY", "CALL_STATE")]
REASONS = ["unjoined", "hangup", "agent_hangup", "timeout", "connection_error", "system_error"]

_TEXT: dict[str, Any] = {"type": "string"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_TIME: dict[str, Any] = {"type": "string", "pattern": DURATION, "format": "duration"}


def _number(low: float, high: float) -> dict[str, Any]:
    return {"type": "number", "minimum": low, "maximum": high}


def _one_of(members: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": members}


def _voice(**speeds: Any) -> dict[str, Any]:
    return {"voiceId": _TEXT, "model": _TEXT, **speeds}


_PARAMETER = {"name": _TEXT, "location": _one_of(LOCATIONS)}
_SPEAKER: dict[str, Any] = {
    "user": {"fallback": {"delay": _TIME, "text": _TEXT}},
    "agent": {"uninterruptible": _FLAG, "text": _TEXT, "delay": _TIME},
}
_TOOL: dict[str, Any] = {
    "modelToolName": {"type": "string", "pattern": NAME},
    "description": _TEXT,
    "dynamicParameters": [{**_PARAMETER, "schema": {}, "required": _FLAG}],
    "staticParameters": [{**_PARAMETER, "value": {}}],
    "automaticParameters": [{**_PARAMETER, "knownValue": _one_of(KNOWN)}],
    "requirements": {
        "httpSecurityOptions": {"options": [{"requirements": {}}]},
        "requiredParameterOverrides": [_TEXT],
    },
    "timeout": {**_TIME, "default": "20s"},
    "precomputable": _FLAG,
    "http": {"baseUrlPattern": _TEXT, "httpMethod": _TEXT},
    "client": {},
    "defaultReaction": _one_of(REACTIONS),
}
_SOCKET = {
    "inputSampleRate": {"type": "integer", "format": "int32"},
    "outputSampleRate": {"type": "integer", "format": "int32"},
    "clientBufferSizeMs": {"type": "integer", "format": "int32", "default": 60},
}
_MEDIUM: dict[str, Any] = {
    "webRtc": {},
    "twilio": {},
    "serverWebSocket": _SOCKET,
    "telnyx": {},
    "plivo": {},
    "exotel": {},
}
BODY: dict[str, Any] = {
    "systemPrompt": _TEXT,
    "temperature": _number(0, 1),
    "model": {"type": "string", "default": "fixie-ai/ultravox"},
    "voice": _TEXT,
    "externalVoice": {
        "elevenLabs": _voice(speed=_number(0.7, 1.2), useSpeakerBoost=_FLAG, style={"type": "number"}),
        "cartesia": _voice(speed=_number(-1, 1), emotion=_TEXT),
        "playHt": _voice(userId=_TEXT, speed=_number(0, 5), quality=_TEXT),
        "lmnt": _voice(speed=_number(0.25, 2), conversational=_FLAG),
    },
    "languageHint": {"type": "string", "maxLength": 16},
    "initialMessages": [
        {
            "role": _one_of(ROLES),
            "text": _TEXT,
            "invocationId": _TEXT,
            "toolName": _TEXT,
            "errorDetails": _TEXT,
            "medium": _one_of(MEDIA),
            "callStageMessageIndex": {"type": "integer", "format": "int32"},
            "timespan": {"start": _TIME, "end": _TIME},
        }
    ],
    "joinTimeout": {**_TIME, "default": "30s"},
    "maxDuration": {**_TIME, "default": "3600s"},
    "timeExceededMessage": _TEXT,
    "inactivityMessages": [{"duration": _TIME, "message": _TEXT, "endBehavior": _one_of(ENDS)}],
    "selectedTools": [
        {
            "toolId": _TEXT,
            "toolName": _TEXT,
            "temporaryTool": _TOOL,
            "nameOverride": {"type": "string", "pattern": NAME},
            "authTokens": {"type": "object"},
            "parameterOverrides": {"type": "object"},
        }
    ],
    "medium": _MEDIUM,
    "recordingEnabled": {**_FLAG, "default": False},
    "firstSpeaker": _one_of(SPEAKERS),
    "transcriptOptional": {**_FLAG, "default": True},
    "initialOutputMedium": _one_of(MEDIA),
    "vadSettings": {
        "turnEndpointDelay": {**_TIME, "default": "0.384s"},
        "minimumTurnDuration": {**_TIME, "default": "0s"},
        "frameActivationThreshold": _number(0.1, 1),
    },
    "firstSpeakerSettings": _SPEAKER,
    "experimentalSettings": {"type": "object"},
    "metadata": {"type": "object", "propertyNames": {"not": {"pattern": "^ultravox[.]"}}},
    "initialState": {"type": "object"},
}
_NEVER_NULL = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
RESPONSE: dict[str, Any] = {
    "callId": {**_NEVER_NULL, "format": "uuid", "required": True},
    "clientVersion": {**_MAYBE, "required": True},
    "created": {**_NEVER_NULL, "format": "date-time", "required": True},
    "joined": {**_MAYBE, "format": "date-time", "required": True},
    "ended": {**_MAYBE, "format": "date-time", "required": True},
    "endReason": {"type": ["string", "null"], "enum": [*REASONS, None], "required": True},
    "errorCount": {"type": "integer", "default": 0, "required": True},
    "shortSummary": {**_MAYBE, "required": True},
    "summary": {**_MAYBE, "required": True},
    "joinUrl": {**_MAYBE, "format": "uri", "required": True},
    **{name: BODY[name] for name in BODY if name not in {"initialMessages", "selectedTools"}},
}


def walk(properties: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field as (place, keywords) in document order; an array's items stand under `*`."""
    for name, shape in properties.items():
        yield from _walk_shape(shape, f"{above}.{name}" if above else name)


def _walk_shape(shape: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(shape, list):
        yield place, {"type": "array"}
        yield from _walk_shape(shape[0], f"{place}.*")
    elif isinstance(shape.get("type"), str | list):
        yield place, shape
    else:
        yield place, {"type": "object"}
        yield from walk(shape, place)
