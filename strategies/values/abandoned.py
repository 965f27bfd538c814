"""Draws that nobody waits for any more: Hypothesis would go on for minutes, in a thread that no other can end."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar


class Abandoned(KeyboardInterrupt):
    """The end of an abandoned draw. Hypothesis hands on no other error as it is."""


is_abandoned: ContextVar[Callable[[], bool]] = ContextVar("is_abandoned", default=lambda: False)
"""What returns whether a thread is to draw no further example. Whoever starts the thread sets it."""
