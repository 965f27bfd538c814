"""The corpus: a few rich valid bodies with every property and every enum member, to generate from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openapi.json_types import Json, Path
from openapi.schema.instances import described
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import merged, with_value
from strategies.bodies.builder import Builder
from strategies.negative.violations import is_hazard
from strategies.values.leniency import is_certain
from strategies.values.valid import accepted

_COUNT, _SIZE, _USUAL = 40, 6_000, 1_500  # bases; characters of one at most; of one that is there for variety
Trait = tuple[str, str]  # the path of a property, and of an enum's member its value


def rich_bodies(oracle: Oracle, bodies: Iterable[Json], lacking: frozenset[str]) -> list[Json]:
    """Return the empty body, then others by size: chosen from valid bodies, and built for missing traits."""
    root = oracle.root
    slim = [slimmed(body) for body in bodies]
    pool = [(body, traits(body, root)) for body in slim if len(str(body)) < _SIZE and oracle.is_valid(body)]
    missing = _all_traits(root) - frozenset(trait for _, found in pool for trait in found)
    pool += [(body, traits(body, root)) for body in _packed(oracle, missing, lacking)]
    chosen = list(_cover(pool))
    usual = sorted((body for body, _ in pool if body not in chosen), key=lambda body: abs(len(str(body)) - _USUAL))
    return [{}, *sorted([*chosen, *usual[: max(_COUNT - len(chosen), 0)]], key=lambda body: len(str(body)))]


def _cover(pool: list[tuple[Json, frozenset[Trait]]]) -> Iterator[Json]:
    """Yield the bodies needed to have every trait of the pool, the richest first."""
    waiting = {trait for _, found in pool for trait in found}
    while waiting:
        body, found = max(pool, key=lambda each: len(each[1] & waiting))
        waiting -= found
        yield body


def _packed(oracle: Oracle, wanted: frozenset[Trait], lacking: frozenset[str]) -> Iterator[Json]:
    """Yield bodies with the wanted traits, as many in each as fit."""
    body: Json = {}
    for one in _alone(oracle, wanted, lacking):
        both = merged(body, one)
        if oracle.is_valid(both) and traits(body, oracle.root) <= traits(both, oracle.root):
            body = both
        else:
            yield body
            body = one
    yield body


def _alone(oracle: Oracle, wanted: Iterable[Trait], lacking: frozenset[str]) -> Iterator[Json]:
    builder = Builder(oracle)
    places = {node.path: node for node in oracle.root.walk()}
    for path, member in sorted(wanted):
        node = places[path]
        for value in accepted(node) if not node.is_object and node.each is None else ():
            built = builder.around(node, value.value) if not member or value.value == member else None
            if built is not None and is_certain(oracle.root, built[0], lacking):
                yield built[0]
                break


def _all_traits(root: Node) -> frozenset[Trait]:
    fields = [node for node in root.walk() if node.place and not is_hazard(root, node)]
    members = {(node.path, value) for node in fields for value in node.get("enum", ()) if isinstance(value, str)}
    return frozenset(members | {(node.path, "") for node in fields})


def traits(value: Json, node: Node | None) -> frozenset[Trait]:
    """Return the properties and the enum members that a body has."""
    return frozenset(_traits(value, node))


def _traits(value: Json, node: Node | None) -> Iterator[Trait]:
    for each, found in described(value, node):
        yield each.path, ""
        if isinstance(found, str) and each.get("enum") is not None:
            yield each.path, found


def slimmed(value: Json) -> Json:
    """Return the value with its longest strings, arrays and maps cut, so that it is cheap to check and send."""
    if isinstance(value, dict):
        return {key: slimmed(member) for key, member in list(value.items())[:30]}
    if isinstance(value, list):
        return [slimmed(element) for element in value[:5]]
    return value[:40] if isinstance(value, str) and len(value) > 400 else value


_LONGEST = 400  # characters of a known value worth laying over a base


@dataclass(frozen=True, slots=True)
class Corpus:
    """Valid bodies that a conforming server accepts.

    `rich_bodies` hold every property between them. `places` is a minimal body around each field with the path to
    it. `known` are such bodies for each value that must be accepted, the simplest first.
    """

    rich_bodies: list[Json]
    places: dict[str, tuple[Json, Path]]
    known: list[Json]


def corpus(oracle: Oracle, bodies: Iterable[Json], lacking: frozenset[str]) -> Corpus:
    """Return a corpus with its rich bodies chosen from `bodies`."""
    builder = Builder(oracle)
    places: dict[str, tuple[Json, Path]] = {}
    known: list[Json] = []
    for node in oracle.root.walk():
        values = accepted(node) if node.place and not node.is_object and node.each is None else ()
        certain = [each.value for each in values if each.must]
        built = builder.around(node, certain[0]) if certain else None
        if built is None or not is_certain(oracle.root, built[0], lacking):
            continue
        places[node.path] = built
        if not is_hazard(oracle.root, node):
            known += [with_value(*built, value) for value in certain if len(str(value)) < _LONGEST]
    return Corpus(
        rich_bodies(oracle, bodies, lacking), places, sorted(filter(oracle.is_valid, known), key=lambda body: len(str(body)))
    )
