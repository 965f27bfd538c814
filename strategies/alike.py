"""Bodies that are nearly the same: whoever remembers answers by less than all of a body gives one the answer to another."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.cases import Case
from strategies.one_member import members, with_member
from strategies.rows import is_free_text

# The same but for case, for blanks, for the order of characters; for the type of a value, for the order of elements.
_TEXTS = ("aB c", "Ab c", "a Bc", "aBc", "aB  c", "c Ba")
_OBJECTS: tuple[Json, ...] = ({"a": 1}, {"a": True}, {"a": "1"}, {"a": [1, 0]}, {"a": [0, 1]}, {"A": 1})


def alike(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """Valid bodies of one member each, in which a text or an object with anything in it differs by little."""
    for fits, values in ((is_free_text, _TEXTS), (lambda node: node.is_open, _OBJECTS)):
        for name in members(oracle, fits, 1):
            cases = (with_member(oracle, lacking, name, value, "nearly the same as others") for value in values)
            yield from filter(None, cases)
