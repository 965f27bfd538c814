"""The makers of faults that refuse valid bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Body, Fault
from emulator.faults.dsl.editing import Change, at
from emulator.faults.dsl.making import refuses_if

FAMILY = "rejects-valid"
TOOL = "selectedTools.*.temporaryTool"


def strictly(name: str, summary: str, place: str, change: Change, *more: str) -> Fault:
    """Return the fault of a server whose schema is edited at a place so that it admits less."""
    expects = (f"body.{place}.*", *more) if place else more
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=at(place, change))


def refusing(name: str, summary: str, when: Callable[[Body], Any], *expects: str) -> Fault:
    """Return the fault that a valid body of which something is so is refused."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=refuses_if(when))
