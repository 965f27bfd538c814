"""Faults beyond some precision of a number or a duration."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    echoed,
)
from openapi.json_types import Json

from .family import responding


def _six_decimals(text: str) -> str:
    whole, point, decimals = text[:-1].partition(".")
    return f"{whole}{point}{decimals[:6]}s"


def _six_digits(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _six_digits(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [_six_digits(inner) for inner in each]
    return float(f"{each:.6g}") if isinstance(each, float | int) and not isinstance(each, bool) else each


FAULTS: tuple[Fault, ...] = (
    responding(
        "temperature-4-decimals",
        "the temperature is rounded to four decimals",
        echoed("temperature", lambda each: round(each, 4)),
        "body.temperature.echo",
    ),
    responding(
        "duration-microseconds",
        "the maximum duration loses what is below a microsecond",
        echoed("maxDuration", _six_decimals),
        "body.maxDuration.echo",
    ),
    responding(
        "state-number-precision",
        "numbers of the initial state keep six digits",
        echoed("initialState", _six_digits),
        "body.initialState.echo",
    ),
    responding(
        "long-duration-in-32-bits",
        "join timeouts beyond 2^31 seconds come back as 2^31 - 1",
        echoed("joinTimeout", lambda text: text if float(text[:-1]) < 2**31 else f"{2**31 - 1}s"),
        "body.joinTimeout.echo",
    ),
)
