"""Faults that name fields of the Ultravox API, by family; each family has a module or a folder."""

from __future__ import annotations

from emulator.fault import Fault

from . import accepts_invalid, auth, defaults, echo, query, rare, rejects_valid, shape, state, status

__all__ = ["FAULTS"]

_FAMILIES = (accepts_invalid, rejects_valid, status, shape, echo, defaults, state, auth, query, rare)

FAULTS: tuple[Fault, ...] = tuple(fault for family in _FAMILIES for fault in family.FAULTS)
