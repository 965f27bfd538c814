"""How a golden file shows a value: JSON on one line, with what is long cut to its beginning, its size and a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

_TEXT, _CUT = 48, 16  # characters of a string that is shown, and of a longer one
_MEMBERS, _WHOLE = 8, 240  # items or members; characters of one value


def digest(value: Any) -> str:
    """Return a few digits that stand for all of a value."""
    return hashlib.sha256(_plain(value).encode()).hexdigest()[:8]


def shown(value: Any) -> str:
    """Return a value as JSON, where it is long with a digest of all of it."""
    if isinstance(value, bytes):
        return f"bytes {_cut(value.decode('latin-1'))}"
    text = _shown(value)
    return text if len(text) <= _WHOLE else f"{text[:_WHOLE]}... #{digest(value)}"


def several(values: Iterable[Any]) -> str:
    """Return values one behind the other."""
    return ", ".join(map(shown, values)) or "none"


def first(lines: Iterable[str], count: int) -> Iterator[str]:
    """Yield the first lines, and one with the number and a digest of the others."""
    found = list(lines)
    yield from found[:count]
    if len(found) > count:
        yield f"... {len(found) - count} more #{digest(found[count:])}"


def _plain(value: Any) -> str:
    return json.dumps(value, default=lambda each: each.decode("latin-1"))


def _cut(text: str) -> str:
    if len(text) <= _TEXT:
        return json.dumps(text)
    return f"{json.dumps(text[:_CUT])}...({len(text)} #{digest(text)})"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, dict):
        members = [f"{_cut(name)}: {_shown(each)}" for name, each in list(value.items())[:_MEMBERS]]
        return "{" + ", ".join([*members, *_more(value)]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join([*map(_shown, value[:_MEMBERS]), *_more(value)]) + "]"
    return json.dumps(value)


def _more(value: Any) -> list[str]:
    return [f"... {len(value) - _MEMBERS} more #{digest(value)}"] if len(value) > _MEMBERS else []
