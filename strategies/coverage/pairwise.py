"""Pairwise combination: every kind of value of a field meets every kind of value of every other field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, zip_longest
from typing import TypeAlias

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.case import Aim
from strategies.coverage.packing import Pack

_LONG, _MANY = 200, 5  # characters of a text; elements of a list, members of a map or object
_TOGETHER = 28  # members
Choice: TypeAlias = tuple[str, str]  # a field and a kind of its values
Pair: TypeAlias = tuple[Choice, Choice]
Levels: TypeAlias = Mapping[str, Mapping[str, Pack]]  # the row that stands for a kind of a field's values
ABSENT = "absent"


def pairwise(oracle: Oracle, columns: Mapping[str, list[Pack]], others: Sequence[Json] = ()) -> list[Pack]:
    """Return valid bodies in which all kinds meet that can, as few as a greedy choice needs.

    Pairs that meet in one of the `others` are done. Of more members than `_TOGETHER`, so many are combined at a time:
    the number of pairs is quadratic, and related members are mostly neighbours. Example: for three fields of two kinds
    each, 12 pairs need four bodies, where all combinations need eight.
    """
    names = [name for name, packs in columns.items() if packs]
    groups = [names[start : start + _TOGETHER] for start in range(0, len(names), _TOGETHER)]
    found = [
        _of_group(oracle, {name: _levels(oracle.root.properties[name], columns[name]) for name in each}, others)
        for each in groups
    ]
    return [pack for each in zip_longest(*found) for pack in _joined(oracle, [pack for pack in each if pack is not None])]


def _joined(oracle: Oracle, packs: list[Pack]) -> list[Pack]:
    """Return packs of different members as one where that is valid, else unchanged."""
    whole = Pack(
        {name: value for pack in packs for name, value in pack.value.items()}, tuple(aim for pack in packs for aim in pack.aims)
    )
    return [whole] if oracle.is_valid(whole.value) else packs


def _of_group(oracle: Oracle, levels: Levels, others: Sequence[Json]) -> list[Pack]:
    nodes = oracle.root.properties
    every = {name: (*kinds, ABSENT) for name, kinds in levels.items()}
    waiting = {
        ((one, mine), (other, theirs)): None
        for one, other in combinations(every, 2)
        for mine in every[one]
        for theirs in every[other]
    }
    for body in others:
        _meet(waiting, {name: _kind(nodes[name], body[name]) if name in body else ABSENT for name in every})
    # How many bodies a greedy choice needs depends on what it begins with.
    orders = (dict(reversed(waiting.items())), waiting)
    return min((_greedy(oracle, levels, order) for order in orders), key=len)


def _greedy(oracle: Oracle, levels: Levels, waiting: dict[Pair, None]) -> list[Pack]:
    found: list[Pack] = []
    while waiting:
        pair = next(iter(waiting))
        chosen = _filled(oracle, levels, dict(pair), waiting)
        _meet(waiting, chosen)
        if chosen:
            found.append(_pack(levels, chosen))
        else:
            del waiting[pair]  # these two cannot stand together
    return found


def _meet(waiting: dict[Pair, None], chosen: Mapping[str, str]) -> None:
    for pair in combinations(chosen.items(), 2):
        waiting.pop(pair, None)


def _filled(oracle: Oracle, levels: Levels, chosen: dict[str, str], waiting: Mapping[Pair, None]) -> dict[str, str]:
    """Return the kinds for one body: the chosen ones, then for each other field the one with most new pairs."""
    body: Json = {name: levels[name][kind].value for name, kind in chosen.items() if kind != ABSENT}
    if not oracle.is_valid(body):
        return {}
    for name in sorted(levels.keys() - chosen.keys(), key=lambda each: (-len(levels[each]), each)):
        gains = {kind: _gain((name, kind), chosen, waiting) for kind in (*levels[name], ABSENT)}
        for kind in sorted(gains, key=lambda each: -gains[each]):
            candidate = body if kind == ABSENT else {**body, name: levels[name][kind].value}
            if oracle.is_valid(candidate):
                body, chosen = candidate, {**chosen, name: kind}
                break
    return {name: chosen[name] for name in levels if name in chosen}


def _gain(choice: Choice, chosen: Mapping[str, str], waiting: Mapping[Pair, None]) -> int:
    """Return how many waiting pairs the choice completes; a pair is in the order of the fields."""
    return sum((choice, each) in waiting or (each, choice) in waiting for each in chosen.items())


def _pack(levels: Levels, chosen: Mapping[str, str]) -> Pack:
    packs = {name: levels[name][kind] for name, kind in chosen.items() if kind != ABSENT}
    aims: Iterator[Aim] = (aim for name, pack in packs.items() for aim in pack.below(name))
    return Pack({name: pack.value for name, pack in packs.items()}, tuple(aims))


def _levels(node: Node, packs: list[Pack]) -> dict[str, Pack]:
    """Return the smallest pack of each kind of values of a field."""
    found: dict[str, Pack] = {}
    for pack in sorted(packs, key=lambda each: len(str(each.value))):
        found.setdefault(_kind(node, pack.value), pack)
    return found


def _kind(node: Node, value: Json) -> str:
    """Return the kind of a value: servers are assumed to treat values of one kind in the same way."""
    if node.get("enum") is not None or isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, (int, float)):
        return _size(value, node.get("minimum", 0), node.get("maximum"))
    if isinstance(value, str):
        return "empty" if not value else "long" if len(value) > _LONG else "short"
    if isinstance(value, dict) and node.is_object and len(value) == 1:
        return str(next(iter(value)))
    return "empty" if not value else "many" if len(value) > _MANY else "some"


def _size(value: float, least: float, most: float | None) -> str:
    return "least" if value <= least else "most" if most is not None and value >= most else "between"
