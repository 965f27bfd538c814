"""What was found out about texts before, so that it need not be found out again."""

from __future__ import annotations

import math
from typing import TypeVar

import orjson

from openapi.json_types import Json

Value = TypeVar("Value")


class Cache(dict[bytes, Value]):
    """What was made of texts, of `most` at most and of none longer than `longest` bytes; all go when there is no room."""

    def __init__(self, most: int, longest: int) -> None:
        super().__init__()
        self._most, self._longest = most, longest

    def keep(self, text: bytes, value: Value) -> None:
        """Remembers what was made of a text."""
        if len(text) > self._longest:
            return
        if len(self) >= self._most:
            self.clear()
        self[text] = value


def serialized(value: Json, longest: float = math.inf) -> bytes | None:
    """The value as JSON, which no other value is; None where it is longer, in bytes, or where orjson knows none.

    That is of a lone surrogate, of an integer beyond 64 bits, and of what is nested deeply.
    """
    try:
        text = orjson.dumps(value)
    except TypeError:
        return None
    if len(text) > longest:
        return None
    # What is no number would be written as null, too.
    return text if b"null" not in text or orjson.loads(text) == value else None
