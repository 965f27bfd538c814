"""Numbers come back changed."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.places import leaves
from openapi.json_types import Json

from .family import echoing


def _as_text(leaf: Json) -> Json:
    return str(leaf) if isinstance(leaf, int | float) and not isinstance(leaf, bool) else leaf


def _fifteen_digits(leaf: Json) -> Json:
    return float(f"{leaf:.15g}") if isinstance(leaf, float) else leaf


FAULTS: tuple[Fault, ...] = (
    echoing(
        "state-fifteen-digits",
        "fractions in the initial state keep fifteen digits",
        "initialState",
        lambda each: leaves(each, _fifteen_digits),
    ),
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
        lambda each: leaves(each, _as_text),
    ),
    echoing(
        "input-rate-as-text",
        "the input sample rate comes back as text",
        "medium.serverWebSocket.inputSampleRate",
        str,
        "response.medium.*",
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
