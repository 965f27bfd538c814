"""Faults of state: ids, inheritance from a parent call, reading back."""

from __future__ import annotations

from emulator.fault import Fault

from . import ids, inheritance, leaks, overriding, reading, remembering, sharing, spellings

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *ids.FAULTS,
    *inheritance.FAULTS,
    *overriding.FAULTS,
    *sharing.FAULTS,
    *leaks.FAULTS,
    *remembering.FAULTS,
    *reading.FAULTS,
    *spellings.FAULTS,
)
