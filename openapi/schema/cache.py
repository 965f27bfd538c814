"""A bounded cache of results by serialized JSON."""

from __future__ import annotations

import math
from typing import TypeVar

import orjson

from openapi.json_types import Json

Value = TypeVar("Value")


class Cache(dict[bytes, Value]):
    """Results by key: `most` at most, none for a key above `longest` bytes; all are dropped when it is full."""

    def __init__(self, most: int, longest: int) -> None:
        super().__init__()
        self._most, self._longest = most, longest

    def keep(self, text: bytes, value: Value) -> None:
        """Keep the result of a key."""
        if len(text) > self._longest:
            return
        if len(self) >= self._most:
            self.clear()
        self[text] = value


def serialized(value: Json, longest: float = math.inf) -> bytes | None:
    """Return the value as JSON, unique to it; None where it is longer than `longest` bytes or orjson cannot write it.

    orjson cannot write a lone surrogate, an integer beyond 64 bits, or deep nesting.
    """
    try:
        text = orjson.dumps(value)
    except TypeError:
        return None
    if len(text) > longest:
        return None
    # What is no number would be written as null, too.
    return text if b"null" not in text or orjson.loads(text) == value else None
