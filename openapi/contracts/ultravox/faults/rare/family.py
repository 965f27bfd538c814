"""The makers of rare faults."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.making import (
    Hook,
    ResponseHook,
)

FAMILY = "rare"


def judging(name: str, summary: str, accepted: Hook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted)


def answering(name: str, summary: str, response: ResponseHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)
