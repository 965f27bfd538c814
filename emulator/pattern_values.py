"""Strings that match a pattern: one for a member that nothing determines, and a new one for each identifier.

Hypothesis finds the simplest string. Others have a number in place of its last run of digits or letters, as long as it matches:

    ^ORD-[0-9]+$   ->   ORD-0, ORD-1, ORD-2, ...
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import count

_RUN = re.compile(r"[0-9]+|[a-z]+|[A-Z]+")


@lru_cache(maxsize=64)
def matching(pattern: str, least: int = 0) -> str | None:
    """Return the simplest string of at least so many characters that matches a pattern; None where none is found."""
    from hypothesis import HealthCheck, find, settings  # few servers need it, and it takes long to import
    from hypothesis import strategies as st
    from hypothesis.errors import HypothesisException

    quiet = settings(max_examples=200, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    try:
        return find(st.from_regex(pattern), lambda text: len(text) >= least and "\n" not in text, settings=quiet)
    except (HypothesisException, re.error):
        return None


def numbered(pattern: str, least: int = 0) -> Iterator[str]:
    """Yield strings that match a pattern, no two the same; nothing where none is found."""
    first = matching(pattern, least)
    if first is None:
        return
    expression = re.compile(pattern)
    runs = [found.span() for found in _RUN.finditer(first)]
    for number in count():
        made = (_with_number(first, *run, number) for run in reversed(runs))
        fitting = next((text for text in made if text is not None and expression.search(text)), None)
        if fitting is None:
            return
        yield fitting


def _with_number(text: str, start: int, end: int, number: int) -> str | None:
    """Return the text with a number for a run, written in the run's own alphabet and at least as long."""
    first = text[start]
    digits = "0123456789" if first.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    digits = digits.upper() if first.isupper() else digits
    written = ""
    while number or not written:
        number, rest = divmod(number, len(digits))
        written = digits[rest] + written
    return text[:start] + written.rjust(end - start, digits[0]) + text[end:]
