"""The exit statuses of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ended, for the shell."""

    CONFORMS = DONE = 0  # what judges nothing is done
    FAILS = 1
    INVALID = 2
    UNJUDGED = 3
