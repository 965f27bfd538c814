"""Packs of an object: packs of its members, as many together as possible, and each pair of members once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations, islice, product

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.paths import at
from strategies.bodies.builder import Builder, with_members
from strategies.case import Aim
from strategies.coverage.near_misses import nearest
from strategies.coverage.packing.pack import LARGE, Pack
from strategies.coverage.packing.packer import Packer
from strategies.values.strings import is_free_string

_LEAST = "no member that is not needed"
_TRIES = 12
_PAIRS = 60  # ways of having two members together that are tried


def object_packs(maker: Packer, node: Node) -> Iterator[Pack]:
    """Yield the packs of an object."""
    builder = maker.builder(node)
    every = _columns(maker, node)
    queues = {name: deque(packs) for name, packs in every.items() if packs}
    count = 0
    seen: list[Json] = []
    least = builder.complete({})
    if least is not None:
        yield Pack(least, (maker.aim(node, "type", _LEAST),))
    while any(queues.values()):
        pack, taken = _fill(maker, node, builder, queues)
        if not taken:
            for queue in queues.values():  # nothing can stand even alone: what is left cannot be built
                queue.clear()
            return
        for name in taken:
            queues[name].popleft()
        padded = _padded(maker, node, builder, pack, every, queues, count)
        seen.append(padded.value)
        yield padded
        count += 1
    yield from _together(maker, node, builder, every, seen)
    yield from _without_one(maker, node, builder, every, seen)
    yield from _needed_alone(maker, node, builder, every)
    yield from (Pack(value, (maker.aim(node, "type", "all but invalid"),)) for value in nearest(builder, node))


def _columns(maker: Packer, node: Node) -> dict[str, list[Pack]]:
    """Return the packs of each member. Numbers and patterns start at different ones, so that two rates, say, differ."""
    every = {name: maker.packs(child) for name, child in node.properties.items()}
    equal = [name for name, child in node.properties.items() if every[name] and (_is_number(child) or child.get("pattern"))]
    return every | {name: every[name][index:] + every[name][:index] for index, name in enumerate(equal)}


def _is_number(node: Node) -> bool:
    return node.types <= {"integer", "number"}


def _together(maker: Packer, node: Node, builder: Builder, every: dict[str, list[Pack]], seen: list[Json]) -> Iterator[Pack]:
    """Yield packs for pairs of members that can meet and that no other pack has together."""
    names = sorted(name for name, packs in every.items() if packs)
    # Of each member the rows that hold it, as bits: whether two have met is asked for every pair.
    held = {name: sum(1 << index for index, value in enumerate(seen) if name in value) for name in names}
    count = len(seen)
    for one, other in combinations(names, 2):
        if held[one] & held[other]:
            continue
        for first, second in islice(product(_fullest(every[one]), _fullest(every[other])), _PAIRS):
            value = builder.complete({one: first.value, other: second.value}, (one,))
            if value is not None:
                more = [name for name in names if name not in value and not held[name] & held[one] & held[other]]
                value = with_members(builder.oracle, value, [(name, _fullest(every[name])[0].value) for name in more])
                held |= {name: held[name] | 1 << count for name in value if name in held}
                count += 1
                yield Pack(value, (maker.aim(node, "type", f"{one} with {other}"),))
                break


def _without_one(maker: Packer, node: Node, builder: Builder, every: dict[str, list[Pack]], seen: list[Json]) -> Iterator[Pack]:
    """Yield packs with all members but one that has a default: the default must not depend on the others."""
    for name, child in node.properties.items() if node.place else ():
        others = {other: _fullest(packs)[0].value for other, packs in every.items() if packs and other != name}
        if child.get("default", ...) is not ... and builder.oracle.is_valid(others) and others not in seen:
            yield Pack(others, (maker.aim(node, "type", f"all but {name}"),))


def _needed_alone(maker: Packer, node: Node, builder: Builder, every: dict[str, list[Pack]]) -> Iterator[Pack]:
    """Yield each required number without optional members: a default may follow from it."""
    for name in sorted(node.required & every.keys()) if node.place else ():
        if _is_number(node.properties[name]):
            for pack in every[name]:
                value = builder.complete({name: pack.value}, (name,))
                if value is not None:
                    yield Pack(value, (maker.aim(node, "type", f"only {name}"),))


def _fill(maker: Packer, node: Node, builder: Builder, queues: dict[str, deque[Pack]]) -> tuple[Pack, list[str]]:
    value, taken = _added(builder, {}, _small_together(queues), queues)
    aims = [maker.aim(node, "type", "an object"), *(aim for name in taken for aim in queues[name][0].below(name))]
    return Pack(value, tuple(aims)), taken


def _small_together(queues: dict[str, deque[Pack]]) -> list[str]:
    """Return the members with packs, most packs first; those that would make the object too large for some server wait."""
    names, length = list[str](), 0
    for name in sorted((name for name, queue in queues.items() if queue), key=lambda each: -len(queues[each])):
        more = len(str(queues[name][0].value))
        if not names or length + more < LARGE:
            names.append(name)
            length += more
    return names


def _padded(
    maker: Packer,
    node: Node,
    builder: Builder,
    pack: Pack,
    every: dict[str, list[Pack]],
    queues: dict[str, deque[Pack]],
    count: int,
) -> Pack:
    """Return the pack with some members whose packs are used up: each is met with and without the others.

    Free strings get other lengths each time, which costs no request.
    """
    fillers: list[tuple[str, Json]] = []
    for index, (name, packs) in enumerate(every.items()):
        child = node.properties[name]
        is_string = is_free_string(child)
        if name in pack.value or not packs or queues.get(name) or (count + index) % (6 if is_string else 3) == 0:
            continue
        filler = maker.of_next_length(child) if is_string else packs[(count + index) % min(len(packs), 3)].value
        fillers.append((name, filler))
    return Pack(with_members(builder.oracle, pack.value, fillers), pack.aims)


def _added(builder: Builder, value: Json, names: list[str], queues: dict[str, deque[Pack]]) -> tuple[Json, list[str]]:
    """Return the object with the next packs of as many members as fit: all at once, else by bisection."""
    candidate = {**value, **{name: queues[name][0].value for name in names}}
    for found in _repaired(builder, candidate, names):
        if found is candidate:
            return found, names
        # What is repaired grows: it must not become so large that servers refuse it for its size.
        is_small = found == candidate or not (value or len(names) > 1) or len(str(found)) < LARGE
        aims = (aim for name in candidate if queues.get(name) for aim in queues[name][0].below(name))
        if is_small and all(_is_kept(aim, candidate, found) for aim in aims):
            return found, names
    if len(names) < 2:
        return value, []
    middle = len(names) // 2
    value, first = _added(builder, value, names[:middle], queues)
    value, second = _added(builder, value, names[middle:], queues)
    return value, [*first, *second]


def _repaired(builder: Builder, candidate: Json, names: list[str]) -> Iterator[Json]:
    """Yield the object unchanged if it is valid, else with its missing parts; one new member may need others."""
    related = builder.related(candidate)
    if related is not None:
        yield related
    completed = builder.complete(candidate, (names[0],)) if len(names) == 1 else None
    if completed is not None:
        yield completed


def _is_kept(aim: Aim, before: Json, after: Json) -> bool:
    """Return whether an aimed value is unchanged; a value aimed at for having members may have more of them."""
    one, other = at(before, aim.path), at(after, aim.path)
    return bool(one == other or (isinstance(one, (dict, list)) and one and aim.label != _LEAST))


def _fullest(packs: list[Pack]) -> list[Pack]:
    """Return a few packs to try together, those with content first."""
    return sorted(packs[:_TRIES], key=lambda pack: pack.value in ([], {}, ""))
