"""What faults that accept invalid bodies are made with."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from emulator.faults.editing import (
    Edit,
)
from emulator.faults.making import body_as
from openapi.json_types import Json

FAMILY = "accepts-invalid"
TOOL = "selectedTools.*.temporaryTool"


def loosely(name: str, summary: str, edit: Edit, *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=edit)


def kindly(name: str, summary: str, change: Callable[[Json], Json], *expects: str) -> Fault:
    """The body is made good before it is read."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=body_as(change))
