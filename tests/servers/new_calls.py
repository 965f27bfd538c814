"""New calls: what they inherit from a parent call, and how a response shows them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from tests.servers.sentences import Body, deviates

DEFAULTS: Body = {
    "joinTimeout": "30s",
    "maxDuration": "3600s",
    "model": "fixie-ai/ultravox",
    "recordingEnabled": False,
    "temperature": 0,
    "transcriptOptional": True,
    "initialOutputMedium": "MESSAGE_MEDIUM_VOICE",
    "medium": {"webRtc": {}},
    "metadata": {},
    "initialState": {},
    "experimentalSettings": {},
    "inactivityMessages": [],
    **dict.fromkeys(("systemPrompt", "timeExceededMessage", "languageHint", "voice", "vadSettings")),
}
OTHER_DEFAULTS: Body = {
    "joinTimeout": "60s",
    "maxDuration": "1800s",
    "model": "other",
    "recordingEnabled": True,
    "temperature": 0.5,
    "transcriptOptional": False,
    "initialOutputMedium": "MESSAGE_MEDIUM_TEXT",
    "medium": {"twilio": {}},
}
FRESH: Body = dict.fromkeys(("clientVersion", "joined", "ended", "endReason", "shortSummary", "summary"))
# A call shows one of each pair; what a body sets replaces the other one of the parent call.
EXCLUSIVE = (("voice", "externalVoice"), ("firstSpeaker", "firstSpeakerSettings"))


def inherited(body: Body, parent: Body | None) -> Body:
    """Return the settings of a call: those of the body, and those of the parent call that they do not replace."""
    body = {
        name: value for name, value in body.items() if value not in ("FIRST_SPEAKER_UNSPECIFIED", "MESSAGE_MEDIUM_UNSPECIFIED")
    }
    replaced = {other for pair in EXCLUSIVE for other in pair if body.keys() & set(pair)}
    if deviates("shared-inheritance"):
        replaced = set()
    kept = {} if parent is None or deviates("no-inheritance") else parent
    kept = {name: value for name, value in kept.items() if name not in replaced}
    if deviates("merged-members"):
        body = {name: _merged(kept.get(name), value) for name, value in body.items()}
    return {**kept, **body}


def _merged(old: Any, new: Any) -> Any:
    """Return an object with the members of both, the new ones first; of other values the new one."""
    if not isinstance(old, dict) or not isinstance(new, dict) or len(new) == 1 == len(old):
        return new
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}


def created(settings: Body) -> Body:
    """Return a new call with the given settings as a response shows it."""
    identifier = str(uuid.uuid4())
    opening = settings.get("firstSpeakerSettings")
    if opening is None:
        opening = {"user": {}} if settings.get("firstSpeaker") == "FIRST_SPEAKER_USER" else {"agent": {}}
    shown = {name: _shown(settings, name) for name in DEFAULTS}
    if "externalVoice" in settings:
        shown["externalVoice"] = settings["externalVoice"]
    return {
        **FRESH,
        **shown,
        "callId": identifier,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "joinUrl": f"wss://voice.example.com/calls/{identifier}",
        "errorCount": 0,
        "firstSpeaker": "FIRST_SPEAKER_USER" if "user" in opening else "FIRST_SPEAKER_AGENT",
        "firstSpeakerSettings": opening,
    }


def _shown(settings: Body, name: str) -> Any:
    # An empty medium is none, so that the call is carried by the default one.
    if name not in settings or (name == "medium" and not settings[name]) or deviates(f"echo-{name}"):
        return OTHER_DEFAULTS[name] if deviates(f"default-{name}") else DEFAULTS[name]
    return settings[name]
