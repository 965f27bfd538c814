"""What the construction of faults gives: faults, and deviations that no request can tell from soundness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from emulator.fault import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A deviation that no request can tell from a sound server, or that the contract lets a server have."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mutants:
    """The faults by name, and the equivalent ones by name with the reason."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    equivalent: Mapping[str, str] = field(default_factory=dict)


def sorted_out(found: Iterable[Fault | Equivalent]) -> Mutants:
    """Faults and equivalents apart; of two with one name the first counts."""
    faults: dict[str, Fault] = {}
    equivalent: dict[str, str] = {}
    for each in found:
        if isinstance(each, Fault):
            faults.setdefault(each.name, each)
        else:
            equivalent.setdefault(each.name, each.reason)
    return Mutants(faults, equivalent)
