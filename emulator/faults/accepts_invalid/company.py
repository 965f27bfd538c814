"""What breaks a rule is accepted in some company: a check is skipped for what else is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.accepts_invalid.family import FAMILY
from emulator.faults.making import accepts_if
from emulator.faults.places import value
from openapi.json_types import Json


def _letting(name: str, summary: str, when: Callable[[Json], Any], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepts_if(when))


def _number(body: Json, place: str) -> float:
    """The number at a place; not a number where there is none."""
    found = value(body, place)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else float("nan")


def _both_filled(body: Json) -> bool:
    sides = body.get("firstSpeakerSettings")
    return isinstance(sides, dict) and len(sides) == 2 and all(sides.values())


FAULTS: tuple[Fault, ...] = (
    _letting(
        "temperature-beside-a-model",
        "a temperature up to 2 is accepted where a model is named",
        lambda body: "model" in body and 1 < _number(body, "temperature") <= 2,
        "body.temperature.maximum",
    ),
    _letting(
        "cartesia-speed-beside-emotion",
        "the speed of a Cartesia voice has no lower bound where there is an emotion",
        lambda body: value(body, "externalVoice.cartesia.emotion") and _number(body, "externalVoice.cartesia.speed") < -1,
        "body.externalVoice.cartesia.speed.minimum",
    ),
    _letting(
        "elevenlabs-speed-nothing",
        "a speed of 0 of an ElevenLabs voice is taken for none",
        lambda body: _number(body, "externalVoice.elevenLabs.speed") == 0,
        "body.externalVoice.elevenLabs.speed.minimum",
    ),
    _letting(
        "sides-both-filled",
        "both sides may speak first if there is something in the settings of each",
        _both_filled,
        "body.firstSpeakerSettings.oneOf",
    ),
)
