"""The packer: the packs of each field, made once, by kind of field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import cycle, islice
from typing import TypeAlias

from openapi.json_types import Json, Path, tokens
from openapi.schema.choices import alternatives
from openapi.schema.nodes import EACH, Node
from openapi.schema.oracle import Oracle, rule_id
from openapi.schema.paths import with_value
from strategies.bodies.builder import Builder
from strategies.case import Aim
from strategies.coverage.packing.pack import Pack
from strategies.values.hostile import LENGTHS, long_string
from strategies.values.leniency import is_certain
from strategies.values.minimal import simplest
from strategies.values.place_schema import alone
from strategies.values.valid import Value, small

Make: TypeAlias = "Callable[[Packer, Node], Iterator[Pack]]"
_SCARCE = 6  # values of a field within alternatives, if there are many of these
_BODIES, _OTHERS = 46, 5  # of the values within all alternatives of an object; of each one beside its values
_SMALL = 24  # small values of a field that has no other packs
# Keywords about members or items together with others.
_JOINT = frozenset(
    (
        "unevaluatedItems unevaluatedProperties prefixItems contains patternProperties dependentSchemas "
        "oneOf anyOf not if dependentRequired"
    ).split()
)


@dataclass
class Packer:
    """The packs of any node of one schema; `prefix` starts the rule ids.

    `make` yields the packs of a field by its kind. A field at a place in `lacking` has no pack. Packs that came out
    implementation-defined are in `doubted`, by field.
    """

    root: Node
    prefix: str
    make: Make
    few: bool = False
    lacking: frozenset[str] = frozenset()
    doubted: dict[int, list[Pack]] = field(default_factory=dict)
    _builders: dict[int, Builder] = field(default_factory=dict)
    _array_builders: dict[int, Builder] = field(default_factory=dict)
    _packs: dict[int, list[Pack]] = field(default_factory=dict)
    _lengths: dict[int, Iterator[int]] = field(default_factory=dict)

    def packs(self, node: Node) -> list[Pack]:
        """Return the packs of a field; cached."""
        if id(node) not in self._packs:
            made = [] if node.path in self.lacking else self._made(node)
            certain: list[Pack] = []
            doubted: list[Pack] = []
            for pack in made:
                (certain if is_certain(node, pack.value, self.lacking) else doubted).append(pack)
            self._packs[id(node)], self.doubted[id(node)] = certain, doubted
        return self._packs[id(node)]

    def _made(self, node: Node) -> list[Pack]:
        """Return packs of the field's parts, or of small values where the parts do not make a valid value."""
        made = list(self.make(self, node))
        is_joint = not made or any(each.keyword in _JOINT for each in node.constraints)
        if not is_joint or node.get("x-hazard"):
            return made
        is_valid = self.builder(node).oracle.is_valid
        if any(is_valid(pack.value) for pack in made):
            return made
        values = islice(filter(is_valid, small(node)), _SMALL)
        return [Pack(value, (self.aim(node, "type", f"small: {str(value)[:40]}"),)) for value in values]

    def known(self, node: Node) -> list[Pack] | None:
        """Return the packs of a field if they are cached, else None."""
        return self._packs.get(id(node))

    def set(self, node: Node, packs: list[Pack]) -> None:
        """Set the packs of a field that were made before."""
        self._packs[id(node)] = packs

    def builder(self, node: Node) -> Builder:
        """Return a builder for values of one field alone."""
        if id(node) not in self._builders:
            self._builders[id(node)] = Builder(Oracle(alone(node), ""))
        return self._builders[id(node)]

    def array_builder(self, node: Node) -> Builder:
        """Return a builder for an array that grows, whatever its items are and as few as there are yet."""
        if id(node) not in self._array_builders:
            self._array_builders[id(node)] = Builder(Oracle(alone(node, without=frozenset({"items", "minItems"})), ""))
        return self._array_builders[id(node)]

    def scarce(self, node: Node, values: list[Value], most: int | None = None, turn: int | None = None) -> list[Value]:
        """Return the values of a field, where requests are scarce at most so many of one within alternatives.

        Only one alternative fits into a body, so each value there costs a body: of two alternatives there are more, of four
        fewer, while other members need as many bodies anyway. Those at a limit stay, and of the others some
        that differ from field to field. With a `turn`, these are the next ones after those of the turn before: between them
        several fields have all.
        """
        is_scarce = self.few and self.is_alternative(node)
        ordinary = [index for index, value in enumerate(values) if value.keyword in ("type", "pattern")]
        count = max((most or self._most_values(node)) - len(values) + len(ordinary), 1)
        if not is_scarce or len(ordinary) <= count:
            return values
        start, step = (sum(node.path.encode()), len(ordinary)) if turn is None else (turn * count, count)
        chosen = {ordinary[(start + index * step // count) % len(ordinary)] for index in range(count)}
        return [value for index, value in enumerate(values) if index not in ordinary or index in chosen]

    def is_alternative(self, node: Node) -> bool:
        """Return whether a field is within one of several objects of which only one may be set."""
        return any(node.place[: len(place)] == place for place in self._alternatives)

    def _most_values(self, node: Node) -> int:
        """Return how many values a field within alternatives may have, so that all alternatives share the bodies."""
        filled = max((count for place, count in self._alternatives.items() if node.place[: len(place)] == place), default=1)
        return max(_SCARCE, _BODIES // filled - _OTHERS)

    @cached_property
    def _alternatives(self) -> dict[tuple[str, ...], int]:
        """Return the places of objects of whose members only one may be set, with how many of these have members."""
        objects = {node: alternatives(node) for node in self.root.walk() if EACH not in node.place}
        return {
            node.place: max(1, sum(bool(node.properties[name].properties) for name in names))
            for node, names in objects.items()
            if len(names) > 1
        }

    def aim(self, node: Node, keyword: str, label: str, path: Path = ()) -> Aim:
        """Return an aim at a keyword of a field."""
        return Aim(rule_id(self.prefix, node.path, keyword), path, label)

    def of_next_length(self, node: Node) -> str:
        """Return a string of a length that no value of this field had before, as long as there are such."""
        lengths = self._lengths.setdefault(id(node), cycle(LENGTHS))
        return long_string(next(lengths))

    def numbered(self, node: Node, each: Node, index: int) -> Json:
        """Return an ordinary item that shows its index, and so differs from every other."""
        if each.types == {"string"} and self.builder(each).oracle.is_valid(f"n{index}"):
            return f"n{index}"
        value: Json = self.builder(each).complete(simplest(each))
        for pointer in node.get("x-unique-by", ())[:1]:
            value = with_value(value, tokens(pointer), f"n{index}")
        for name, child in each.properties.items():
            if child.types == {"string"} and not _constrained(child):
                candidate = {**value, name: f"n{index}"}
                if self.builder(each).oracle.is_valid(candidate):
                    return candidate
        return value


def _constrained(node: Node) -> bool:
    return any(node.get(key) is not None for key in ("enum", "pattern", "format", "x-known-values", "maxLength"))
