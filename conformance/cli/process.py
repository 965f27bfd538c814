"""The search for garbage, kept from taking time: what a run makes is plain data, next to none of it in cycles."""

from __future__ import annotations

import contextlib
import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

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


_ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Takes every signal that ends a process for ctrl-C; afterwards they mean what they meant before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ENDINGS)}
    for number in _ENDINGS:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # whoever started Python set it
                signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


def finish_undisturbed() -> None:
    """Lets nothing interrupt what is left to do once all is sent: deleting calls, and writing the reports."""
    for number in (signal.SIGINT, *_ENDINGS):
        signal.signal(number, signal.SIG_IGN)
