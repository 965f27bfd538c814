"""Violations that are accepted in some context: surrounding members make the server skip a check."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.places import value
from openapi.json_types import Json

from .family import letting, number


def _both_filled(body: Json) -> bool:
    sides = body.get("firstSpeakerSettings")
    return isinstance(sides, dict) and len(sides) == 2 and all(sides.values())


FAULTS: tuple[Fault, ...] = (
    letting(
        "temperature-beside-a-model",
        "a temperature up to 2 is accepted where a model is named",
        lambda body: "model" in body and 1 < number(body, "temperature") <= 2,
        "body.temperature.maximum",
    ),
    letting(
        "cartesia-speed-beside-emotion",
        "the speed of a Cartesia voice has no lower bound where there is an emotion",
        lambda body: value(body, "externalVoice.cartesia.emotion") and number(body, "externalVoice.cartesia.speed") < -1,
        "body.externalVoice.cartesia.speed.minimum",
    ),
    letting(
        "sides-both-filled",
        "both sides may speak first if there is something in the settings of each",
        _both_filled,
        "body.firstSpeakerSettings.oneOf",
    ),
)
