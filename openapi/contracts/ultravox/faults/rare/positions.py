"""Faults at one position of a list, or at a nested occurrence only."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from emulator.faults.dsl.editing import at, having
from emulator.faults.dsl.making import (
    body_as,
    crashes_if,
    echoed,
)
from emulator.faults.dsl.places import rewritten
from openapi.json_types import Json

from .family import FAMILY, deciding, responding

_TOOL = "selectedTools.*.temporaryTool"


def _sent_as(name: str, summary: str, change: Callable[[Json], Json], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=body_as(change))


def _several(each: Json) -> bool:
    return isinstance(each, list) and len(each) > 1


def _without_second(each: Json) -> Json:
    return [*each[:1], *each[2:]] if _several(each) else each


def _second_without(each: list[dict[str, Json]], name: str) -> Json:
    return [{key: inner for key, inner in one.items() if key != name} if index == 1 else one for index, one in enumerate(each)]


def _milliseconds_from_second(each: Json) -> Json:
    """Return the messages with durations of whole milliseconds read as seconds, but for the first message."""
    if not _several(each):
        return each
    return [each[0], *(_in_seconds(one) for one in each[1:])]


def _in_seconds(message: Json) -> Json:
    duration = message.get("duration") if isinstance(message, dict) else None
    number = duration.removesuffix("ms") if isinstance(duration, str) and duration.endswith("ms") else ""
    return {**message, "duration": "1s"} if number.isdigit() else message


def _all_as_first(each: Json) -> Json:
    return dict.fromkeys(each, next(iter(each.values()))) if isinstance(each, dict) and each else each


def _is_null_for_user(body: Json) -> bool:
    settings = body.get("firstSpeakerSettings") if isinstance(body, dict) else None
    return isinstance(settings, dict) and settings.get("user", 0) is None


FAULTS: tuple[Fault, ...] = (
    _sent_as(
        "milliseconds-from-second-message",
        "from the second inactivity message on, a duration may be in milliseconds",
        lambda body: rewritten(body, "inactivityMessages", _milliseconds_from_second),
        "body.inactivityMessages.*.duration.pattern",
    ),
    _sent_as(
        "second-requirement-unchecked",
        "of several security requirements the first is checked alone",
        lambda body: rewritten(body, f"{_TOOL}.requirements.httpSecurityOptions.options.*.requirements", _all_as_first),
        "body.selectedTools.*.temporaryTool.requirements.httpSecurityOptions.options.*.requirements.*",
    ),
    _sent_as(
        "first-tool-checked-only",
        "of the selected tools only the first is checked",
        lambda body: rewritten(body, "selectedTools", lambda each: each[:1] if isinstance(each, list) else each),
        "body.selectedTools*",
    ),
    _sent_as(
        "two-tools-checked-only",
        "of the selected tools only the first two are checked",
        lambda body: rewritten(body, "selectedTools", lambda each: each[:2] if isinstance(each, list) else each),
        "body.selectedTools*",
    ),
    _sent_as(
        "second-parameter-unchecked",
        "of a tool's dynamic parameters the second is not checked",
        lambda body: rewritten(body, f"{_TOOL}.dynamicParameters", _without_second),
        "body.selectedTools.*.temporaryTool.dynamicParameters.*",
        "body.selectedTools.*.temporaryTool.client-tools*",
    ),
    _sent_as(
        "last-message-unchecked",
        "of several initial messages the last is not checked",
        lambda body: rewritten(body, "initialMessages", lambda each: each[:-1] if _several(each) else each),
        "body.initialMessages.*",
    ),
    responding(
        "second-message-without-behavior",
        "the second inactivity message loses its end behavior",
        echoed("inactivityMessages", lambda each: _second_without(each, "endBehavior")),
        "body.inactivityMessages.echo",
        "body.inactivityMessages.*",
    ),
    responding(
        "third-message-first",
        "the third inactivity message comes back first",
        echoed("inactivityMessages", lambda each: [each[2], *each[:2], *each[3:]] if len(each) > 2 else each),
        "body.inactivityMessages.echo",
    ),
    Fault(
        name="nested-name-unchecked",
        family=FAMILY,
        summary="a secret's name may be any value, three objects below a tool",
        expects=(f"body.{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.*.headerApiKey.name.type",),
        contract=at(
            f"{_TOOL}.requirements.httpSecurityOptions.options.*.requirements.*.headerApiKey.name",
            lambda schema: {key: each for key, each in schema.items() if key != "type"},
        ),
    ),
    Fault(
        name="nested-override-pattern",
        family=FAMILY,
        summary="names of dictionaries must not be empty, in a list two objects deep",
        expects=("body.externalVoice.elevenLabs.pronunciationDictionaries.*", "status.created"),
        contract=at("externalVoice.elevenLabs.pronunciationDictionaries.*.versionId", having(minLength=1)),
    ),
    deciding(
        "null-for-user",
        "settings of the user that are null make the server fail",
        crashes_if(_is_null_for_user),
        "robustness.server-error",
    ),
)
