"""Members that exclude each other and are accepted together: three of them, an empty one, some kinds."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from emulator.faults.dsl.places import value, values
from openapi.json_types import Json

from .family import TOOL, letting

_SECRETS = f"{TOOL}.requirements.httpSecurityOptions.options.*.requirements.*"
_HOLDERS = ("toolId", "toolName", "temporaryTool")


def _three(place: str, names: tuple[str, ...] = ()) -> Callable[[Json], bool]:
    """Return whether there are just three members at a place, of certain names if any are given:
    what an exclusive "or" lets pass.
    """
    return lambda body: any(
        isinstance(each, dict) and len(set(each) & set(names) if names else each) == 3 for each in values(body, place)
    )


def _sides(body: Json) -> bool:
    sides = body.get("firstSpeakerSettings")
    return isinstance(sides, dict) and len(sides) == 2 and sorted(map(bool, sides.values())) == [False, True]


def _name_of_temporary(body: Json) -> bool:
    tools = [each for each in values(body, "selectedTools.*") if isinstance(each, dict)]
    named = any(isinstance(each.get("nameOverride"), str) and "temporaryTool" in each for each in tools)
    return named and not {"voice", "externalVoice"} <= body.keys()


def _reserved(body: Json) -> bool:
    found = body.get("metadata")
    reserved = [each for key, each in found.items() if key.startswith("ultravox.")] if isinstance(found, dict) else []
    return bool(reserved) and not any(reserved)


def _reserved_last(body: Json) -> bool:
    found = body.get("metadata")
    names = list(found) if isinstance(found, dict) else []
    return len(names) > 1 and [name.startswith("ultravox.") for name in names] == [*[False] * (len(names) - 1), True]


def _keys(body: Json) -> list[str]:
    found = body.get("metadata")
    return list(found) if isinstance(found, dict) else []


FAULTS: tuple[Fault, ...] = (
    letting(
        "reserved-metadata-last",
        "a reserved key of metadata is accepted behind others",
        _reserved_last,
        "body.metadata.propertyNames",
    ),
    letting(
        "three-providers",
        "an external voice may have three providers, but not two",
        _three("externalVoice"),
        "body.externalVoice.maxProperties",
    ),
    letting(
        "tool-chosen-thrice",
        "a tool may be given in all three ways at once, but not in two",
        _three("selectedTools.*", _HOLDERS),
        "body.selectedTools.*.oneOf",
    ),
    letting(
        "three-secrets-in-one",
        "a security requirement may ask for three secrets, but not for two",
        _three(_SECRETS),
        f"body.{_SECRETS}.oneOf",
    ),
    letting(
        "one-side-empty",
        "the first speaker may be both sides if the settings of one are empty",
        _sides,
        "body.firstSpeakerSettings.oneOf",
    ),
    letting(
        "voice-beside-lmnt",
        "a voice may stand beside one of LMNT",
        lambda body: (
            "voice" in body and list(body.get("externalVoice") or ()) == ["lmnt"] and value(body, "externalVoice.lmnt.voiceId")
        ),
        "body.voice-or-external-voice",
    ),
    letting(
        "name-of-temporary-tool",
        "the name that overrides a temporary tool's is not looked at",
        _name_of_temporary,
        "body.selectedTools.*.nameOverride.*",
        "body.selectedTools.*",
    ),
    letting(
        "empty-reserved-metadata",
        "reserved keys of metadata are accepted with an empty value",
        _reserved,
        "body.metadata.propertyNames",
    ),
    letting(
        "reserved-metadata-long",
        "keys of metadata beyond 40 characters are not looked at",
        lambda body: any(key.startswith("ultravox.") and len(key) > 40 for key in _keys(body)),
        "body.metadata.propertyNames",
    ),
    letting(
        "second-tool-chosen-twice",
        "only the first tool is looked at when a tool may be given in one way alone",
        lambda body: any(
            isinstance(each, dict) and len(set(each) & set(_HOLDERS)) > 1 for each in values(body, "selectedTools.*")[1:]
        ),
        "body.selectedTools.*.oneOf",
    ),
)
