"""Numbers outside their bounds are accepted."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    at,
    having,
    without,
)

from .family import kindly, letting, loosely, number

_TAG = "languageHint"

FAULTS: tuple[Fault, ...] = (
    loosely(
        "temperature-a-little-above-1",
        "temperatures up to 1.01 are accepted",
        at("temperature", having(maximum=1.01)),
        "body.temperature.maximum",
    ),
    loosely(
        "temperature-negative",
        "the temperature has no lower bound",
        at("temperature", without("minimum")),
        "body.temperature.minimum",
    ),
    loosely(
        "activation-threshold-0",
        "an activation threshold of 0 is accepted",
        at("vadSettings.frameActivationThreshold", having(minimum=0)),
        "body.vadSettings.frameActivationThreshold.minimum",
    ),
    loosely(
        "cartesia-speed-unbounded",
        "the speed of a Cartesia voice has no lower bound",
        at("externalVoice.cartesia.speed", without("minimum")),
        "body.externalVoice.cartesia.speed.minimum",
    ),
    loosely(
        "elevenlabs-speed-to-1.25",
        "the speed of an ElevenLabs voice may be 1.25",
        at("externalVoice.elevenLabs.speed", having(maximum=1.25)),
        "body.externalVoice.elevenLabs.speed.maximum",
    ),
    letting(
        "elevenlabs-speed-nothing",
        "a speed of 0 of an ElevenLabs voice is taken for none",
        lambda body: number(body, "externalVoice.elevenLabs.speed") == 0,
        "body.externalVoice.elevenLabs.speed.minimum",
    ),
    loosely(
        "lmnt-speed-from-0.2",
        "the speed of an LMNT voice may be 0.2",
        at("externalVoice.lmnt.speed", having(minimum=0.2)),
        "body.externalVoice.lmnt.speed.minimum",
    ),
    loosely(
        "playht-speed-unbounded",
        "the speed of a PlayHT voice has no upper bound",
        at("externalVoice.playHt.speed", without("maximum")),
        "body.externalVoice.playHt.speed.maximum",
    ),
    loosely(
        "output-rate-beyond-int32",
        "an output sample rate may have more than 32 bits",
        at("medium.serverWebSocket.outputSampleRate", without("format")),
        "body.medium.serverWebSocket.outputSampleRate.format",
    ),
    loosely(
        "buffer-size-fractional",
        "a buffer size need not be an integer",
        at("medium.serverWebSocket.clientBufferSizeMs", having(type="number")),
        "body.medium.serverWebSocket.clientBufferSizeMs.type",
    ),
    kindly(
        "language-hint-cut",
        "a language tag that is too long is cut in place of being refused",
        lambda body: {**body, _TAG: tag[:16]} if isinstance(body, dict) and isinstance(tag := body.get(_TAG), str) else body,
        "body.languageHint.echo",
        "body.languageHint.maxLength",
    ),
)
