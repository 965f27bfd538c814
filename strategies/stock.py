"""The stock: what bodies are drawn from, made once and plain JSON, so that it can be kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import with_value
from strategies.bases import bases
from strategies.bodies import Builder
from strategies.doubts import is_certain
from strategies.values import accepted
from strategies.violations import is_hazard

_LONGEST = 400  # characters of a known value worth laying over a base


@dataclass(frozen=True, slots=True)
class Stock:
    """Valid bodies that a sound server accepts.

    `bases` are rich and hold every property between them, `places` is a minimal body around each field with the path to it
    there, `known` are such bodies for each value that must be accepted, the simplest first.
    """

    bases: list[Json]
    places: dict[str, tuple[Json, Path]]
    known: list[Json]


def stock(oracle: Oracle, bodies: Iterable[Json], lacking: frozenset[str]) -> Stock:
    """A stock, the bases chosen from `bodies`."""
    builder = Builder(oracle)
    places: dict[str, tuple[Json, Path]] = {}
    known: list[Json] = []
    for node in oracle.root.walk():
        values = accepted(node) if node.place and not node.is_message and node.each is None else ()
        certain = [each.value for each in values if each.must]
        built = builder.around(node, certain[0]) if certain else None
        if built is None or not is_certain(oracle.root, built[0], lacking):
            continue
        places[node.path] = built
        if not is_hazard(oracle.root, node):
            known += [with_value(*built, value) for value in certain if len(str(value)) < _LONGEST]
    return Stock(bases(oracle, bodies, lacking), places, sorted(filter(oracle.obeys, known), key=lambda body: len(str(body))))
