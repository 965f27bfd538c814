"""Numbers come back changed."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.echo.family import echoing
from openapi.json_types import Json


def _as_texts(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _as_texts(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [_as_texts(inner) for inner in each]
    return str(each) if isinstance(each, int | float) and not isinstance(each, bool) else each


def _digits(each: Json) -> Json:
    """Fractions with fifteen digits."""
    if isinstance(each, dict):
        return {key: _digits(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [_digits(inner) for inner in each]
    return float(f"{each:.15g}") if isinstance(each, float) else each


FAULTS: tuple[Fault, ...] = (
    echoing("state-fifteen-digits", "fractions in the initial state keep fifteen digits", "initialState", _digits),
    echoing(
        "temperature-rounded",
        "the temperature is rounded to two decimals",
        "temperature",
        lambda each: round(each, 2),
    ),
    echoing(
        "threshold-rounded",
        "the activation threshold is rounded to one decimal",
        "vadSettings.frameActivationThreshold",
        lambda each: round(each, 1),
    ),
    echoing("temperature-truncated", "the temperature loses its decimals", "temperature", int),
    echoing("temperature-percent", "the temperature comes back in percent", "temperature", lambda each: each * 100),
    echoing(
        "voice-speed-absolute",
        "negative speeds of a Cartesia voice lose their sign",
        "externalVoice.cartesia.speed",
        abs,
    ),
    echoing(
        "state-numbers-as-texts",
        "numbers in the initial state come back as texts",
        "initialState",
        _as_texts,
    ),
    echoing(
        "input-rate-as-text",
        "the input sample rate comes back as text",
        "medium.serverWebSocket.inputSampleRate",
        str,
        "answer.medium.*",
    ),
    echoing(
        "buffer-size-in-16-bits",
        "the buffer size comes back in 16 bits",
        "medium.serverWebSocket.clientBufferSizeMs",
        lambda each: each & 0xFFFF,
    ),
    echoing(
        "recording-inverted",
        "recordingEnabled comes back inverted",
        "recordingEnabled",
        lambda each: not each,
    ),
    echoing(
        "transcript-always",
        "transcriptOptional comes back true when false was sent",
        "transcriptOptional",
        lambda _: True,
    ),
)
