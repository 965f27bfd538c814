"""Violations of rules about several fields that are accepted."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    at,
    changing,
    with_rule,
    without,
    without_rule,
)
from emulator.faults.dsl.places import rewritten, value, values
from openapi.json_types import Json

from .family import (
    TOOL,
    kindly,
    loosely,
)

FAULTS: tuple[Fault, ...] = (
    loosely(
        "two-voices",
        "voice and externalVoice are accepted together",
        at("", without_rule("voice-or-external-voice")),
        "body.voice-or-external-voice",
    ),
    loosely(
        "speaker-mismatch",
        "firstSpeaker and firstSpeakerSettings may contradict each other",
        at("", without_rule("first-speaker-matches-settings")),
        "body.first-speaker-matches-settings",
    ),
    loosely(
        "speaker-mismatch-one-way",
        "an agent as first speaker is accepted beside settings for a user",
        at(
            "",
            with_rule("first-speaker-matches-settings", changing("not", lambda no: {**no, "anyOf": no["anyOf"][:1]})),
        ),
        "body.first-speaker-matches-settings",
    ),
    loosely(
        "client-tool-with-query-parameters",
        "a client tool may have parameters elsewhere than in the body",
        at(TOOL, without_rule("client-tools-take-body-parameters-only")),
        f"body.{TOOL}.client-tools-take-body-parameters-only",
    ),
    loosely(
        "client-tool-dynamic-only",
        "of a client tool's parameters only the dynamic ones are checked",
        at(
            TOOL,
            with_rule(
                "client-tools-take-body-parameters-only",
                changing("not", lambda no: {**no, "anyOf": no["anyOf"][:1]}),
            ),
        ),
        f"body.{TOOL}.client-tools-take-body-parameters-only",
    ),
    loosely(
        "tool-names-repeated",
        "two tools may have one name",
        at("selectedTools", without("x-unique-by")),
        "body.selectedTools.x-unique-by",
    ),
    loosely(
        "tool-names-overrides-ignored",
        "name overrides are ignored when names are compared",
        at("selectedTools", changing("x-unique-by", lambda pointers: pointers[1:])),
        "body.selectedTools.x-unique-by",
    ),
    loosely(
        "required-override-missing",
        "parameters that must be overridden need not be",
        at("selectedTools.*", without("x-covers")),
        "body.selectedTools.*.x-covers",
    ),
    kindly(
        "required-override-first-only",
        "of the parameters that must be overridden only the first is looked at",
        lambda body: rewritten(body, f"{TOOL}.requirements.requiredParameterOverrides", _first),
        "body.selectedTools.*.x-covers",
    ),
    kindly(
        "required-override-by-token",
        "a token of the name will do for a parameter that must be overridden",
        lambda body: rewritten(body, "selectedTools.*", _tokens_override),
        "body.selectedTools.*.x-covers",
    ),
    kindly(
        "required-override-of-optional",
        "parameters that need not be set need not be overridden",
        lambda body: rewritten(body, "selectedTools.*", _optional_overridden),
        "body.selectedTools.*.x-covers",
    ),
    loosely(
        "input-rate-optional",
        "the input sample rate may be missing",
        at("medium.serverWebSocket", without("required")),
        "body.medium.serverWebSocket.inputSampleRate.required",
    ),
)


def _first(names: Json) -> Json:
    return names[:1] if isinstance(names, list) else names


def _tokens_override(tool: Json) -> Json:
    tokens = value(tool, "authTokens")
    return _overridden(tool, list(tokens) if isinstance(tokens, dict) else [])


def _optional_overridden(tool: Json) -> Json:
    found = values(tool, "temporaryTool.dynamicParameters.*")
    return _overridden(tool, [each.get("name") for each in found if isinstance(each, dict) and not each.get("required")])


def _overridden(tool: Json, names: list[Json]) -> Json:
    given = value(tool, "parameterOverrides") or {}
    if not isinstance(tool, dict) or not isinstance(given, dict) or not names:
        return tool
    return {**tool, "parameterOverrides": {**dict.fromkeys(filter(None, map(str, names)), 1), **given}}
