"""The sentences of the documentation, written by hand for the reference servers in Python.

Bodies are JSON objects that a framework has parsed: without null members, with durations and enum members of valid syntax.
The environment variable DEVIATIONS holds the names of rules that the server ignores, separated by commas; `deviations.py`
lists all names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

TOOL = "selectedTools.*.temporaryTool"
PARAMETERS = tuple(f"{each}Parameters" for each in ("dynamic", "static", "automatic"))
ELSEWHERE = {f"PARAMETER_LOCATION_{each}" for each in ("QUERY", "PATH", "HEADER")}
TOOL_NAME = re.compile("[a-zA-Z0-9_-]{1,64}")

BOUNDS = {
    "temperature": (0, 1),
    "vadSettings.frameActivationThreshold": (0.1, 1),
    "externalVoice.elevenLabs.speed": (0.7, 1.2),
    "externalVoice.cartesia.speed": (-1, 1),
    "externalVoice.playHt.speed": (0, 5),
    "externalVoice.lmnt.speed": (0.25, 2),
}
# Where, between which members, and how many of them at least and at most.
CHOICES: Mapping[str, tuple[str, tuple[str, ...], int]] = {
    "one-medium": ("medium", ("webRtc", "twilio", "serverWebSocket", "telnyx", "plivo", "exotel"), 0),
    "one-external-voice": ("externalVoice", ("elevenLabs", "cartesia", "playHt", "lmnt"), 1),
    "one-first-speaker": ("firstSpeakerSettings", ("user", "agent"), 1),
    "one-tool": ("selectedTools.*", ("toolId", "toolName", "temporaryTool"), 1),
    "one-implementation": (TOOL, ("http", "client"), 1),
    "one-requirement": (
        f"{TOOL}.requirements.httpSecurityOptions.options.*.requirements.*",
        ("queryApiKey", "headerApiKey", "httpAuth"),
        1,
    ),
}


def deviates(name: str) -> bool:
    """Return true if the server is asked to deviate in the named way."""
    return name in os.environ.get("DEVIATIONS", "").split(",")


def found(value: Any, path: str) -> Iterator[Any]:
    """Yield the values at a path of member names, in which `*` is each item of an array or value of an object."""
    name, _, rest = path.partition(".")
    if not isinstance(value, dict | list):
        return
    steps = value.values() if isinstance(value, dict) else value
    for each in steps if name == "*" else [value[name]] if isinstance(value, dict) and name in value else []:
        yield from found(each, rest) if rest else (each,)


def seconds(duration: str) -> Decimal:
    """Return the number of seconds of a valid duration."""
    return Decimal(duration.removesuffix("s"))


def _has_duplicate_names(body: Body) -> bool:
    names = [name for tool in found(body, "selectedTools.*") if (name := _model_name(tool)) is not None]
    return len(names) != len(set(names))


def _model_name(tool: Body) -> tuple[str, str] | None:
    """Return the name that the model sees, or for a stored tool, whose name only its owner knows, the tool itself."""
    names = {"name": tool.get("nameOverride", tool.get("temporaryTool", {}).get("modelToolName"))}
    names |= {key: tool[key] for key in ("toolId", "toolName") if key in tool}
    return next(((key, name) for key, name in names.items() if name is not None), None)


def _has_misplaced_parameter(body: Body) -> bool:
    clients = [tool for tool in found(body, TOOL) if "client" in tool]
    return any(each in ELSEWHERE for tool in clients for kind in PARAMETERS for each in found(tool, f"{kind}.*.location"))


def _misses_override(body: Body) -> bool:
    return any(
        name not in tool.get("parameterOverrides", {})
        for tool in found(body, "selectedTools.*")
        for name in found(tool, "temporaryTool.requirements.requiredParameterOverrides.*")
    )


def _speakers_differ(body: Body) -> bool:
    pair = {"FIRST_SPEAKER_USER": "agent", "FIRST_SPEAKER_AGENT": "user"}
    return pair.get(body.get("firstSpeaker", "")) in body.get("firstSpeakerSettings", {})


def _is_out_of_bounds(path: str) -> Callable[[Body], bool]:
    low, high = BOUNDS[path]
    return lambda body: any(not low <= each <= high for each in found(body, path))


def _chooses_badly(name: str) -> Callable[[Body], bool]:
    path, members, least = CHOICES[name]
    return lambda body: any(not least <= len(each.keys() & set(members)) <= 1 for each in found(body, path))


def _has_bad_name(path: str) -> Callable[[Body], bool]:
    return lambda body: any(not TOOL_NAME.fullmatch(each) for each in found(body, path))


# Each function returns true for a body that violates the rule.
RULES: Mapping[str, Callable[[Body], bool]] = {
    **{f"bounds-{path}": _is_out_of_bounds(path) for path in BOUNDS},
    **{name: _chooses_badly(name) for name in CHOICES},
    "name-override": _has_bad_name("selectedTools.*.nameOverride"),
    "model-tool-name": _has_bad_name(f"{TOOL}.modelToolName"),
    "unique-names": _has_duplicate_names,
    "client-parameters": _has_misplaced_parameter,
    "required-overrides": _misses_override,
    "two-voices": lambda body: "voice" in body and "externalVoice" in body,
    "first-speakers-match": _speakers_differ,
    "reserved-metadata": lambda body: any(key.startswith("ultravox.") for key in body.get("metadata", {})),
    "input-rate": lambda body: any("inputSampleRate" not in each for each in found(body, "medium.serverWebSocket")),
    "language-length": lambda body: len(body.get("languageHint", "")) > 16,
    "positive-timeouts": lambda body: any(seconds(body.get(name, "1s")) <= 0 for name in ("joinTimeout", "maxDuration")),
}


def violation(body: Body, parent: Body | None) -> str | None:
    """Return the name of a rule that a request violates; `parent` holds the settings of the parent call, if it has one."""
    if parent is not None and body.get("initialMessages") and not deviates("parent-messages"):
        return "parent-messages"
    return next((name for name, violates in RULES.items() if not deviates(name) and violates(body)), None)
