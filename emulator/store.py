"""The store of created calls: bounded, and each call is a copy of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from openapi.json_types import Json

CAPACITY = 10_000
CAPACITY_BYTES = 256 * 1024 * 1024


class Call(NamedTuple):
    """A created call. `body` is its canonical body with inherited properties, `response` the response to its creation.

    Both are serialized, so that no two calls can share an object.
    """

    id: str
    body: bytes
    response: bytes

    def properties(self) -> dict[str, Json]:
        """Return a new copy of the body."""
        found: dict[str, Json] = orjson.loads(self.body)
        return found

    @property
    def size(self) -> int:
        """Return the approximate number of bytes that the call takes."""
        return len(self.body) + len(self.response) + 200


class Store:
    """Calls by id; beyond its capacity the store drops the least recently used first.

    Used from one event loop, so it needs no lock.
    """

    def __init__(self, capacity: int = CAPACITY, capacity_bytes: int = CAPACITY_BYTES) -> None:
        self.capacity, self.capacity_bytes = capacity, capacity_bytes
        self.bytes = 0
        self._calls: OrderedDict[str, Call] = OrderedDict()

    def __len__(self) -> int:
        return len(self._calls)

    def put(self, call: Call) -> None:
        """Store a call, in place of an older one of the same id."""
        if call.id in self._calls:
            self.remove(call.id)
        self._calls[call.id] = call
        self.bytes += call.size
        while len(self._calls) > self.capacity or (self.bytes > self.capacity_bytes and len(self._calls) > 1):
            _, forgotten = self._calls.popitem(last=False)
            self.bytes -= forgotten.size

    def get(self, identifier: str) -> Call | None:
        """Return the call of an id, None if there is none; it becomes the most recently used."""
        call = self._calls.get(identifier)
        if call is not None:
            self._calls.move_to_end(identifier)
        return call

    def remove(self, identifier: str) -> Call | None:
        """Remove a call and return it, None if there is none."""
        call = self._calls.pop(identifier, None)
        if call is not None:
            self.bytes -= call.size
        return call

    def latest_first(self) -> Iterator[Call]:
        """Yield the calls, the most recently used one first."""
        return reversed(self._calls.values())

    def clear(self) -> None:
        """Remove all calls."""
        self._calls.clear()
        self.bytes = 0
