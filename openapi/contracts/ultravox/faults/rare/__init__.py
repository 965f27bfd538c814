"""Rare faults: when two fields meet, beyond a size, at one position, for some characters, once in n times."""

from __future__ import annotations

from emulator.fault import Fault

from . import characters, meetings, positions, precision, sizes, times

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *meetings.FAULTS,
    *sizes.FAULTS,
    *positions.FAULTS,
    *precision.FAULTS,
    *characters.FAULTS,
    *times.FAULTS,
)
