"""Expected and actual next to each other, with the differences marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Two sentences with less in common are read one after the other; marking nearly all of both says nothing.
_LEAST_EQUAL = 0.5
_MOST_WORDS = 800


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a string; `marked` where the other string differs."""

    text: str
    marked: bool = False


def difference(expected: str, actual: str) -> tuple[list[Piece], list[Piece]]:
    """Return both strings in pieces that join to the strings again."""
    left, right = _WORD.findall(expected), _WORD.findall(actual)
    if max(len(left), len(right)) > _MOST_WORDS:
        return [Piece(expected)], [Piece(actual)]
    if _equal_share(left, right) < _LEAST_EQUAL:
        return [Piece(expected)], [Piece(actual)]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    marked_left: list[Piece] = []
    marked_right: list[Piece] = []
    for tag, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        _add(marked_left, left[left_from:left_to], tag != "equal")
        _add(marked_right, right[right_from:right_to], tag != "equal")
    return marked_left, marked_right


def _equal_share(left: list[str], right: list[str]) -> float:
    """Return which share of the words is the same, blanks and punctuation aside."""
    one, other = ([word for word in side if word[0].isalnum()] for side in (left, right))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _add(pieces: list[Piece], words: list[str], marked: bool) -> None:
    if words:
        pieces.append(Piece("".join(words), marked))
