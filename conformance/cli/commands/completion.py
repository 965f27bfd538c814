"""`completion`: the script that completes commands and options in a shell."""

from __future__ import annotations

import argparse

import shtab

from reports.exit_status import ExitStatus
from reports.program import TOOL


def main(options: argparse.Namespace) -> int:
    """Print the script for a shell; return the exit status."""
    from conformance.cli.parser import parser  # which knows this command

    top = parser()
    top.prog = TOOL  # nothing completes `python -m`
    print(shtab.complete(top, shell=options.shell))
    return ExitStatus.DONE
