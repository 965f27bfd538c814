"""The makers of faults that accept invalid bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.dsl.editing import (
    Edit,
)
from emulator.faults.dsl.making import accepts_if, body_as
from emulator.faults.dsl.places import value
from openapi.json_types import Json

FAMILY = "accepts-invalid"
TOOL = "selectedTools.*.temporaryTool"


def loosely(name: str, summary: str, edit: Edit, *expects: str) -> Fault:
    """Return the fault of a server whose schema is edited so that it admits more."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=edit)


def letting(name: str, summary: str, when: Callable[[Json], Any], *expects: str) -> Fault:
    """Return the fault that a body of which something is so is accepted, whatever it is."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepts_if(when))


def number(body: Json, place: str) -> float:
    """Return the number at a place; not a number where there is none."""
    found = value(body, place)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else float("nan")


def kindly(name: str, summary: str, change: Callable[[Json], Json], *expects: str) -> Fault:
    """Return the fault that a body is made valid before it is read."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=body_as(change))
