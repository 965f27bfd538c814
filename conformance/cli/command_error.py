"""The error of a command that cannot do what it was given."""

from __future__ import annotations


class CommandError(Exception):
    """The command or a file is invalid; the text says what and what to do."""
