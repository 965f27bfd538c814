"""Faults by construction: every rule of a contract enforced wrongly, or not at all, at every place where it occurs."""

from __future__ import annotations

from itertools import chain

from emulator.mutants.answers import shapes
from emulator.mutants.bodies import constraints, members, named
from emulator.mutants.defaults import defaults
from emulator.mutants.derived import derived
from emulator.mutants.echoes import echoes
from emulator.mutants.found import Equivalent, Mutants, sorted_out
from emulator.mutants.priors import handed_on
from emulator.mutants.queries import queries
from emulator.mutants.texts import texts
from openapi.contract import Contract

_CONSTRUCTIONS = (constraints, texts, named, members, defaults, echoes, shapes, queries, derived, handed_on)


def mutants_of(contract: Contract) -> Mutants:
    """Every fault that follows from a contract, and what no request can tell."""
    return sorted_out(chain.from_iterable(make(contract) for make in _CONSTRUCTIONS))


__all__ = ["Equivalent", "Mutants", "mutants_of"]
