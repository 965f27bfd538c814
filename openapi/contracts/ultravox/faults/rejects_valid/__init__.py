"""Faults that refuse what every documented rule allows."""

from __future__ import annotations

from emulator.fault import Fault

from . import bounds, enums, security, spellings, strings, structures

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = tuple(
    fault for each in (spellings, security, enums, bounds, strings, structures) for fault in each.FAULTS
)
