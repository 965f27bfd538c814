"""Boundary strings of a regular expression: matches at each of its edges, and near misses.

It reads the part of ECMA-262 that descriptions use: literals, classes, groups, alternatives, quantifiers, anchors.
Another pattern (look-around, back-references) raises NotUnderstood, and Hypothesis draws its strings.

The pattern becomes a tree of decisions. A decision at its edge, with the others typical, gives one string: for
`^[a-z]{2,4}$` the edges are `cc`, `cccc`, `ac`, `zc`, and the near misses `c`, `ccccc`, `{c`. The engine has the last word:
a near miss that matches after all is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TypeAlias

_DEEP = 40  # groups inside each other
_MANY = 200  # a longer repetition is no boundary worth sending
_SHORTHANDS = {"d": "0-9", "w": "0-9A-Z_a-z", "s": " \t\n\r"}
_PROPERTIES = {"L": "A-Za-z", "Lu": "A-Z", "Ll": "a-z", "N": "0-9", "Nd": "0-9"}


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges of code points."""

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, char: str) -> bool:
        return any(low <= ord(char) <= high for low, high in self.ranges)


@dataclass(frozen=True, slots=True)
class Repeat:
    """`of`, between `low` and `high` times; `high` is None for any number."""

    of: Tree
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """One tree after the other."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several trees."""

    branches: tuple[Tree, ...]


Tree: TypeAlias = Chars | Repeat | Sequence | Choice


class NotUnderstood(ValueError):
    """The pattern uses more than this module reads."""


class _Reader:
    """A recursive-descent parser of a pattern. Anchors are dropped: the surroundings of a match test them."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise NotUnderstood(self.text)
        self.at += 1
        return char

    def choice(self) -> Tree:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Tree:
        parts: list[Tree] = []
        while self.peek() not in ("", "|", ")"):
            if self.peek() in "^$":
                self.at += 1
            else:
                parts.append(self.quantified(self.atom()))
        return Sequence(tuple(parts))

    def atom(self) -> Tree:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.bracket()
        if char == ".":
            return Chars(((0x20, 0x7E),))
        if char == "\\":
            return Chars(self.escaped())
        if char in "*+?{}":
            raise NotUnderstood(self.text)
        return Chars(((ord(char), ord(char)),))

    def group(self) -> Tree:
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise NotUnderstood(self.text)
            self.at += 2
        self.depth += 1
        inner = self.choice() if self.depth <= _DEEP else None
        self.depth -= 1
        if inner is None or self.take() != ")":
            raise NotUnderstood(self.text)
        return inner

    def escaped(self) -> tuple[tuple[int, int], ...]:
        char = self.take()
        if char in _SHORTHANDS:
            return _ranges(_SHORTHANDS[char])
        if char == "p":
            return self.property()
        if char.isalnum():
            known = {"t": "\t", "n": "\n", "r": "\r"}
            if char not in known:
                raise NotUnderstood(self.text)
            char = known[char]
        return ((ord(char), ord(char)),)

    def property(self) -> tuple[tuple[int, int], ...]:
        """Return the ASCII characters of `\\p{...}`; the engine decides about all others."""
        found = re.compile(r"\{(\w+)\}").match(self.text, self.at)
        if not found or found[1] not in _PROPERTIES:
            raise NotUnderstood(self.text)
        self.at = found.end()
        return _ranges(_PROPERTIES[found[1]])

    def bracket(self) -> Tree:
        negated = self.peek() == "^"
        self.at += negated
        found: list[tuple[int, int]] = []
        while self.peek() != "]":
            found += self.bracket_item()
        self.take()
        ranges = _others(found) if negated else tuple(found)
        if not ranges:
            raise NotUnderstood(self.text)
        return Chars(ranges)

    def bracket_item(self) -> tuple[tuple[int, int], ...]:
        char = self.take()
        low = self.escaped() if char == "\\" else ((ord(char), ord(char)),)
        if len(low) == 1 and self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
            self.at += 1
            end = self.take()
            high = self.escaped()[0][0] if end == "\\" else ord(end)
            if high < low[0][0]:
                raise NotUnderstood(self.text)
            return ((low[0][0], high),)
        return low

    def quantified(self, atom: Tree) -> Tree:
        counts = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek())
        if counts:
            self.at += 1
        elif self.peek() == "{":
            found = re.compile(r"\{(\d+)(,?)(\d*)\}").match(self.text, self.at)
            if not found:
                raise NotUnderstood(self.text)
            self.at = found.end()
            low = int(found[1])
            counts = (low, int(found[3]) if found[3] else (None if found[2] else low))
        else:
            return atom
        if self.peek() == "?":
            self.at += 1  # lazy or greedy, the same strings match
        return Repeat(atom, *counts)


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for low, high in re.findall(r"(.)-(.)|.", text, re.DOTALL) or []:
        if low:
            found.append((ord(low), ord(high)))
    singles = re.sub(r".-.", "", text, flags=re.DOTALL)
    return (*found, *((ord(each), ord(each)) for each in singles))


def _others(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the printable ASCII characters outside the ranges."""
    inside = {code for low, high in ranges for code in range(low, min(high, 0x7E) + 1)}
    return tuple((code, code) for code in range(0x20, 0x7F) if code not in inside)


