"""Packs of implementation-defined values: valid values that a server may refuse.

Each would cost a created object of its own, since a refusal hides what else is in its body. Most servers accept most of them,
so they share bodies. A refused pack is bisected: first into what the refusal names and the rest, else into halves. Values of
one reason stay together: they are mostly accepted or refused together, and a refused pack of one reason is left as it is.

    {"text": "a\\0b", "size": 1e39, "width": 1e39}        refused
    {"text": "a\\0b"}                                    accepted
    {"size": 1e39, "width": 1e39}                       refused: one reason
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from openapi.hazards import plain
from openapi.json_types import Json, Path
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at, merged, with_value
from strategies.bodies.builder import Builder
from strategies.case import Aim, Case, Side

_MOST, _MOST_LARGE = 40, 12  # values in a body
_ITEMS = 8  # of an array that grows by values
_LARGE = 1_000  # characters; such a value shares its body with those of its own reason alone
_SHORTEST = 3  # characters of a value that counts as named: every other text holds a "1"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class UncertainValue:
    """A value that a server may refuse, for a reason: the smallest body with it, the path to it, and its aim."""

    reason: str
    body: Json
    path: Path
    aim: Aim

    @property
    def is_large(self) -> bool:
        """Return whether the value is so large that it may be refused for its size."""
        return len(str(at(self.body, self.path))) > _LARGE


@dataclass(frozen=True, slots=True)
class MayPack:
    """A body with several such values, each at its path in this body."""

    body: Json
    values: tuple[UncertainValue, ...]
    paths: tuple[Path, ...]

    @property
    def reasons(self) -> list[str]:
        """Return the reasons for which the body may be refused."""
        return list(dict.fromkeys(each.reason for each in self.values))

    def named_in(self, text: str) -> frozenset[str]:
        """Return the reasons that a text names, as a refusal does: by a value, or else by the member where one stands.

        "Couldn't parse duration: 9s" names the value "9s"; "max_size is invalid" names the member `maxSize`.
        """
        values = [str(at(self.body, path)) for path in self.paths]
        by_value = (_SHORTEST <= len(value) < _LARGE and value in text for value in values)
        words = {plain(word) for word in _WORD.findall(text)}
        names = (next((step for step in reversed(path) if isinstance(step, str)), "") for path in self.paths)
        by_member = (plain(name) in words for name in names)
        return self._of(by_value) or self._of(by_member)

    def _of(self, are_named: Iterable[bool]) -> frozenset[str]:
        return frozenset(value.reason for value, is_named in zip(self.values, are_named, strict=True) if is_named)

    @property
    def case(self) -> Case:
        """Return the case of the body."""
        pairs = zip(self.values, self.paths, strict=True)
        aims = tuple(Aim(value.aim.rule, path, value.aim.label) for value, path in pairs)
        return Case(side=Side.MAY, label=", ".join(self.reasons), aims=aims, body=self.body)


def packed(oracle: Oracle, values: Iterable[UncertainValue]) -> list[MayPack]:
    """Return packs of the values, each in the first one where it fits, those with its reason before others."""
    builder, packs = Builder(oracle), list[MayPack]()
    for value in values:
        like = [index for index, pack in enumerate(packs) if value.reason in pack.reasons]
        for index in dict.fromkeys((*like, *range(len(packs)))):
            grown = _with(builder, packs[index], value)
            if grown is not None:
                packs[index] = grown
                break
        else:
            packs.append(MayPack(value.body, (value,), (value.path,)))
    return packs


def bisected(oracle: Oracle, pack: MayPack, suspected: Collection[str] = ()) -> list[MayPack]:
    """Return the packs of each half of the reasons of a refused pack; none if it has one reason.

    Where some of the reasons are suspected, these are the first half: most of what is refused is to be in few bodies.
    """
    reasons = pack.reasons
    if len(reasons) < 2:
        return []
    named = [each for each in reasons if each in suspected]
    first = set(named if 0 < len(named) < len(reasons) else reasons[: len(reasons) // 2])
    halves = ([each for each in pack.values if (each.reason in first) is is_first] for is_first in (True, False))
    return [each for half in halves for each in packed(oracle, half)]


def _with(builder: Builder, pack: MayPack, value: UncertainValue) -> MayPack | None:
    """Return the pack with one value more; None where they do not fit together."""
    apart = value.is_large or pack.values[0].is_large
    most = _MOST_LARGE if apart else _MOST
    if len(pack.values) >= most or (apart and value.reason != pack.values[0].reason):
        return None
    for body, path in _places(pack, value):
        whole = builder.related(body, may_rename=True)
        if whole is None or at(whole, path) != at(value.body, value.path):
            continue
        if all(at(whole, each) == at(pack.body, each) for each in pack.paths) and builder.oracle.is_valid(whole):
            return MayPack(whole, (*pack.values, value), (*pack.paths, path))
    return None


def _places(pack: MayPack, value: UncertainValue) -> Iterator[tuple[Json, Path]]:
    """Yield the body with the value at its own place, then in its own item, with the path there."""
    path = value.path
    if not any(_overlap(path, each) for each in pack.paths):
        yield with_value(merged(value.body, pack.body), path, at(value.body, path)), path
    for depth, step in enumerate(path):
        items = at(pack.body, path[:depth]) if isinstance(step, int) else None
        if isinstance(items, list) and len(items) < _ITEMS:
            more = [*items, *at(value.body, path[:depth])]
            yield with_value(merged(value.body, pack.body), path[:depth], more), (*path[:depth], len(items), *path[depth + 1 :])
            return


def _overlap(one: Path, other: Path) -> bool:
    """Return whether one path leads to the other, or they are the same."""
    return one[: len(other)] == other[: len(one)]
