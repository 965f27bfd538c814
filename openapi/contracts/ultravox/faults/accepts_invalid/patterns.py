"""Texts that do not match their pattern are accepted."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    at,
    having,
    without,
)

from .family import TOOL, loosely

_NAME = "^[a-zA-Z0-9_-]{1,64}$"
_DURATION = r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s"


FAULTS: tuple[Fault, ...] = (
    loosely(
        "tool-name-unanchored-end",
        "only the beginning of a tool's name is checked",
        at(f"{TOOL}.modelToolName", having(pattern=_NAME[:-1])),
        f"body.{TOOL}.modelToolName.pattern",
    ),
    loosely(
        "name-override-unanchored-start",
        "only the end of a name override is checked",
        at("selectedTools.*.nameOverride", having(pattern=_NAME[1:])),
        "body.selectedTools.*.nameOverride.pattern",
    ),
    loosely(
        "name-override-65",
        "a name override may have 65 characters",
        at("selectedTools.*.nameOverride", having(pattern=_NAME.replace("64", "65"))),
        "body.selectedTools.*.nameOverride.pattern",
    ),
    loosely(
        "tool-name-empty",
        "the name of a tool may be empty",
        at(f"{TOOL}.modelToolName", having(pattern=_NAME.replace("1,", "0,"))),
        f"body.{TOOL}.modelToolName.pattern",
    ),
    loosely(
        "tool-name-with-dots",
        "the name of a tool may have dots",
        at(f"{TOOL}.modelToolName", having(pattern=_NAME.replace("_-", "_.-"))),
        f"body.{TOOL}.modelToolName.pattern",
    ),
    loosely(
        "join-timeout-without-unit",
        "a join timeout may lack its unit",
        at("joinTimeout", having(pattern=f"^{_DURATION}?$")),
        "body.joinTimeout.pattern",
    ),
    loosely(
        "max-duration-minutes",
        "a maximum duration may be given in minutes or hours",
        at("maxDuration", having(pattern=f"^{_DURATION[:-1]}[smh]$")),
        "body.maxDuration.pattern",
    ),
    loosely(
        "endpoint-delay-unanchored",
        "a duration may stand anywhere in the turn endpoint delay",
        at("vadSettings.turnEndpointDelay", having(pattern=_DURATION)),
        "body.vadSettings.turnEndpointDelay.pattern",
    ),
    loosely(
        "timespan-unchecked",
        "any text passes for the end of a timespan",
        at("initialMessages.*.timespan.end", without("pattern")),
        "body.initialMessages.*.timespan.end.pattern",
    ),
    loosely(
        "fallback-delay-unchecked",
        "any text passes for the delay of a fallback, four levels deep",
        at("firstSpeakerSettings.user.fallback.delay", without("pattern")),
        "body.firstSpeakerSettings.user.fallback.delay.pattern",
    ),
    loosely(
        "reserved-metadata-key",
        "metadata may have keys that are reserved for the system",
        at("metadata", without("propertyNames")),
        "body.metadata.propertyNames",
    ),
    loosely(
        "reserved-metadata-key-upper-case",
        "only reserved keys that go on with a lower-case letter are refused",
        at("metadata", having(propertyNames={"not": {"pattern": r"^ultravox\.[a-z]"}})),
        "body.metadata.propertyNames",
    ),
)