@lru_cache(maxsize=256)
def parse(pattern: str) -> Tree:
    """Return the pattern as a tree. NotUnderstood for one that uses more than this module reads."""
    reader = _Reader(pattern)
    found = reader.choice()
    if reader.at != len(pattern):
        raise NotUnderstood(pattern)
    return found


def typical(tree: Tree) -> str:
    """Return an ordinary string of the pattern: one or two of everything possible."""
    if isinstance(tree, Chars):
        low, high = tree.ranges[0]
        return chr(min(low + 2, high))
    if isinstance(tree, Repeat):
        count = tree.low if tree.high == 1 else max(tree.low, 2 if tree.high is None else min(2, tree.high))
        return typical(tree.of) * count
    if isinstance(tree, Choice):
        return typical(tree.branches[-1])
    return "".join(map(typical, tree.parts))


def full(tree: Tree) -> str:
    """Return a string of the pattern with every optional part."""
    if isinstance(tree, Repeat):
        return full(tree.of) * max(tree.low, 2 if tree.high is None else min(2, tree.high))
    if isinstance(tree, Choice):
        return max(map(full, tree.branches), key=len)
    return typical(tree) if isinstance(tree, Chars) else "".join(map(full, tree.parts))


def foreign(text: str) -> Iterator[str]:
    """Yield the string with a foreign character, such as a digit of another script, in each run of letters or digits."""
    runs = [found.start() + 1 for found in re.finditer(r"[0-9A-Za-z]{2,}", text)]
    for character in "a\u0663":
        yield from (text[:at] + character + text[at:] for at in runs)
    yield from (text[: at - 1] + "\u0663" + text[at - 1 :] for at in runs[:1])
    yield from (text[:at] + character + text[at:] for at in runs[:1] for character in "./ é")


def edges(tree: Tree) -> Iterator[str]:
    """Yield strings of the pattern, each with one decision at an edge and the others typical."""
    if isinstance(tree, Chars):
        for low, high in tree.ranges:
            yield from dict.fromkeys((chr(low), chr(high)))
    elif isinstance(tree, Choice):
        for branch in tree.branches:
            yield from edges(branch)
    elif isinstance(tree, Repeat):
        yield from _repeat_edges(tree)
    else:
        yield from _one_part_at_a_time(tree, edges)


def _repeat_edges(tree: Repeat) -> Iterator[str]:
    high = min(tree.high if tree.high is not None else tree.low + 40, _MANY)
    one = typical(tree.of)
    for count in dict.fromkeys((tree.low, min(tree.low + 1, high), high)):
        yield one * count
    if high > 0:
        rest = one * (max(tree.low, 1) - 1)
        for each in edges(tree.of):
            yield each + rest
    if high > 2 and isinstance(tree.of, Chars):
        behind = one * max(tree.low - 2, 1)
        yield from (one + each + behind for each in edges(tree.of))  # what is cut off at an end stays inside


def misses(tree: Tree) -> Iterator[str]:
    """Yield strings with one decision just outside and the others typical. Some may match: ask the engine."""
    if isinstance(tree, Chars):
        yield from _char_misses(tree)
    elif isinstance(tree, Choice):
        yield from _in_turn(misses(branch) for branch in tree.branches)
    elif isinstance(tree, Repeat):
        yield from _repeat_misses(tree)
    else:
        yield from _in_turn(_with_part(tree, index, misses) for index in range(len(tree.parts)))


def _char_misses(tree: Chars) -> Iterator[str]:
    """Yield no character, then characters outside a class: those beside its ranges, and a letter and a digit."""
    yield ""
    yield from (char for char in "a" if char not in tree)
    yield from (char for char in "\u0663" if "3" in tree)  # a digit elsewhere
    for low, high in tree.ranges:
        yield from (chr(code) for code in (low - 1, high + 1) if 0x20 < code < 0x7F and chr(code) not in tree)
    yield from (char for char in "Z5" if char not in tree)


def _one_part_at_a_time(tree: Sequence, strings: Callable[[Tree], Iterator[str]]) -> Iterator[str]:
    for index in range(len(tree.parts)):
        yield from _with_part(tree, index, strings)


def _with_part(tree: Sequence, index: int, strings: Callable[[Tree], Iterator[str]]) -> Iterator[str]:
    whole = [typical(part) for part in tree.parts]
    return ("".join([*whole[:index], each, *whole[index + 1 :]]) for each in strings(tree.parts[index]))


def _in_turn(streams: Iterable[Iterator[str]]) -> Iterator[str]:
    """Yield one of each stream, then another of each: where only few can be tried, every part is."""
    rounds = zip_longest(*streams)
    return (each for found in rounds for each in found if each is not None)


def _repeat_misses(tree: Repeat) -> Iterator[str]:
    one = typical(tree.of)
    if tree.low:
        yield one * (tree.low - 1)
    if tree.high is not None and tree.high < _MANY:
        yield one * (tree.high + 1)
    rest = one * (max(tree.low, 1) - 1)
    for each in misses(tree.of):
        yield each + rest


def around(text: str) -> Iterator[str]:
    """Yield strings that an unanchored pattern would accept: a match with something before or behind it."""
    # Python's `$` matches before a newline at the end as well.
    yield from (f"{text}\n", f"x{text}", f"{text}x", f"{text}!", f"!{text}", f"{text} {text}", f"{text}\n{text}", "")
