"""A body as lines: JSON indented, offending fields marked, anything else unchanged."""

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
    """One line of a body; `kind` is `marked` for a member that matters, `missing` for one not there."""

    text: str
    kind: str = ""


def shown_body(body: str) -> str:
    """Return the body as a string, indented where it is JSON."""
    return "\n".join(line.text for line in body_lines(body))


def body_lines(body: str, offending_fields: Iterable[str] = ()) -> list[Line]:
    """Return the body line by line; `offending_fields` (JSON Pointers) are marked, or shown as missing.

    A body that is no JSON, is too deep or has a key twice is shown as it was sent: indentation would hide what the case tries.
    """
    if len(body) > LONGEST:
        return _raw(body)
    try:
        value = json.loads(body, object_pairs_hook=_distinct, parse_float=_Literal, parse_int=_Literal)
        marks = frozenset(_steps(pointer) for pointer in offending_fields)
        return list(_value(value, _Member((), marks, 0)))
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
    """Return the string with invisible characters escaped: controls, lone surrogates, bidi marks."""
    if text.isprintable():
        return text
    return "".join(each if each in "\n\t" or each.isprintable() else _escape(each) for each in text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        # A byte that was no UTF-8, as surrogateescape keeps it.
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


@dataclass(frozen=True, slots=True)
class _Member:
    """The place of a value in a body: its path, the paths to mark, and how its lines begin and end."""

    path: tuple[str, ...]
    marks: frozenset[tuple[str, ...]]
    depth: int
    lead: str = ""
    tail: str = ""

    def line(self, text: str) -> Line:
        """Return one line of this member with its mark."""
        marked = any(mark and self.path[: len(mark)] == mark for mark in self.marks)
        return Line("  " * self.depth + text, "marked" if marked else "")

    def below(self, key: str, lead: str, tail: str) -> _Member:
        """Return the place of a member or item of this one."""
        return _Member((*self.path, key), self.marks, self.depth + 1, lead, tail)

    def missing(self, keys: Iterable[str]) -> Iterator[Line]:
        """Yield a line for each marked key right below that the value lacks."""
        there = set(keys)
        for mark in sorted(self.marks):
            if mark[:-1] == self.path and mark[-1:] and mark[-1] not in there:
                yield Line("  " * (self.depth + 1) + f"{_scalar(mark[-1])} is not there", "missing")


def _value(value: Any, at: _Member) -> Iterator[Line]:
    if at.depth > _DEEPEST:
        raise RecursionError
    if not isinstance(value, dict | list):
        yield at.line(f"{at.lead}{_scalar(value)}{at.tail}")
        return
    named = isinstance(value, dict)
    members = value if isinstance(value, dict) else dict(enumerate(value))
    pairs = [(str(key), each) for key, each in members.items()]
    missing = list(at.missing(key for key, _ in pairs))
    opening, closing = "{}" if named else "[]"
    if not pairs and not missing:
        yield at.line(f"{at.lead}{opening}{closing}{at.tail}")
        return
    yield at.line(f"{at.lead}{opening}")
    for index, (key, each) in enumerate(pairs):
        lead = f"{_scalar(key)}: " if named else ""
        yield from _value(each, at.below(key, lead, "," if index < len(pairs) - 1 else ""))
    yield from missing
    yield at.line(f"{closing}{at.tail}")


def _scalar(value: Any) -> str:
    if isinstance(value, _Literal):
        return str(value)
    return printable(json.dumps(value, ensure_ascii=False))
