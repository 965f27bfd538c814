"""Faults of the echo: what was sent comes back as something else."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.planted.echo import durations, numbers, strings, structures
from emulator.faults.planted.echo.family import FAMILY

__all__ = ["FAMILY", "FAULTS"]

FAULTS: tuple[Fault, ...] = (*strings.FAULTS, *numbers.FAULTS, *durations.FAULTS, *structures.FAULTS)
