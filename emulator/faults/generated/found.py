"""Generated faults, and equivalent deviations: those that no request can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from emulator.fault import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A deviation that no request can show, or that a conforming server may have."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mutants:
    """Faults by name, and the reasons of equivalent deviations by name."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    equivalent: Mapping[str, str] = field(default_factory=dict)


def sorted_out(found: Iterable[Fault | Equivalent]) -> Mutants:
    """Return faults and equivalents separately; of two with one name the first counts."""
    faults: dict[str, Fault] = {}
    equivalent: dict[str, str] = {}
    for each in found:
        if isinstance(each, Fault):
            faults.setdefault(each.name, each)
        else:
            equivalent.setdefault(each.name, each.reason)
    return Mutants(faults, equivalent)
