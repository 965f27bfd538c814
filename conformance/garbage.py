"""The search for garbage, kept from taking time: what a run makes is plain data, next to none of it in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MADE = 100_000  # objects between two searches; an exchange makes some hundreds, and leaves few


def search_seldom() -> None:
    """Lets this process search for garbage seldom. For those who own the process: it is not undone."""
    gc.set_threshold(_MADE, *gc.get_threshold()[1:])


@contextmanager
def long_lived() -> Iterator[None]:
    """Spares what there is already: catalogue and plan stay to the end, and are large."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
