"""Faults that refuse a body for how it is written."""

from __future__ import annotations

import re

from emulator.fault import Fault
from emulator.messages import Exchange, Reply, refusal

from .family import FAMILY


def _spelling(name: str, summary: str, pattern: bytes, rule: str = "protocol.spelling") -> Fault:
    """Refuse bodies in which a pattern occurs, as they are written."""
    search = re.compile(pattern).search

    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return refusal(400, "JSON parse error") if verdict is None and search(exchange.request.body) else verdict

    return Fault(name=name, family=FAMILY, summary=summary, expects=(rule,), accepted=accepted)


FAULTS: tuple[Fault, ...] = (
    _spelling("white-space-refused", "a body with line breaks is refused", rb"\r\n"),
    _spelling("capital-exponent-refused", "a number with a capital E is refused", rb":\s*[0-9.]+E"),
    _spelling(
        "whole-speed-refused",
        "a speed without a fraction is refused",
        rb'"elevenLabs":.*?"speed":\s*1\s*[,}]',
        "body.externalVoice.elevenLabs.speed.type",
    ),
    _spelling("escaped-key-refused", "a key with escapes is refused", rb'[{,]\s*"\\u'),
)
