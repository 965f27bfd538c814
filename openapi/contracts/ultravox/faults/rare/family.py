"""The makers of rare faults."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    Hook,
    ResponseHook,
)

FAMILY = "rare"


def deciding(name: str, summary: str, accepted: Hook, *expects: str) -> Fault:
    """Return a fault in what is accepted."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted)


def responding(name: str, summary: str, response: ResponseHook, *expects: str) -> Fault:
    """Return a fault in the response."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)
