"""Generated faults: each rule of a contract enforced differently or not at all, at each place where it occurs."""

from __future__ import annotations

from itertools import chain

from emulator.faults.generated.defaults import defaults
from emulator.faults.generated.derived import derived
from emulator.faults.generated.echoes import echoes
from emulator.faults.generated.found import Equivalent, Mutants, sorted_out
from emulator.faults.generated.inheritance import handed_on
from emulator.faults.generated.queries import queries
from emulator.faults.generated.request_schema import constraints, members, named
from emulator.faults.generated.response_schema import shapes
from emulator.faults.generated.strings import strings
from openapi.contract import Contract

_CONSTRUCTIONS = (constraints, strings, named, members, defaults, echoes, shapes, queries, derived, handed_on)


def mutants_of(contract: Contract) -> Mutants:
    """Return all faults that follow from a contract, and the deviations that no request can show."""
    return sorted_out(chain.from_iterable(make(contract) for make in _CONSTRUCTIONS))


__all__ = ["Equivalent", "Mutants", "mutants_of"]
