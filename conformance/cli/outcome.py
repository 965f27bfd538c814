"""The outcome of a run: its reports, drawn from the record, and what the terminal shows of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from conformance.cli.command_error import CommandError
from conformance.cli.process import silence
from reports.program import program

if TYPE_CHECKING:  # what draws reports takes longer to import than the first request may wait
    from reports.artifacts import Written
    from reports.expected_failures.entries import ExpectedFailures

_LOG = 128  # characters of a line where there is no terminal whose width is known


def reported(written: Written, record: Path, out: Path) -> int:
    """Print what came of a run, and where its report is; return the exit status, whether anybody reads it or not."""
    from reports.formats.terminal import print_summary

    try:
        is_log = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        console = Console(width=_LOG if is_log else None)
        moved, spoken = written.drift, written.spoken
        print_summary(written.run, console, written.run_status, record=str(record), drift=moved, spoken=spoken)
        print(f"Report: {out / 'report.html'}", flush=True)
    except (OSError, SystemExit) as error:  # nobody reads on, which rich shows by the latter; what came of the run stands
        silence()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            print(f"{program()}: the output: {error.strerror or error}; the report is {out / 'report.html'}", file=sys.stderr)
    return written.exit


def drawn(record: Path, out: Path, known: ExpectedFailures | None, history: Path | None) -> Written:
    """Return the reports, drawn. CommandError where one of them, or the history, cannot be written."""
    from reports.artifacts import write_all

    try:
        return write_all(record, out, known=known, history=history)
    except OSError as error:
        raise CommandError(f"{error.filename2 or error.filename or out}: {error.strerror or error}") from error


def expected_from(path: Path | None) -> ExpectedFailures | None:
    """Return the expected failures in a file. CommandError if it is invalid."""
    if path is None:
        return None
    from reports.expected_failures.files import ExpectedFailuresError, load_expected

    try:
        return load_expected(path)
    except ExpectedFailuresError as error:
        raise CommandError(str(error)) from error
