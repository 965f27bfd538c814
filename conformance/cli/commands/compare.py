"""`compare`: what changed between two runs."""

from __future__ import annotations

import argparse

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.html.comparison import comparison_page
from reports.record.atomic_file import write_whole
from reports.record.reader import RecordError, read_run
from reports.status import EXITS
from reports.trend.comparison import compare


def main(options: argparse.Namespace) -> int:
    """Print the comparison; return 1 if something broke, 3 if the later run was not judged."""
    try:
        comparison = compare(read_run(record_at(options.old)), read_run(record_at(options.new)))
    except RecordError as error:
        raise CommandError(str(error)) from error
    print(comparison.text())
    if options.html is not None:
        try:
            write_whole(options.html, comparison_page(comparison))
        except OSError as error:
            raise CommandError(f"--html {options.html}: {error.strerror or error}") from error
    return EXITS[comparison.outcome]
