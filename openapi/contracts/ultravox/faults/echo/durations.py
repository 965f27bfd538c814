"""Durations come back changed."""

from __future__ import annotations

import re

from emulator.fault import Fault
from openapi.json_types import Json

from .family import echoing

_TURN, _INTERRUPTION = "minimumTurnDuration", "minimumInterruptionDuration"


def _swapped(settings: dict[str, Json]) -> Json:
    if not {_TURN, _INTERRUPTION} <= settings.keys():
        return settings
    return {**settings, _TURN: settings[_INTERRUPTION], _INTERRUPTION: settings[_TURN]}


FAULTS: tuple[Fault, ...] = (
    echoing("max-duration-as-float", "the maximum duration is a float and an s", "maxDuration", lambda t: f"{float(t[:-1])}s"),
    echoing(
        "join-timeout-zeros-lost",
        "zeros behind the point of the join timeout are lost",
        "joinTimeout",
        lambda text: re.sub(r"\.0+(?=[1-9])", ".", text),
    ),
    echoing(
        "join-timeout-whole",
        "the join timeout loses its decimals",
        "joinTimeout",
        lambda text: text.split(".")[0].rstrip("s") + "s",
    ),
    echoing(
        "join-timeout-milliseconds",
        "the join timeout loses what is below a millisecond",
        "joinTimeout",
        lambda text: f"{int(float(text[:-1]) * 1000) / 1000:.3f}s",
    ),
    echoing(
        "max-duration-capped",
        "the maximum duration is never more than a day",
        "maxDuration",
        lambda text: text if float(text[:-1]) < 86400 else "86400s",
    ),
    echoing(
        "endpoint-delay-in-frames",
        "the turn endpoint delay comes back as a multiple of 32 ms",
        "vadSettings.turnEndpointDelay",
        lambda text: f"{int(float(text[:-1]) / 0.032) * 0.032:.3f}s",
    ),
    echoing(
        "durations-swapped",
        "the join timeout comes back in minutes",
        "joinTimeout",
        lambda text: f"{float(text[:-1]) / 60:.9f}s",
    ),
    echoing("turn-durations-swapped", "two of the durations about turns change places", "vadSettings", _swapped),
)
