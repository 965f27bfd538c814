"""Planted faults: deviations that the self-check looks for, by name."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.loading import faults_in
from emulator.faults.planted import planted
from openapi.contract import Contract


def faults_of(contract: Contract) -> dict[str, Fault]:
    """Return the planted faults of a contract by name: those of its folder, then the generic ones that apply to it."""
    folder = contract.data.faults
    own = faults_in(folder) if folder is not None else ()
    return {fault.name: fault for fault in (*own, *planted(contract))}


__all__ = ["Fault", "faults_of"]
