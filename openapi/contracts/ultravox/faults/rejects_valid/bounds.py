"""Faults that refuse numbers within their bounds."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import having

from .family import refusing, strictly

FAULTS: tuple[Fault, ...] = (
    strictly("temperature-1-refused", "a temperature of 1 is refused", "temperature", having(exclusiveMaximum=1)),
    strictly("temperature-0-refused", "a temperature of 0 is refused", "temperature", having(exclusiveMinimum=0)),
    refusing(
        "temperature-integer-refused",
        "a temperature that is written as an integer is refused",
        lambda body: type(body.get("temperature")) is int,
        "body.temperature.*",
    ),
    strictly(
        "activation-threshold-0.1-refused",
        "an activation threshold of 0.1 is refused, as it is in single precision",
        "vadSettings.frameActivationThreshold",
        having(minimum=0.10000000149011612),
    ),
    strictly(
        "elevenlabs-speed-1.2-refused",
        "the highest speed of an ElevenLabs voice is refused",
        "externalVoice.elevenLabs.speed",
        having(exclusiveMaximum=1.2),
    ),
    strictly(
        "cartesia-speed-negative-refused",
        "negative speeds of a Cartesia voice are refused",
        "externalVoice.cartesia.speed",
        having(minimum=0),
    ),
    strictly(
        "playht-speed-0-refused",
        "a speed of 0 of a PlayHT voice is refused",
        "externalVoice.playHt.speed",
        having(exclusiveMinimum=0),
    ),
    strictly(
        "lmnt-speed-below-half-refused",
        "slow LMNT voices are refused",
        "externalVoice.lmnt.speed",
        having(minimum=0.5),
    ),
    strictly(
        "input-rate-above-48000-refused",
        "input sample rates above 48000 are refused",
        "medium.serverWebSocket.inputSampleRate",
        having(maximum=48000),
    ),
    strictly(
        "message-index-0-refused",
        "the first index of a message is refused",
        "initialMessages.*.callStageMessageIndex",
        having(minimum=1),
    ),
    refusing(
        "language-hint-16-refused",
        "a language tag of the most characters that a response may have is refused",
        lambda body: len(body.get("languageHint") or "") == 16,
        "body.languageHint.type",
    ),
)
