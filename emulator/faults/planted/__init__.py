"""Planted faults that name no field of one API: they apply to every contract."""

from __future__ import annotations

from collections.abc import Iterator

from emulator.fault import Fault
from emulator.faults.planted import auth, headers, json_text, state, status
from openapi.contract import Contract


def planted(contract: Contract) -> Iterator[Fault]:
    """Yield the generic faults that apply to a contract."""
    yield from json_text.FAULTS
    yield from status.FAULTS
    yield from headers.FAULTS
    yield from state.FAULTS
    yield from auth.planted(contract)
