"""Boundary strings of a regular expression: matches at each of its edges, and near misses.

The pattern is a tree of decisions. A decision at its edge, with the others typical, gives one string: for
`^[a-z]{2,4}$` the edges are `cc`, `cccc`, `ac`, `zc`, and the near misses `c`, `ccccc`, `{c`. The engine has the last word:
a near miss that matches after all is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

from strategies.values.regex_tree import Chars, Choice, Repeat, Sequence, Tree

_MANY = 200  # a longer repetition is no boundary worth sending


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
    """Yield the string with a foreign character, such as another script's digit, in each run of letters or digits."""
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
