"""A regular expression as a tree.

It reads the part of ECMA-262 that descriptions use: literals, classes, groups, alternatives, quantifiers, anchors.
Another pattern (look-around, back-references) raises NotUnderstood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import jsonschema_rs

_DEEP = 40  # groups inside each other
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


_PLAIN_GROUP = re.compile(r"\?(?::|<[A-Za-z_$][\w$]*>)")
_CODES = re.compile(r"u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|c([A-Za-z])")
_SURROGATES, _LAST = (0xD800, 0xDFFF), 0x10FFFF
# Where characters of scripts and classes are looked for: living scripts and symbols, then pictures.
_ALPHABETS = (range(0x21, 0x3100), range(0x1F300, 0x1F700))
_FEW_RANGES = 3

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
            found = _PLAIN_GROUP.match(self.text, self.at)
            if not found:
                raise NotUnderstood(self.text)
            self.at = found.end()
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
        if char.lower() in _SHORTHANDS:
            return _others(list(_ranges(_SHORTHANDS[char.lower()])))
        if char == "p":
            return self.property()
        if (found := _CODES.match(self.text, self.at - 1)) is not None:
            self.at = found.end()
            code = int(found[1] or found[2] or found[3], 16) if not found[4] else ord(found[4]) % 32
            if code > _LAST or _SURROGATES[0] <= code <= _SURROGATES[1]:
                raise NotUnderstood(self.text)
            return ((code, code),)
        if char.isalnum():
            known = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
            if char not in known:
                raise NotUnderstood(self.text)
            char = known[char]
        return ((ord(char), ord(char)),)

    def property(self) -> tuple[tuple[int, int], ...]:
        """Return characters of `\\p{...}`, those of ASCII where it has any; the engine decides about all others."""
        found = re.compile(r"\{(\w+(?:=\w+)?)\}").match(self.text, self.at)
        if not found:
            raise NotUnderstood(self.text)
        self.at = found.end()
        ranges = _ranges(_PROPERTIES[found[1]]) if found[1] in _PROPERTIES else _characters_of(found[1])
        if not ranges:
            raise NotUnderstood(self.text)
        return ranges

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


@lru_cache(maxsize=64)
def _characters_of(name: str) -> tuple[tuple[int, int], ...]:
    """Return the first ranges of characters of a Unicode property, by the validator's own engine; none if it knows none."""
    try:
        is_in = jsonschema_rs.validator_for({"pattern": f"\\p{{{name}}}"}).is_valid
    except (jsonschema_rs.ValidationError, ValueError):
        return ()

    def runs() -> Iterator[tuple[int, int]]:
        for alphabet in _ALPHABETS:
            low = None
            for code in (*alphabet, alphabet.stop):
                inside = code in alphabet and is_in(chr(code))
                if inside and low is None:
                    low = code
                elif not inside and low is not None:
                    yield low, code - 1
                    low = None

    return tuple(islice(runs(), _FEW_RANGES))


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
