"""Remembering what was made of a schema, so that many servers of one contract are quick to make."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Made = TypeVar("Made")


def by_identity(size: int) -> Callable[[Callable[[Any], Made]], Callable[[Any], Made]]:
    """A cache for functions of one schema, which is known by identity: it must not be changed afterwards.

    Schemas cannot be hashed, and comparing them costs more than reading them. The cache holds on to the
    schemas, so that no other can come to have the same identity.
    """

    def decorate(function: Callable[[Any], Made]) -> Callable[[Any], Made]:
        known: OrderedDict[int, tuple[Any, Made]] = OrderedDict()

        @wraps(function)
        def remembered(schema: Any) -> Made:
            found = known.get(id(schema))
            if found is not None:
                return found[1]
            made = function(schema)
            known[id(schema)] = (schema, made)
            while len(known) > size:
                known.popitem(last=False)
            return made

        return remembered

    return decorate
