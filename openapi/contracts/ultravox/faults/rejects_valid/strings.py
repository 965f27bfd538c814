"""Faults that refuse strings, names and durations that match their patterns."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import having
from emulator.faults.dsl.places import value

from .family import TOOL, refusing, strictly

_NAME = "^[a-zA-Z0-9_-]{1,64}$"

FAULTS: tuple[Fault, ...] = (
    strictly(
        "tool-name-64-refused",
        "tool names of 64 characters are refused",
        f"{TOOL}.modelToolName",
        having(pattern=_NAME.replace("64", "63")),
    ),
    strictly(
        "tool-name-hyphen-refused",
        "hyphens in tool names are refused",
        f"{TOOL}.modelToolName",
        having(pattern=_NAME.replace("_-", "_")),
    ),
    strictly(
        "name-override-digit-refused",
        "name overrides that start with a digit are refused",
        "selectedTools.*.nameOverride",
        having(pattern="^[a-zA-Z_-][a-zA-Z0-9_-]{0,63}$"),
    ),
    strictly(
        "duration-decimals-refused",
        "interruption durations with more than three decimals are refused",
        "vadSettings.minimumInterruptionDuration",
        having(pattern=r"^-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,3})?s$"),
    ),
    strictly(
        "duration-12-digits-refused",
        "tool timeouts of twelve digits are refused",
        f"{TOOL}.timeout",
        having(pattern=r"^-?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,9})?s$"),
    ),
    refusing(
        "duration-0-refused",
        "a turn duration of 0 seconds is refused",
        lambda body: value(body, "vadSettings.minimumTurnDuration") in ("0s", "0.0s", "0.000s"),
        "body.vadSettings.minimumTurnDuration.*",
        "body.vadSettings.*",
    ),
    strictly("empty-prompt-refused", "an empty system prompt is refused", "systemPrompt", having(minLength=1)),
    strictly(
        "metadata-value-empty-refused",
        "empty values of metadata are refused",
        "metadata.*",
        having(minLength=1),
        "body.metadata.*",
    ),
    strictly(
        "metadata-prefix-too-wide",
        "metadata keys that merely start with the reserved word are refused",
        "metadata",
        having(propertyNames={"not": {"pattern": "^ultravox"}}),
        "body.metadata.propertyNames",
    ),
    refusing(
        "greeting-text-with-newline-refused",
        "line breaks in the agent's greeting are refused",
        lambda body: "\n" in (value(body, "firstSpeakerSettings.agent.text") or ""),
        "body.firstSpeakerSettings.agent.text.*",
        "status.created",
    ),
    refusing(
        "ascii-prompts-only",
        "a system prompt with other than ASCII characters is refused",
        lambda body: not (body.get("systemPrompt") or "").isascii(),
        "body.systemPrompt.*",
        "status.created",
    ),
)
