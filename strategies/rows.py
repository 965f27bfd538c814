"""Rows: values of a field that between them carry every value that it must accept, as many as can live together in each.

A row of an object combines rows of its members, a row of a list or map holds several rows of its elements. What cannot stand
together (two media, two names alike) the oracle of that place tells, so it goes into different rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, cycle, islice, product

from openapi.json_types import Json, Path
from openapi.nodes import EACH, Node
from openapi.oracle import Oracle, rule_id
from strategies.bodies import Builder, at, with_value
from strategies.doubts import is_certain
from strategies.near import nearest
from strategies.ordinary import simplest
from strategies.texts import matching, missing_pattern
from strategies.trouble import ITEMS, LENGTHS, long_text, trouble
from strategies.values import accepted, alone

_LIST_SIZES = (1, 2, 3, 5, 8)
_MAP_SIZE = 5
_TRIES = 12
_PAIRS = 60  # ways of having two members together that are tried
# Texts that look like other things, but for the first few: left out where requests are scarce.
_SPARED = frozenset(f"text: {label}" for label in list(trouble()["texts"])[3:])


@dataclass(frozen=True, slots=True)
class Aim:
    """What a body tries at a path: that the rule's accepting side holds for the value there."""

    rule: str
    path: Path
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A value with what it tries."""

    value: Json
    aims: tuple[Aim, ...]

    def below(self, step: str | int) -> tuple[Aim, ...]:
        """The aims, seen from one level up."""
        return tuple(Aim(each.rule, (step, *each.path), each.label) for each in self.aims)


@dataclass
class RowMaker:
    """Makes the rows of any node of one schema; `prefix` starts the rule ids.

    Of a field at a place in `lacking` there is no row. What came out doubtful is kept in `doubted`, by field.
    """

    root: Node
    prefix: str
    few: bool = False
    lacking: frozenset[str] = frozenset()
    doubted: dict[int, list[Row]] = field(default_factory=dict)
    _builders: dict[int, Builder] = field(default_factory=dict)
    _rows: dict[int, list[Row]] = field(default_factory=dict)
    _lengths: dict[int, Iterator[int]] = field(default_factory=dict)

    def rows(self, node: Node) -> list[Row]:
        """The rows of a field, made once."""
        if id(node) not in self._rows:
            made = [] if node.path in self.lacking else list(self._make(node))
            certain: list[Row] = []
            doubted: list[Row] = []
            for row in made:
                (certain if is_certain(node, row.value, self.lacking) else doubted).append(row)
            self._rows[id(node)], self.doubted[id(node)] = certain, doubted
        return self._rows[id(node)]

    def known(self, node: Node) -> list[Row] | None:
        """The rows of a field if they have been made."""
        return self._rows.get(id(node))

    def set(self, node: Node, rows: list[Row]) -> None:
        """Takes rows that were made before."""
        self._rows[id(node)] = rows

    def builder(self, node: Node) -> Builder:
        """A builder for values of one field alone."""
        if id(node) not in self._builders:
            self._builders[id(node)] = Builder(Oracle(alone(node), ""))
        return self._builders[id(node)]

    def _make(self, node: Node) -> Iterator[Row]:
        if node.get("x-hazard"):
            return
        if node.is_message:
            yield from self._message_rows(node)
        elif node.is_array and node.each is not None:
            yield from self._array_rows(node, node.each)
        elif node.is_map and node.each is not None:
            yield from self._map_rows(node, node.each)
        else:
            # The elements of lists and the values of maps share their requests anyhow.
            spared = _SPARED if self.few and node.place[-1:] != (EACH,) else frozenset()
            values = [value for value in accepted(node) if value.must and value.label not in spared]
            yield from (Row(value.value, (self.aim(node, value.keyword, value.label),)) for value in values)

    def aim(self, node: Node, keyword: str, label: str, path: Path = ()) -> Aim:
        """An aim at a keyword of a field."""
        return Aim(rule_id(self.prefix, node.path, keyword), path, label)

    # --- objects with members of their own

    def _message_rows(self, node: Node) -> Iterator[Row]:
        builder = self.builder(node)
        every = self._columns(node)
        queues = {name: deque(rows) for name, rows in every.items() if rows}
        count = 0
        seen: list[Json] = []
        least = builder.complete({})
        if least is not None:
            yield Row(least, (self.aim(node, "type", "no member that is not needed"),))
        while any(queues.values()):
            row, taken = self._fill(node, builder, queues)
            if not taken:
                for queue in queues.values():  # nothing can stand even alone: what is left cannot be built
                    queue.clear()
                return
            for name in taken:
                queues[name].popleft()
            padded = self._padded(node, builder, row, every, queues, count)
            seen.append(padded.value)
            yield padded
            count += 1
        yield from self._together(node, builder, every, seen)
        yield from (Row(value, (self.aim(node, "type", "all but wrong"),)) for value in nearest(builder, node))

    def _columns(self, node: Node) -> dict[str, list[Row]]:
        """The rows of each member. Those of numbers begin each with another, so that two rates, say, differ in some row."""
        every = {name: self.rows(child) for name, child in node.properties.items()}
        numbers = [name for name, child in node.properties.items() if child.types <= {"integer", "number"} and every[name]]
        return every | {name: every[name][index:] + every[name][:index] for index, name in enumerate(numbers)}

    def _together(self, node: Node, builder: Builder, every: dict[str, list[Row]], seen: list[Json]) -> Iterator[Row]:
        """Rows in which two members meet that no other row has together, though they can be."""
        names = sorted(name for name, rows in every.items() if rows)
        # Of each member the rows that hold it, as bits: whether two have met is asked for every pair.
        held = {name: sum(1 << index for index, value in enumerate(seen) if name in value) for name in names}
        count = len(seen)
        for one, other in combinations(names, 2):
            if held[one] & held[other]:
                continue
            for first, second in islice(product(_fullest(every[one]), _fullest(every[other])), _PAIRS):
                value = builder.complete({one: first.value, other: second.value}, (one,))
                if value is not None:
                    held |= {name: held[name] | 1 << count for name in value if name in held}
                    count += 1
                    yield Row(value, (self.aim(node, "type", f"{one} with {other}"),))
                    break

    def _of_next_length(self, node: Node) -> str:
        lengths = self._lengths.setdefault(id(node), cycle(LENGTHS))
        return long_text(next(lengths))

    def _fill(self, node: Node, builder: Builder, queues: dict[str, deque[Row]]) -> tuple[Row, list[str]]:
        names = sorted((name for name, queue in queues.items() if queue), key=lambda each: -len(queues[each]))
        value, taken = _added(builder, {}, names, queues)
        aims = [self.aim(node, "type", "an object"), *(aim for name in taken for aim in queues[name][0].below(name))]
        completed = builder.complete(value)
        return Row(completed if completed is not None else value, tuple(aims)), taken

    def _padded(
        self, node: Node, builder: Builder, row: Row, every: dict[str, list[Row]], queues: dict[str, deque[Row]], count: int
    ) -> Row:
        """The row with some of the members that are through already, so that each is met with and without the others.

        Free texts come in ever other lengths, which costs no request.
        """
        value = row.value
        for index, (name, rows) in enumerate(every.items()):
            if name in value or not rows or queues.get(name) or (count + index) % 3 == 0:
                continue
            child = node.properties[name]
            filler = self._of_next_length(child) if is_free_text(child) else rows[(count + index) % min(len(rows), 3)].value
            candidate = {**value, name: filler}
            if builder.oracle.obeys(candidate):
                value = candidate
        return Row(value, row.aims)

    # --- lists

    def _array_rows(self, node: Node, each: Node) -> Iterator[Row]:
        builder = self.builder(node)
        if builder.oracle.obeys([]):
            yield Row([], (self.aim(node, "type", "an empty list"),))
        waiting = deque(self.rows(each))
        sizes = cycle(_LIST_SIZES)
        while waiting:
            elements, aims = self._chunk(node, builder, waiting, min(next(sizes), node.get("maxItems") or ITEMS))
            if not elements:
                waiting.popleft()
                continue
            yield Row(elements, (self.aim(node, "type", f"{len(elements)} elements"), *aims))
        yield from self._equal_elements(node, each, builder)
        yield from self._long_list(node, each, builder)
        yield from self._sized_lists(node, each, builder)
        yield from self._paired_elements(node, each, builder)

    def _chunk(self, node: Node, builder: Builder, waiting: deque[Row], size: int) -> tuple[list[Json], list[Aim]]:
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

    def _equal_elements(self, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
        one, other = (self.numbered(node, each, index) for index in range(2))
        if builder.oracle.obeys([one, other, one, one]):
            yield Row([one, other, one, one], (self.aim(node, "type", "equal elements"),))

    def _long_list(self, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
        elements = [self.numbered(node, each, index) for index in range(ITEMS)]
        if builder.oracle.obeys(elements):
            yield Row(elements, (self.aim(node, "type", f"{ITEMS} elements"),))

    def _sized_lists(self, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
        for keyword in ("minItems", "maxItems"):
            size = node.get(keyword)
            if size and size <= ITEMS * 10:
                elements = [self.numbered(node, each, index) for index in range(size)]
                if builder.oracle.obeys(elements):
                    yield Row(elements, (self.aim(node, keyword, f"{size} elements"),))

    def _paired_elements(self, node: Node, each: Node, builder: Builder) -> Iterator[Row]:
        """Lists in whose elements each member of an enum meets each of every other enum: there they cost no request."""
        enums = {name: self.rows(child) for name, child in each.properties.items() if child.get("enum") is not None}
        pairs = [
            {one: first.value, other: second.value}
            for one, other in combinations([name for name, rows in enums.items() if rows], 2)
            for first, second in product(enums[one], enums[other])
        ]
        complete = (self.builder(each).complete(pair, tuple(pair)[:1]) for pair in pairs)
        elements = [element for element in complete if element is not None]
        most = min(node.get("maxItems") or ITEMS, ITEMS)
        for start in range(0, len(elements), most):
            chunk = elements[start : start + most]
            if builder.oracle.obeys(chunk):
                yield Row(chunk, (self.aim(node, "type", "every pair of members of enums"),))

    def numbered(self, node: Node, each: Node, index: int) -> Json:
        """An ordinary element that tells its index, and so differs from every other."""
        if each.types == {"string"} and each.get("enum") is None and each.get("pattern") is None:
            return f"n{index}"
        value: Json = self.builder(each).complete(simplest(each))
        for pointer in node.get("x-unique-by", ())[:1]:
            value = with_value(value, _steps(pointer), f"n{index}")
        for name, child in each.properties.items():
            if child.types == {"string"} and not _constrained(child):
                candidate = {**value, name: f"n{index}"}
                if self.builder(each).oracle.obeys(candidate):
                    return candidate
        return value

    # --- maps

    def _map_rows(self, node: Node, each: Node) -> Iterator[Row]:
        builder = self.builder(node)
        if builder.oracle.obeys({}):
            yield Row({}, (self.aim(node, "type", "no members"),))
        keys = [key for key in (*trouble()["keys"], *_near_keys(node)) if builder.oracle.obeys({key: simplest_of(self, each)})]
        rows = self.rows(each)
        total = max(len(rows), len(keys))
        for start in range(0, total, _MAP_SIZE):
            value: dict[str, Json] = {}
            aims: list[Aim] = [self.aim(node, "type", "a map"), self.aim(node, "propertyNames", "legal keys")]
            for index in range(start, min(start + _MAP_SIZE, total)):
                key, row = keys[index % len(keys)], rows[index % len(rows)]
                value[key] = row.value
                aims += row.below(key) if index < len(rows) else ()
            yield Row(value, tuple(aims))
        wide = {f"key{index:04d}": self.numbered(node, each, index) for index in range(ITEMS)}
        if builder.oracle.obeys(wide):
            yield Row(wide, (self.aim(node, "type", f"{ITEMS} members"),))


def _added(builder: Builder, value: Json, names: list[str], queues: dict[str, deque[Row]]) -> tuple[Json, list[str]]:
    """The object with the next rows of as many of the members as can stand together: all at once, or half by half."""
    candidate = {**value, **{name: queues[name][0].value for name in names}}
    if builder.oracle.obeys(candidate) or (len(names) == 1 and builder.complete(candidate, (names[0],)) is not None):
        return candidate, names
    if len(names) < 2:
        return value, []
    middle = len(names) // 2
    value, first = _added(builder, value, names[:middle], queues)
    value, second = _added(builder, value, names[middle:], queues)
    return value, [*first, *second]


def _fullest(rows: list[Row]) -> list[Row]:
    """A few rows to try together, those with content first."""
    return sorted(rows[:_TRIES], key=lambda row: row.value in ([], {}, ""))


def is_free_text(node: Node) -> bool:
    """Whether any text of any length will do."""
    limits = ("enum", "const", "pattern", "format", "maxLength", "minLength", "x-known-values", "x-doubtful")
    return node.types == {"string"} and all(node.get(key) is None for key in limits)


def simplest_of(maker: RowMaker, node: Node) -> Json:
    """An ordinary value of a field that is complete in itself."""
    return maker.builder(node).complete(simplest(node)) if node.is_message else simplest(node)


def _near_keys(node: Node) -> list[str]:
    """Keys that just miss a forbidden pattern, and so are legal."""
    names = node.get("propertyNames") or {}
    forbidden = names.get("not", {}).get("pattern") if isinstance(names, dict) else None
    if forbidden is None:
        return []
    near = [key for key in missing_pattern(forbidden) if key]
    usual = matching(forbidden)[:1]
    # Each letter of the forbidden beginning in the other case is another key.
    swapped = [key[:i] + key[i].swapcase() + key[i + 1 :] for key in usual for i in range(len(key)) if key[i].isalpha()]
    return [*near, *swapped, *(key.upper() for key in usual)]


def _renamed(node: Node, row: Row, index: int) -> Iterator[Json]:
    """The element as it is, then under a name of its own, unless its name is what the row tries."""
    yield row.value
    for pointer in node.get("x-unique-by", ()):
        steps = _steps(pointer)
        if not any(aim.path == steps for aim in row.aims):
            holder = at(row.value, steps[:-1])
            if isinstance(holder, dict):
                yield with_value(row.value, steps, f"tool_{index}_{len(row.aims)}")


def _steps(pointer: str) -> Path:
    return tuple(pointer.split("/")[1:])


def _constrained(node: Node) -> bool:
    return any(node.get(key) is not None for key in ("enum", "pattern", "format", "x-known-values", "maxLength"))
