"""Packs of an array: packs of its items, several per array, in arrays of many sizes."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import combinations, cycle, product

from openapi.json_types import Json, Path, tokens
from openapi.schema.extensions import naming_pointers
from openapi.schema.nodes import Node
from openapi.schema.paths import at, with_value
from strategies.bodies.builder import Builder
from strategies.case import Aim
from strategies.coverage.packing.pack import LARGE, Pack
from strategies.coverage.packing.packer import Packer
from strategies.values.hostile import ITEMS
from strategies.values.strings import is_free_string

_LIST_SIZES = (1, 2, 3, 5, 8)
_DEEP = 3  # objects inside an element whose members are combined
_LONG = 2_000  # characters; a longer element would show no more
_LETTERS, _WORD = re.compile(r"[^A-Za-z]"), 20  # of the name of a list, in the names of its elements
_NONE = object()
_SHORT = 24  # characters of a text that is combined with choices


def array_packs(maker: Packer, node: Node, each: Node) -> Iterator[Pack]:
    """Yield the packs of an array."""
    builder = maker.builder(node)
    if builder.oracle.is_valid([]):
        yield Pack([], (maker.aim(node, "type", "an empty list"),))
    waiting = deque(maker.packs(each))
    sizes = cycle(_LIST_SIZES)
    while waiting:
        size = max(next(sizes), node.get("minItems", 0))
        elements, aims = _chunk(maker, node, each, waiting, min(size, node.get("maxItems") or ITEMS))
        if not elements:
            waiting.popleft()
            continue
        whole = _long_enough(maker, node, each, elements)
        if whole is elements or builder.oracle.is_valid(whole):
            yield Pack(whole, (maker.aim(node, "type", f"{len(whole)} elements"), *aims))
    yield from _equal_elements(maker, node, each, builder)
    yield from _long_array(maker, node, each, builder)
    yield from _sized_lists(maker, node, each, builder)
    yield from _paired_elements(maker, node, each)
    if len(node.place) == 1:
        yield from _last_elements(maker, node, each, builder)


def _chunk(maker: Packer, node: Node, each: Node, waiting: deque[Pack], size: int) -> tuple[list[Json], list[Aim]]:
    # Each element is looked at once. Only the rules of the list as a whole are looked at again with each addition.
    of_list, of_each = maker.array_builder(node).oracle, maker.builder(each).oracle
    elements: list[Json] = []
    aims: list[Aim] = []
    postponed: list[Pack] = []
    length = 0
    while waiting and len(elements) < size:
        pack = waiting.popleft()
        more = len(str(pack.value))
        if elements and length + more > LARGE:
            postponed.append(pack)
            continue
        named = (e for e in _renamed(node, pack, len(elements)) if of_list.is_valid([*elements, e]) and of_each.is_valid(e))
        element = next(named, _NONE)
        if element is _NONE:
            postponed.append(pack)
            continue
        aims += pack.below(len(elements))
        elements.append(element)
        length += more
    waiting.extendleft(reversed(postponed))
    return elements, aims


def _long_enough(maker: Packer, node: Node, each: Node, elements: list[Json]) -> list[Json]:
    """Return the items with ordinary ones behind them, as many as the array needs."""
    more = [maker.numbered(node, each, index) for index in range(len(elements), node.get("minItems", 0))]
    return [*elements, *more] if more else elements


def _equal_elements(maker: Packer, node: Node, each: Node, builder: Builder) -> Iterator[Pack]:
    one, other = (maker.numbered(node, each, index) for index in range(2))
    found = [[one, other, one, one]]
    if each.is_object:
        # What an element leaves out is not what the one before it had.
        values = [pack.value for pack in maker.packs(each)]
        bare: Json = min(values, key=len, default={})
        # Of several that have all members the last: the first ones set enums to what means "not set".
        full: Json = max((value for value in reversed(values) if len(str(value)) < _LONG), key=len, default={})
        found.append([bare, full, bare, full])
    for elements in found:
        if builder.oracle.is_valid(elements):
            yield Pack(elements, (maker.aim(node, "type", "equal elements"),))


def _long_array(maker: Packer, node: Node, each: Node, builder: Builder) -> Iterator[Pack]:
    elements = [maker.numbered(node, each, index) for index in range(ITEMS)]
    if builder.oracle.is_valid(elements):
        yield Pack(elements, (maker.aim(node, "type", f"{ITEMS} elements"),))


def _sized_lists(maker: Packer, node: Node, each: Node, builder: Builder) -> Iterator[Pack]:
    for keyword in ("minItems", "maxItems"):
        size = node.get(keyword)
        if size and size <= ITEMS * 10:
            elements = [maker.numbered(node, each, index) for index in range(size)]
            if builder.oracle.is_valid(elements):
                yield Pack(elements, (maker.aim(node, keyword, f"{size} elements"),))


def _paired_elements(maker: Packer, node: Node, each: Node) -> Iterator[Pack]:
    """Yield arrays in whose items each choice of a member meets each of every other member: there it costs no request."""
    choices = list(_choices(maker, each))
    strings = [((name,), _short_strings(maker, child)) for name, child in each.properties.items() if is_free_string(child)]
    pairs = (
        with_value(with_value({}, one, first), other, second)
        for (one, firsts), (other, seconds) in (*combinations(choices, 2), *product(choices, strings))
        for first, second in (product(firsts, seconds) if not (_is_list(firsts) and _is_list(seconds)) else ())
    )
    complete = (maker.builder(each).complete(pair) for pair in pairs)
    waiting = deque(Pack(element, ()) for element in complete if element is not None)
    while waiting:
        elements, _ = _chunk(maker, node, each, waiting, min(node.get("maxItems") or ITEMS, ITEMS))
        if not elements:
            return
        yield Pack(elements, (maker.aim(node, "type", "every pair of choices"),))


def _is_list(values: list[Json]) -> bool:
    return bool(values) and isinstance(values[0], list)


def _last_elements(maker: Packer, node: Node, each: Node, builder: Builder) -> Iterator[Pack]:
    """Yield each member of an enum in the only item of an array, and in the last one: defaults may depend on it."""
    first = maker.numbered(node, each, 0)
    for name, child in each.properties.items() if each.is_object else ():
        for pack in maker.packs(child) if child.get("enum") else ():
            element = maker.builder(each).complete({name: pack.value}, (name,))
            for elements in ([element], [first, element]):
                if element is not None and builder.oracle.is_valid(elements):
                    yield Pack(elements, (maker.aim(node, "type", f"{pack.value} at the end"),))


def _choices(maker: Packer, node: Node, path: Path = ()) -> Iterator[tuple[Path, list[Json]]]:
    """Yield the members of an item, and of objects in it, that have few kinds of values: enums, flags, free values."""
    for name, child in node.properties.items():
        if child.is_object and len(path) < _DEEP:
            yield from _choices(maker, child, (*path, name))
        elif child.is_array and child.each is not None and child.each.is_object and path:
            yield from _choices_within(maker, child.each, (*path, name))
        elif child.get("enum") or child.get("x-known-values") or child.types == {"boolean"} or child.is_free:
            yield (*path, name), [pack.value for pack in maker.packs(child)]


def _choices_within(maker: Packer, each: Node, path: Path) -> Iterator[tuple[Path, list[Json]]]:
    """Yield the same for an array inside an item: an array of one, with each member of each enum."""
    for name, child in each.properties.items():
        if child.get("enum"):
            complete = (maker.builder(each).complete({name: pack.value}, (name,)) for pack in maker.packs(child))
            yield path, [[element] for element in complete if element is not None]


def _short_strings(maker: Packer, node: Node) -> list[Json]:
    return [pack.value for pack in maker.packs(node) if len(pack.value) <= _SHORT]


def _renamed(node: Node, pack: Pack, index: int) -> Iterator[Json]:
    """Yield the item unchanged, then under a name of its own, unless its name is the aim of the pack."""
    yield pack.value
    for pointer in naming_pointers(node.get):
        steps = tokens(pointer)
        if not any(aim.path == steps for aim in pack.aims):
            holder = at(pack.value, steps[:-1])
            if isinstance(holder, dict):
                # Of several lists in one object the names may have to differ, too.
                yield with_value(pack.value, steps, f"{_LETTERS.sub('', node.place[-1])[:_WORD]}_{index}_{len(pack.aims)}")
