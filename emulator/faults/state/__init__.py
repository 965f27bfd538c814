"""Faults of state: ids, inheritance from a prior call, reading back, deletion."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.state import deletion, ids, inheritance, leaks, reading, remembering
from emulator.faults.state.family import FAMILY

__all__ = ["FAMILY", "FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *ids.FAULTS,
    *inheritance.FAULTS,
    *leaks.FAULTS,
    *remembering.FAULTS,
    *reading.FAULTS,
    *deletion.FAULTS,
)
