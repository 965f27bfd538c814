"""Faults of state: ids, inheritance from a prior call, reading back, deletion."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.planted.state import deletion, ids, inheritance, leaks, overriding, reading, remembering, sharing
from emulator.faults.planted.state.family import FAMILY

__all__ = ["FAMILY", "FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *ids.FAULTS,
    *inheritance.FAULTS,
    *overriding.FAULTS,
    *sharing.FAULTS,
    *leaks.FAULTS,
    *remembering.FAULTS,
    *reading.FAULTS,
    *deletion.FAULTS,
)
