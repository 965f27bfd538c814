"""None or several of a one-of are accepted."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    Edit,
    at,
    changing,
    having,
    renamed,
    without,
)

from .family import TOOL, loosely

_SECRETS = f"{TOOL}.requirements.httpSecurityOptions.options.*.requirements.*"


def _any_of(place: str) -> Edit:
    return at(place, renamed("oneOf", "anyOf"))


def _none_of(place: str) -> Edit:
    return at(place, without("oneOf"))


def _at_most_one_of(place: str) -> Edit:
    """Of a one-of, none is accepted as well; two are still refused."""
    return at(place, changing("oneOf", lambda branches: [*branches, {"not": {"anyOf": branches}}]))


FAULTS: tuple[Fault, ...] = (
    loosely(
        "tool-chosen-twice",
        "a selected tool may be given in several ways at once",
        _any_of("selectedTools.*"),
        "body.selectedTools.*.oneOf",
    ),
    loosely(
        "tool-not-chosen",
        "a selected tool may say nothing of which tool it is",
        _at_most_one_of("selectedTools.*"),
        "body.selectedTools.*.oneOf",
    ),
    loosely(
        "tool-with-two-implementations",
        "a tool may be both an HTTP and a client tool",
        _any_of(TOOL),
        f"body.{TOOL}.oneOf",
    ),
    loosely(
        "tool-without-implementation",
        "a tool may be neither an HTTP nor a client tool",
        _at_most_one_of(TOOL),
        f"body.{TOOL}.oneOf",
    ),
    loosely(
        "two-secrets-in-one",
        "a security requirement may ask for several secrets",
        _any_of(_SECRETS),
        f"body.{_SECRETS}.oneOf",
    ),
    loosely(
        "no-secret",
        "a security requirement may ask for nothing",
        _none_of(_SECRETS),
        f"body.{_SECRETS}.oneOf",
    ),
    loosely(
        "both-sides-speak-first",
        "the first speaker may be both sides",
        _any_of("firstSpeakerSettings"),
        "body.firstSpeakerSettings.oneOf",
    ),
    loosely(
        "nobody-speaks-first",
        "the first speaker's settings may be about neither side",
        _at_most_one_of("firstSpeakerSettings"),
        "body.firstSpeakerSettings.oneOf",
    ),
    loosely(
        "two-media",
        "two media are accepted; three are not",
        at("medium", having(maxProperties=2)),
        "body.medium.maxProperties",
    ),
    loosely(
        "web-rtc-beside-another-medium",
        "any medium is accepted beside webRtc",
        at("medium", without("maxProperties"), having(anyOf=[{"maxProperties": 1}, {"required": ["webRtc"]}])),
        "body.medium.maxProperties",
    ),
    loosely(
        "two-voice-providers",
        "an external voice may have several providers",
        at("externalVoice", without("maxProperties")),
        "body.externalVoice.maxProperties",
    ),
    loosely(
        "no-voice-provider",
        "an external voice may have no provider",
        at("externalVoice", without("minProperties")),
        "body.externalVoice.minProperties",
    ),
)
