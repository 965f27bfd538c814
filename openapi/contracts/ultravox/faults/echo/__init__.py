"""Faults of the echo: what was sent comes back as something else."""

from __future__ import annotations

from emulator.fault import Fault

from . import durations, numbers, strings, structures, zeros

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (*strings.FAULTS, *numbers.FAULTS, *durations.FAULTS, *structures.FAULTS, *zeros.FAULTS)
