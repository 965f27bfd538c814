"""Faults that refuse some member of an enum."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import without_member

from .family import TOOL, strictly

FAULTS: tuple[Fault, ...] = (
    strictly(
        "static-header-parameter-refused",
        "static parameters in headers are refused, dynamic ones are not",
        f"{TOOL}.staticParameters.*.location",
        without_member("PARAMETER_LOCATION_HEADER"),
    ),
    strictly(
        "known-sample-rate-refused",
        "the output sample rate is no known value of a parameter",
        f"{TOOL}.automaticParameters.*.knownValue",
        without_member("KNOWN_PARAM_OUTPUT_SAMPLE_RATE"),
    ),
    strictly(
        "strict-hang-up-refused",
        "one end behavior is unknown",
        "inactivityMessages.*.endBehavior",
        without_member("END_BEHAVIOR_HANG_UP_STRICT"),
    ),
    strictly(
        "tool-result-refused",
        "messages with tool results are refused",
        "initialMessages.*.role",
        without_member("MESSAGE_ROLE_TOOL_RESULT"),
    ),
    strictly(
        "speaks-once-refused",
        "one agent reaction is unknown",
        f"{TOOL}.defaultReaction",
        without_member("AGENT_REACTION_SPEAKS_ONCE"),
    ),
    strictly(
        "unspecified-speaker-refused",
        "an unspecified first speaker is refused",
        "firstSpeaker",
        without_member("FIRST_SPEAKER_UNSPECIFIED"),
    ),
)
