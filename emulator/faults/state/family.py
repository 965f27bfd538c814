"""What the faults of state are made with."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.making import ReplyHook

FAMILY = "state"


def replying(name: str, summary: str, reply: ReplyHook, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, reply=reply)
