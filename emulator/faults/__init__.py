"""Planted deviations, by name."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.planted import accepts_invalid, auth, defaults, echo, query, rare, rejects_valid, shape, state, status

FAMILIES = (accepts_invalid, rejects_valid, status, shape, echo, defaults, state, auth, query, rare)

FAULTS: dict[str, Fault] = {fault.name: fault for family in FAMILIES for fault in family.FAULTS}

__all__ = ["FAMILIES", "FAULTS", "Fault"]
