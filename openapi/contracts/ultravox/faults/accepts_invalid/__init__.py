"""Faults that accept what a documented rule forbids."""

from __future__ import annotations

from emulator.fault import Fault

from . import (
    bounds,
    context,
    cross_field,
    enums,
    exclusions,
    one_ofs,
    patterns,
    types,
)

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *enums.FAULTS,
    *bounds.FAULTS,
    *context.FAULTS,
    *patterns.FAULTS,
    *one_ofs.FAULTS,
    *exclusions.FAULTS,
    *cross_field.FAULTS,
    *types.FAULTS,
)
