"""Draws without Hypothesis' constants, so that a seed draws the same everywhere.

One draw in twenty of Hypothesis is a constant: one of its own list, or one in the code of a module that is imported and not
installed. So a seed would draw one body in a clone, and another where the suite is installed. It would draw a third one in the
pytest session of somebody whose code says "zebra". Hypothesis 6.170 has no setting for that, hence the detour through what it
does not promise. What its own list holds, our tables of strings and numbers hold too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis.internal.conjecture.providers import HypothesisProvider

_state = threading.local()
_usual = HypothesisProvider._maybe_draw_constant


def _constant(provider: HypothesisProvider, *arguments: Any, **options: Any) -> Any:
    return None if getattr(_state, "is_on", False) else _usual(provider, *arguments, **options)


HypothesisProvider._maybe_draw_constant = _constant  # type: ignore[method-assign, assignment]


@contextmanager
def without_constants() -> Iterator[None]:
    """Return a context in which this thread draws no constants; all other threads, and tests of others, draw as they did."""
    before, _state.is_on = getattr(_state, "is_on", False), True
    try:
        yield
    finally:
        _state.is_on = before
