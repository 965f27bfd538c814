"""The canonical form of a text, in which escapes are undone: one search finds what JSON, HTML, URLs and UTF-16 make of a word.

Every character of the canonical form knows the part of the text that it stands for:

    text        …\\u0041%42\\0C\\/…
    canonical      a     b  c /          -> the part runs from the first character's start to the last one's end
"""

from __future__ import annotations

import re
from functools import lru_cache

_ROUNDS = 3  # of undoing escapes: JSON in a string of JSON in HTML
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# The first character stands before the alternatives, so that the rest of a long text is skipped at once.
_ESCAPE = re.compile(
    r"[\\%&\x00](?:(?<=\\)\\*(?:u00([0-9a-f]{2})|x([0-9a-f]{2})|)|(?<=%)(?:25)*([0-9a-f]{2})"
    r"|(?<=&)(?:#x0*([0-9a-f]{2});|#0*([0-9]{2,3});|(amp|lt|gt|quot|apos);)|(?<=\x00))"
)
_SPECIAL = re.compile(r"[\\%&\x00+]")


def canonical(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the characters of a text, in lower case and with escapes undone, and where each stands in the text."""
    characters, places = list(lower(text)), [(at, at + 1) for at in range(len(text))]
    if _SPECIAL.search(text) is None:
        return characters, places
    for _ in range(_ROUNDS):
        plain = "".join(characters)
        plainer, where, done = list[str](), list[tuple[int, int]](), 0
        for found in _ESCAPE.finditer(plain):
            plainer += characters[done : found.start()]
            where += places[done : found.start()]
            meant = _meant(found[0])
            if meant:
                plainer.append(meant)
                where.append((places[found.start()][0], places[found.end() - 1][1]))
            done = found.end()
        if not done:
            break
        characters, places = plainer + characters[done:], where + places[done:]
    return [" " if each == "+" else each for each in characters], places


def undone(lowered: str) -> str:
    """Return the canonical form of a text, without the places."""
    for _ in range(_ROUNDS):
        if not has_escapes(lowered):
            break
        lowered = _ESCAPE.sub(lambda found: _meant(found[0]), lowered)
    return lowered.replace("+", " ")


def has_escapes(text: str) -> bool:
    """Return whether a text may have escapes; four searches for a character take a tenth of the time of the pattern."""
    return "\\" in text or "%" in text or "&" in text or "\x00" in text


@lru_cache(maxsize=4_096)
def _meant(escape: str) -> str:
    """Return the character that an escape stands for; none for a backslash before what it escapes, and for half of UTF-16."""
    found = _ESCAPE.fullmatch(escape)
    groups = found.groups() if found else ()
    for digits, radix in zip(groups, (16, 16, 16, 16, 10), strict=False):
        if digits:
            return lower(chr(int(digits, radix))) if int(digits, radix) else ""
    return _NAMED.get(groups[-1] or "", "")


def lower(text: str) -> str:
    """Return the text in lower case, character for character: the dotted capital I alone becomes two otherwise."""
    return text.replace("\u0130", "i").lower()
