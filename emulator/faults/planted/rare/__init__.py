"""Rare faults: when two fields meet, beyond a size, at one position, for some characters, once in n times."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.planted.rare import characters, meetings, positions, precision, sizes, times
from emulator.faults.planted.rare.family import FAMILY

__all__ = ["FAMILY", "FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *meetings.FAULTS,
    *sizes.FAULTS,
    *positions.FAULTS,
    *precision.FAULTS,
    *characters.FAULTS,
    *times.FAULTS,
)
