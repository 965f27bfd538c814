"""Valid bodies that are nearly as large as those that a server may refuse for their size, by one text alone."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.oracle import Oracle
from strategies.cases import Case
from strategies.one_member import members, with_member
from strategies.rows import is_free_text
from strategies.trouble import long_text

_LENGTH = 24_000  # characters, some 28,000 bytes
_BODIES = 4


def lengthy(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """A body for each of the first texts in it, with a long one."""
    text, label = long_text(_LENGTH), f"{_LENGTH} characters"
    cases = (with_member(oracle, lacking, name, text, label) for name in members(oracle, is_free_text, _BODIES))
    yield from filter(None, cases)
