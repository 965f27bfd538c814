"""A body as lines to look at: JSON indented, the members that matter marked, anything else as it came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

# More than anyone reads; the record holds the whole.
LONGEST = 20_000
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body; `marked` where it belongs to a member that matters."""

    text: str
    marked: bool = False


def shown_body(body: str) -> str:
    """The body as text: indented where it is JSON."""
    return "\n".join(line.text for line in body_lines(body))


def body_lines(body: str, culprits: Iterable[str] = ()) -> list[Line]:
    """The body line by line. `culprits` are JSON Pointers; one to what is missing marks the parent.

    A body that is no JSON, is nested too deep or names a key twice is shown as it was sent: indenting it
    would hide the very thing it tries.
    """
    pointers = {tuple(_steps(pointer)) for pointer in culprits}
    if len(body) > LONGEST:
        return _raw(body)
    try:
        value = json.loads(body, object_pairs_hook=_distinct, parse_float=_Literal, parse_int=_Literal)
        return list(_value(value, (), _existing(value, pointers), 0, "", ""))
    except (ValueError, RecursionError):
        return _raw(body)


class _Literal(str):
    """A number as it was written: `1.50` and `1e400` would not survive being parsed."""

    __slots__ = ()


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice")
    return members


def _raw(body: str) -> list[Line]:
    cut = body[:LONGEST]
    lines = [Line(text) for text in printable(cut).split("\n")]
    if len(body) > LONGEST:
        lines.append(Line(f"… {len(body) - LONGEST:,} more characters"))
    return lines


def printable(text: str) -> str:
    """The text with what cannot be seen escaped: control characters, lone surrogates, bidi marks."""
    return "".join(each if each in "\n\t" or each.isprintable() else _escape(each) for each in text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        # A byte that was no UTF-8, as surrogateescape keeps it.
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _steps(pointer: str) -> Iterator[str]:
    for step in pointer.split("/")[1:]:
        yield step.replace("~1", "/").replace("~0", "~")


def _existing(value: Any, pointers: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {pointer[: _depth(value, pointer)] for pointer in pointers}


def _depth(value: Any, pointer: tuple[str, ...]) -> int:
    """How many steps of a pointer the value has."""
    for depth, step in enumerate(pointer):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return depth
    return len(pointer)


def _value(
    value: Any, path: tuple[str, ...], marks: set[tuple[str, ...]], depth: int, lead: str, tail: str
) -> Iterator[Line]:
    if depth > _DEEPEST:
        raise RecursionError
    marked = any(path[: len(mark)] == mark for mark in marks if mark)
    pad = "  " * depth
    if not isinstance(value, dict | list) or not value:
        yield Line(f"{pad}{lead}{_scalar(value)}{tail}", marked)
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    yield Line(f"{pad}{lead}{opening}", marked)
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for index, (key, each) in enumerate(pairs):
        name = f"{_scalar(key)}: " if isinstance(value, dict) else ""
        comma = "," if index < len(pairs) - 1 else ""
        yield from _value(each, (*path, str(key)), marks, depth + 1, name, comma)
    yield Line(f"{pad}{closing}{tail}", marked)


def _scalar(value: Any) -> str:
    if isinstance(value, _Literal):
        return str(value)
    return printable(json.dumps(value, ensure_ascii=False))
