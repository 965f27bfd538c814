"""Outlines: what a parser may go by when it reads a value of an invalid type or form.

A parser cannot be asked about every value, so it is asked about one of each outline. `"5.s"` and `"37.s"` have one outline,
`9.s`: digits, a point, an `s`. `"٣s"` has another, since its digit is of another script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from openapi.json_types import Json

_RUN = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^0-9A-Za-z_]", re.DOTALL)
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+(?![A-Za-z])|[A-Za-z]+|[^0-9A-Za-z]", re.DOTALL)
# Words that some parser takes for another value than a string.
_WORDS = frozenset("true false yes no on off nan inf infinity null none undefined".split())
_LONG, _LONGER = 9, 12  # digits: beyond the nanoseconds of a duration, and beyond its seconds
_SMALL, _LARGE = 2**31, 2**63


def outline(value: Json, *, hexadecimal: bool = False, names: bool = False) -> tuple[str, ...]:
    """Return the outline of a value as tokens, each of which stands for what a parser can distinguish.

    With `hexadecimal`, runs of hexadecimal digits are one token each, as in a UUID. With `names`, each name is one token, and
    `A-B-C` has the outline of `A-B`: a name is looked up as a whole.
    """
    if isinstance(value, str) and names:
        return ('"', *_joined(_of_string(value, _NAME)))
    if isinstance(value, str):
        return ('"', *_of_string(value, _HEXADECIMAL if hexadecimal else _RUN))
    if isinstance(value, list):
        return ("[", *[_shape(each) for each in value[:1]], *["…" for _ in value[1:2]])
    if isinstance(value, dict):
        return ("{", *["x" for _ in list(value)[:1]])
    return (_of_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value),)


def _shape(value: Json) -> str:
    """Return what an item of an array is: its type, and that of the first item inside it."""
    inner = _shape(value[0]) if isinstance(value, list) and value else ""
    return f"{type(value).__name__}{inner}"


def _of_number(number: Json) -> str:
    """Return the outline of a number: 0 and 1, which stand for booleans, and what fits into which type."""
    if isinstance(number, float) and not number.is_integer():
        return "fraction" if -_LARGE < number < _LARGE else "no number"
    size = next((name for name, limit in (("32", _SMALL), ("64", _LARGE)) if -limit <= number < limit), "more")
    name = str(int(number)) if number in (0, 1) else f"{'-' if number < 0 else ''}{size}"
    return f"{name}.0" if isinstance(number, float) else name


def _of_string(text: str, runs: re.Pattern[str]) -> Iterator[str]:
    last = ""
    for run in runs.findall(text):
        is_name = runs is _NAME and run.isascii() and run.isidentifier()
        token = "name" if is_name else _token(run, hexadecimal=runs is _HEXADECIMAL)
        # A run of like characters says no more than one of them, but each sign or mark counts.
        if token != last or (token.isascii() and not token.isspace()):
            yield token
        last = token


def _joined(tokens: Iterable[str]) -> list[str]:
    """Return the tokens without a mark and a name that follow the same mark and a name."""
    found: list[str] = []
    for each in tokens:
        found.append(each)
        if each == "name" and found[-2:] == found[-4:-2]:
            del found[-2:]
    return found


def _token(run: str, *, hexadecimal: bool) -> str:
    if hexadecimal and re.fullmatch(r"[0-9A-Fa-f]+", run):
        return "h"
    if run.isascii() and run.isdigit():
        zero = "0" if run[0] == "0" and len(run) > 1 else ""
        return f"{zero}9{'+' * ((len(run) > _LONG) + (len(run) > _LONGER))}"
    if run.isascii() and run.isalpha():
        return run if len(run) == 1 else run.lower() if run.lower() in _WORDS else "word"
    return _foreign(run) if not run.isascii() or run.isspace() or not run.isprintable() else run


def _foreign(character: str) -> str:
    """Return the class of a character beyond ASCII, or of one that does not show."""
    if character in " \0":
        return character
    if character.isdecimal():
        return "٣"
    if character.isspace():
        return "\n" if character in "\r\n" else "\t" if character.isascii() else "\u00a0"
    return "ä" if character.isalpha() else "¿"
