"""`report`: every report again, from the record alone, or from those of the shards of one run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from conformance.cli.command_error import CommandError
from conformance.cli.kept_document import checked_history, kept_again
from conformance.cli.outcome import drawn, expected_from, reported
from conformance.cli.run_directory import forget, reserved, writable
from reports.record.merging import MergeError, merge
from reports.record.reader import RecordError, header_of

_MERGE = Path("merge")


def main(options: argparse.Namespace) -> int:
    """Draw the reports; return the exit status of the run. CommandError where a record is invalid."""
    first, *others = options.records
    checked_history(options.history)
    try:
        if first == _MERGE and others:
            return _merged(options, [record_at(each) for each in others])
        if others:
            raise CommandError(f"{others[0]}: one record at a time; `report merge` takes those of all shards of a run")
        record = record_at(first)
        out = writable(options.out or record.parent)
        written = drawn(record, out, expected_from(options.known), options.history)
    except RecordError as error:
        raise CommandError(str(error)) from error
    return reported(written, record, out)


def _merged(options: argparse.Namespace, records: Sequence[Path]) -> int:
    """Merge the records of shards, draw the reports, and return the exit status of the whole run."""
    if options.out is None:
        raise CommandError("report merge: --out DIR says where the merged record and its reports go")
    known = expected_from(options.known)
    with reserved(options.out) as record:
        if any(record.resolve() == each.resolve() for each in records):
            raise CommandError(f"--out {options.out}: it holds the record of a shard, which would be lost")
        try:
            merge(records, record, kept=None if options.history is None else kept_again(options.history, header_of(records[0])))
        except MergeError as error:
            raise CommandError(str(error)) from error
        forget(options.out)
        written = drawn(record, options.out, known, options.history)
    return reported(written, record, options.out)


def record_at(path: Path) -> Path:
    """Return the record that a path means: the file, or the one in the directory. CommandError if there is none."""
    record = path / "run.jsonl" if path.is_dir() else path
    if not record.is_file():
        raise CommandError(f"{record}: there is no such record")
    return record
