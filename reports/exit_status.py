"""The exit statuses of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ended, for the shell."""

    CONFORMS = 0
    FAILS = 1
    INVALID = 2
    UNJUDGED = 3
