"""`report`: every report again, from the record alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from conformance.cli.command_error import CommandError
from conformance.cli.commands.run import drawn, expected_from, reported
from conformance.cli.kept_document import checked_history
from conformance.cli.run_directory import writable
from reports.record.reader import RecordError


def main(options: argparse.Namespace) -> int:
    """Draw the reports; return the exit status of the run. CommandError where the record is invalid."""
    record = record_at(options.record)
    out = writable(options.out or record.parent)
    checked_history(options.history)
    try:
        written = drawn(record, out, expected_from(options.known), options.history)
    except RecordError as error:
        raise CommandError(str(error)) from error
    return reported(written, record, out)


def record_at(path: Path) -> Path:
    """Return the record that a path means: the file, or the one in the directory. CommandError if there is none."""
    record = path / "run.jsonl" if path.is_dir() else path
    if not record.is_file():
        raise CommandError(f"{record}: there is no such record")
    return record
