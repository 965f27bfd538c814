"""Pairwise combination: every kind of value of a field meets every kind of value of every other field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product, zip_longest
from typing import TypeAlias

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.case import Aim
from strategies.coverage.packing import Pack
from strategies.values.hostile import LENGTHS, long_string
from strategies.values.strings import is_free_string

_LONG, _MANY = 200, 5  # characters of a text; elements of a list, members of a map or object
_TOGETHER = 28  # members
_KINDS = 24  # of the values of one field: of a longer enum the others are sent, but do not meet all other kinds
_IN_VAIN = 6  # packs in a row, of further groups: there are as many times more packs as there are groups
_LARGE = 60_000  # characters of a body that is filled up no further
Choice: TypeAlias = tuple[str, str]  # a field and a kind of its values
Pair: TypeAlias = tuple[Choice, Choice]
Levels: TypeAlias = Mapping[str, Mapping[str, Pack]]  # the row that stands for a kind of a field's values
ABSENT = "absent"


def pairwise(
    oracle: Oracle, columns: Mapping[str, list[Pack]], packs: Sequence[Pack] = (), others: Sequence[Json] = ()
) -> tuple[list[Pack], list[Pack]]:
    """Return the packs, filled up so that many kinds meet in them, and few bodies in which the others meet.

    What a pack aims at stays. What meets in one of the `others` need not meet again. Of more members than `_TOGETHER`, so
    many are combined at a time: the number of pairs is quadratic, and related members are mostly neighbours. Example: for
    three fields of two kinds each, 12 pairs need four bodies, where all combinations need eight.
    """
    names = [name for name, packs in columns.items() if packs]
    groups = [names[start : start + _TOGETHER] for start in range(0, len(names), _TOGETHER)]
    filled, found = list(packs), list[list[Pack]]()
    for number, group in enumerate(groups):
        levels = {name: _levels(oracle.root.properties[name], columns[name]) for name in group}
        waiting = _pairs(levels)
        for body in others:
            _meet(waiting, _kinds(oracle, levels, body))
        filled = list(_all_refilled(oracle, levels, filled, waiting, most_in_vain=_IN_VAIN if number else len(filled)))
        # How many bodies a greedy choice needs depends on what it begins with.
        ways = product((dict(reversed(waiting.items())), waiting), (False, True))
        found.append(min((_greedy(oracle, levels, dict(order), joins=joins) for order, joins in ways), key=len))
    rows = ([pack for pack in each if pack is not None] for each in zip_longest(*found))
    both = _in_likely_lengths(oracle, [*filled, *(pack for row in rows for pack in _joined(oracle, row))])
    return both[: len(filled)], both[len(filled) :]


def _in_likely_lengths(oracle: Oracle, packs: list[Pack]) -> list[Pack]:
    """Return the packs with the likeliest lengths in free strings that no pack aims at: some of those made were replaced.

    A string stays of its kind, as pairs of kinds have met.
    """
    found = list(packs)
    for name, node in oracle.root.properties.items():
        lengths = [*LENGTHS] if is_free_string(node) else []
        for index, pack in enumerate(found):
            value = pack.value.get(name) if isinstance(pack.value, dict) else None
            if not isinstance(value, str) or any(aim.path == (name,) for aim in pack.aims):
                continue
            for length in [each for each in lengths if _kind(node, long_string(each)) == _kind(node, value)][:1]:
                body = {**pack.value, name: long_string(length)}
                if oracle.is_valid(body):
                    lengths.remove(length)
                    found[index] = Pack(body, pack.aims)
    return found


def _joined(oracle: Oracle, packs: list[Pack]) -> list[Pack]:
    """Return packs of different members as one where that is valid, else unchanged."""
    whole = Pack(
        {name: value for pack in packs for name, value in pack.value.items()}, tuple(aim for pack in packs for aim in pack.aims)
    )
    return [whole] if oracle.is_valid(whole.value) else packs


def _pairs(levels: Levels) -> dict[Pair, None]:
    """Return all pairs of kinds of two fields, absence being a kind of each."""
    every = {name: (*kinds, ABSENT) for name, kinds in levels.items()}
    return {
        ((one, mine), (other, theirs)): None
        for one, other in combinations(every, 2)
        for mine in every[one]
        for theirs in every[other]
    }


def _all_refilled(
    oracle: Oracle, levels: Levels, packs: Sequence[Pack], waiting: dict[Pair, None], *, most_in_vain: int
) -> Iterator[Pack]:
    """Yield the packs refilled, see :func:`_refilled`, up to so many in a row in which nothing has met for the first time."""
    in_vain = 0
    for index, pack in enumerate(packs):
        if in_vain >= most_in_vain:
            yield pack
            continue
        left = len(waiting)
        yield _refilled(oracle, levels, pack, waiting, spares=index % 4 > 0)
        in_vain = 0 if len(waiting) < left else in_vain + 1


def _refilled(oracle: Oracle, levels: Levels, pack: Pack, waiting: dict[Pair, None], *, spares: bool) -> Pack:
    """Return a pack with other values of the members that it does not aim at: they meet for the first time.

    What meets in it is taken off `waiting`. If it `spares` them, free strings stay, which have another length in each pack.
    """
    nodes, body = oracle.root.properties, pack.value
    aimed = {aim.path[0] for aim in pack.aims if aim.path}
    kept = {
        name: value
        for name, value in (body.items() if isinstance(body, dict) else ())
        if name not in levels or name in aimed or (spares and is_free_string(nodes[name]))
    }
    if aimed and len(str(body)) < _LARGE and oracle.is_valid(kept):
        body = _filled_up(oracle, levels, kept, body, waiting)
    if isinstance(body, dict):
        _meet(waiting, _kinds(oracle, levels, body))
    return pack if body is pack.value else Pack(body, pack.aims)


def _kinds(oracle: Oracle, levels: Levels, body: Json) -> dict[str, str]:
    """Return the kind of each member of a body."""
    nodes = oracle.root.properties
    return {name: _kind(nodes[name], body[name]) if name in body else ABSENT for name in levels}


def _filled_up(oracle: Oracle, levels: Levels, kept: Json, usual: Json, waiting: Mapping[Pair, None]) -> Json:
    """Return the body with a value of each other member: the one with most new pairs, or the usual one if none is new.

    Members of other groups are left aside meanwhile, since every choice is validated; only where the whole is invalid does
    each choice take them into account. Example: 250 kept members of a large description, and 28 to choose for.
    """
    aside = {name: value for name, value in kept.items() if name not in levels}
    own = {name: value for name, value in kept.items() if name in levels}
    whole = {**aside, **_chosen(oracle, levels, own, usual, waiting)}
    return whole if not aside or oracle.is_valid(whole) else _chosen(oracle, levels, kept, usual, waiting)


def _chosen(oracle: Oracle, levels: Levels, body: Json, usual: Json, waiting: Mapping[Pair, None]) -> Json:
    """Return the body with a valid value of each other member of the group."""
    chosen = {name: _kind(oracle.root.properties[name], body[name]) for name in levels if name in body}
    for name in sorted(levels.keys() - chosen.keys(), key=lambda each: (-len(levels[each]), each)):
        gains = {kind: _gain((name, kind), chosen, waiting) for kind in (*levels[name], ABSENT)}
        values = [{} if kind == ABSENT else {name: levels[name][kind].value} for kind in _by_gain(gains) if gains[kind]]
        node = oracle.root.properties[name]
        if name in usual and is_free_string(node) and gains[_kind(node, usual[name])]:
            values.insert(0, {name: usual[name]})  # a string of another length than in other packs
        for value in (*values, {name: usual[name]} if name in usual else {}):
            if not value or oracle.is_valid({**body, **value}):
                body = {**body, **value}
                chosen[name] = _kind(oracle.root.properties[name], value[name]) if value else ABSENT
                break
    return body


def _by_gain(gains: Mapping[str, int]) -> list[str]:
    return sorted(gains, key=lambda each: -gains[each])


def _greedy(oracle: Oracle, levels: Levels, waiting: dict[Pair, None], *, joins: bool) -> list[Pack]:
    """Return bodies in which all waiting pairs meet; if it `joins`, pairs of other fields share one as far as they fit."""
    found: list[Pack] = []
    while waiting:
        pair = next(iter(waiting))
        chosen = dict(pair)
        if not oracle.is_valid(_body(levels, chosen)):
            del waiting[pair]  # these two cannot stand together
            continue
        for other in waiting if joins else ():
            both = {**chosen, **dict(other)}
            if both.items() >= chosen.items() and oracle.is_valid(_body(levels, both)):
                chosen = both
        chosen = _filled(oracle, levels, chosen, waiting)
        _meet(waiting, chosen)
        found.append(_pack(levels, chosen))
    return found


def _meet(waiting: dict[Pair, None], chosen: Mapping[str, str]) -> None:
    for pair in combinations(chosen.items(), 2):
        waiting.pop(pair, None)


def _body(levels: Levels, chosen: Mapping[str, str]) -> Json:
    return {name: levels[name][kind].value for name, kind in chosen.items() if kind != ABSENT}


def _filled(oracle: Oracle, levels: Levels, chosen: dict[str, str], waiting: Mapping[Pair, None]) -> dict[str, str]:
    """Return the kinds for one body: the chosen ones, then for each other field the one with most new pairs."""
    body = _body(levels, chosen)
    for name in sorted(levels.keys() - chosen.keys(), key=lambda each: (-len(levels[each]), each)):
        gains = {kind: _gain((name, kind), chosen, waiting) for kind in (*levels[name], ABSENT)}
        for kind in _by_gain(gains):
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
    """Return the smallest pack of each kind of values of a field, of many kinds some."""
    found: dict[str, Pack] = {}
    for pack in sorted(packs, key=lambda each: len(str(each.value))):
        found.setdefault(_kind(node, pack.value), pack)
    return dict(islice(found.items(), _KINDS))


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
