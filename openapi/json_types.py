"""The JSON data model as Python types, and access by JSON Pointer (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

Json: TypeAlias = Any
Schema: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]  # keys and indexes that lead to a value


def escape(token: str) -> str:
    """Return one reference token, escaped for a JSON Pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Return the token that :func:`escape` escaped."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer(*tokens: str | int) -> str:
    """Return the JSON Pointer made of `tokens`: `pointer("a/b", 0) == "/a~1b/0"`."""
    return "".join("/" + escape(str(token)) for token in tokens)


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """Return the unescaped reference tokens of a JSON Pointer; `""` has none."""
    return tuple(unescape(token) for token in text.split("/")[1:])


def same_number(one: float, other: float) -> bool:
    """Return whether two numbers are the same: exactly, or as doubles beyond 2^53, where readers need not agree (RFC 8259, 6).

    JavaScript writes the double `-4.508321793305226e+16` as `-45083217933052260`, its shortest digits filled up with zeros.
    The double is -45083217933052256 (ECMA-262, Number::toString).
    """
    if max(abs(one), abs(other)) <= 2**53:
        return one == other
    try:
        return one == other or float(one) == float(other)
    except OverflowError:
        return False


_MISSING = object()


def resolve(document: Json, text: str) -> Json:
    """Return the value at a JSON Pointer. LookupError where there is none."""
    if text and not text.startswith("/"):
        raise LookupError(f"{text!r} is no JSON Pointer")
    found = looked_up(document, text, _MISSING)
    if found is _MISSING:
        raise LookupError(text)
    return found


def looked_up(document: Json, text: str, missing: Json) -> Json:
    """Return the value at a JSON Pointer, or `missing` where there is none."""
    for token in tokens(text):
        if isinstance(document, (dict, Mapping)) and token in document:  # a dict is recognized at once
            document = document[token]
        elif _is_list(document) and token.isdecimal() and int(token) < len(document):
            document = document[int(token)]
        else:
            return missing
    return document


def _is_list(value: Json) -> bool:
    return isinstance(value, (list, Sequence)) and not isinstance(value, str)


CONTAINERS = frozenset({dict, list})


def everything(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yield every value inside `value` with its path, the whole first."""
    yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from everything(member, (*path, step))


def down(value: Json, path: Path) -> Json:
    """Return the value at a path. LookupError or TypeError where there is none."""
    for step in path:
        value = value[step]
    return value
