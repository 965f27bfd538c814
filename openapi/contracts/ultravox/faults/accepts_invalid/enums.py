"""Values that are no members of an enum are accepted."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    at,
    changing,
    having,
    without,
)
from emulator.faults.dsl.places import rewritten
from openapi.json_types import Json

from .family import (
    TOOL,
    kindly,
    loosely,
)

FAULTS: tuple[Fault, ...] = (
    loosely(
        "location-unchecked-in-dynamic-parameters",
        "any text passes for the location of a dynamic parameter",
        at(f"{TOOL}.dynamicParameters.*.location", without("enum")),
        f"body.{TOOL}.dynamicParameters.*.location.enum",
    ),
    loosely(
        "end-behavior-unchecked",
        "any text passes for the end behavior of an inactivity message",
        at("inactivityMessages.*.endBehavior", without("enum")),
        "body.inactivityMessages.*.endBehavior.enum",
    ),
    loosely(
        "message-medium-short-names",
        "the medium of a message may be given without its prefix",
        at("initialMessages.*.medium", changing("enum", lambda known: [*known, *(m[15:] for m in known)])),
        "body.initialMessages.*.medium.enum",
    ),
    loosely(
        "role-user-without-prefix",
        "the role of a user's message may be given without its prefix",
        at("initialMessages.*.role", changing("enum", lambda known: [*known, "USER"])),
        "body.initialMessages.*.role.enum",
    ),
    loosely(
        "first-speaker-any-case",
        "the first speaker may be given in lower case",
        at("firstSpeaker", changing("enum", lambda known: [*known, *map(str.lower, known)])),
        "body.firstSpeaker.enum",
    ),
    loosely(
        "reaction-by-prefix",
        "whatever starts like an agent reaction is one",
        at(f"{TOOL}.defaultReaction", without("enum"), having(pattern="^AGENT_REACTION_")),
        f"body.{TOOL}.defaultReaction.enum",
    ),
    kindly(
        "medium-unchecked-in-tool-results",
        "any text passes for the medium of a tool's result",
        lambda body: rewritten(body, "initialMessages.*", _medium_of_result),
        "body.initialMessages.*.medium.enum",
    ),
    loosely(
        "role-of-the-system",
        "messages of the system are taken, as other makers of models have them",
        at("initialMessages.*.role", changing("enum", lambda known: [*known, "MESSAGE_ROLE_SYSTEM"])),
        "body.initialMessages.*.role.enum",
    ),
    loosely(
        "location-in-a-cookie",
        "a parameter of a tool may be put into a cookie, as OpenAPI has it",
        at(f"{TOOL}.staticParameters.*.location", changing("enum", lambda known: [*known, "PARAMETER_LOCATION_COOKIE"])),
        f"body.{TOOL}.staticParameters.*.location.enum",
    ),
)


def _medium_of_result(message: Json) -> Json:
    is_result = isinstance(message, dict) and message.get("role") == "MESSAGE_ROLE_TOOL_RESULT"
    return {**message, "medium": "MESSAGE_MEDIUM_TEXT"} if is_result and isinstance(message.get("medium"), str) else message
