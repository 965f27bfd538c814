"""Faults that accept what a documented rule forbids."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.planted.accepts_invalid import (
    bounds,
    context,
    cross_field,
    enums,
    exclusions,
    json_text,
    one_ofs,
    patterns,
    types,
)
from emulator.faults.planted.accepts_invalid.family import FAMILY

__all__ = ["FAMILY", "FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *enums.FAULTS,
    *bounds.FAULTS,
    *context.FAULTS,
    *patterns.FAULTS,
    *one_ofs.FAULTS,
    *exclusions.FAULTS,
    *cross_field.FAULTS,
    *types.FAULTS,
    *json_text.FAULTS,
)
