"""Rows of a list: rows of its elements, several a list, in lists of many sizes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations, cycle, product
from typing import TYPE_CHECKING

from openapi.json_types import Json, tokens
from openapi.nodes import Node
from strategies.bodies import Builder, at, with_value
from strategies.rows.row import Aim, Row
from strategies.trouble import ITEMS

if TYPE_CHECKING:
    from strategies.rows.maker import RowMaker

_LIST_SIZES = (1, 2, 3, 5, 8)


def list_rows(maker: RowMaker, node: Node, each: Node) -> Iterator[Row]:
    builder = maker.builder(node)
    if builder.oracle.obeys([]):
        yield Row([], (maker.aim(node, "type", "an empty list"),))
    waiting = deque(maker.rows(each))
    sizes = cycle(_LIST_SIZES)
    while waiting:
        elements, aims = _chunk(node, builder, waiting, min(next(sizes), node.get("maxItems") or ITEMS))
        if not elements:
            waiting.popleft()
            continue
        yield Row(elements, (maker.aim(node, "type", f"{len(elements)} elements"), *aims))
    yield from _equal_elements(maker, node, each, builder)
    yield from _long_list(maker, node, each, builder)
    yield from _sized_lists(maker, node, each, builder)
    yield from _paired_elements(maker, node, each, builder)


def _chunk(node: Node, builder: Builder, waiting: deque[Row], size: int) -> tuple[list[Json], list[Aim]]:
    elements: list[Json] = []
    aims: list[Aim] = []
    postponed: list[Row] = []
    while waiting and len(elements) < size:
        row = waiting.popleft()
        element = next((e for e in _renamed(node, row, len(elements)) if builder.oracle.obeys([*elements, e])), None)
        if element is None:
            postponed.append(row)
            continue
        aims += row.below(len(elements))
        elements.append(element)
    waiting.extendleft(reversed(postponed))
    return elements, aims


def _equal_elements(maker: RowMaker, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
    one, other = (maker.numbered(node, each, index) for index in range(2))
    if builder.oracle.obeys([one, other, one, one]):
        yield Row([one, other, one, one], (maker.aim(node, "type", "equal elements"),))


def _long_list(maker: RowMaker, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
    elements = [maker.numbered(node, each, index) for index in range(ITEMS)]
    if builder.oracle.obeys(elements):
        yield Row(elements, (maker.aim(node, "type", f"{ITEMS} elements"),))


def _sized_lists(maker: RowMaker, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
    for keyword in ("minItems", "maxItems"):
        size = node.get(keyword)
        if size and size <= ITEMS * 10:
            elements = [maker.numbered(node, each, index) for index in range(size)]
            if builder.oracle.obeys(elements):
                yield Row(elements, (maker.aim(node, keyword, f"{size} elements"),))


def _paired_elements(maker: RowMaker, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
    """Lists in whose elements each member of an enum meets each of every other enum: there they cost no request."""
    enums = {name: maker.rows(child) for name, child in each.properties.items() if child.get("enum") is not None}
    pairs = [
        {one: first.value, other: second.value}
        for one, other in combinations([name for name, rows in enums.items() if rows], 2)
        for first, second in product(enums[one], enums[other])
    ]
    complete = (maker.builder(each).complete(pair, tuple(pair)[:1]) for pair in pairs)
    elements = [element for element in complete if element is not None]
    most = min(node.get("maxItems") or ITEMS, ITEMS)
    for start in range(0, len(elements), most):
        chunk = elements[start : start + most]
        if builder.oracle.obeys(chunk):
            yield Row(chunk, (maker.aim(node, "type", "every pair of members of enums"),))


def _renamed(node: Node, row: Row, index: int) -> Iterator[Json]:
    """The element as it is, then under a name of its own, unless its name is what the row tries."""
    yield row.value
    for pointer in node.get("x-unique-by", ()):
        steps = tokens(pointer)
        if not any(aim.path == steps for aim in row.aims):
            holder = at(row.value, steps[:-1])
            if isinstance(holder, dict):
                yield with_value(row.value, steps, f"tool_{index}_{len(row.aims)}")
