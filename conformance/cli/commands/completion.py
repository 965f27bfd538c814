"""`completion`: the script that completes commands, options, profiles and paths in a shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import shtab

from conformance.profiles import PROFILES
from reports.exit_status import ExitStatus
from reports.program import TOOL

_FILES = frozenset({"FILE", "FILE|URL", "RECORD", "RUN.jsonl", "OLD", "NEW"})
_FOLDERS = frozenset({"DIR", "DIR|URL", "NAME|DIR"})


def main(options: argparse.Namespace) -> int:
    """Print the script for a shell; return the exit status."""
    from conformance.cli.parser import parser  # which knows this command

    top = parser()
    top.prog = TOOL  # nothing completes `python -m`
    for action in _actions(top):
        _complete(action)
    print(shtab.complete(top, shell=options.shell))
    return ExitStatus.DONE


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments of all commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
        else:
            yield action


def _complete(action: argparse.Action) -> None:
    """Let the shell complete the values of an argument: paths by its metavar, profiles by their names."""
    if action.metavar in _FILES:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.metavar in _FOLDERS:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif action.dest == "profile":
        action.choices = tuple(PROFILES)
