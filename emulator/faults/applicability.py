"""Applicability of faults: other versions of a description may lack what a planted fault changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fnmatch import filter as matching

from emulator.fault import Fault
from openapi.contract import Contract


def obstacle(fault: Fault, contract: Contract, rules: Collection[str]) -> str | None:
    """Return the reason why a fault does not apply to a contract with these rule ids, None if it does."""
    if not any(matching(rules, glob) for glob in fault.expects):
        return f"the contract has no rule {' or '.join(fault.expects)}"
    if fault.contract is not None and fault.contract(contract) == contract:
        return "the contract states nothing that the fault changes"
    return None


def obstacles(faults: Mapping[str, Fault], contract: Contract, rules: Collection[str]) -> dict[str, str]:
    """Return, by name, the faults that do not apply to a contract with these rule ids, with the reasons."""
    found = {name: obstacle(fault, contract, rules) for name, fault in faults.items()}
    return {name: reason for name, reason in found.items() if reason is not None}
