"""`known`: the failures of a run as a file of expected failures."""

from __future__ import annotations

import argparse

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.exit_status import ExitStatus
from reports.expected_failures.files import ExpectedFailuresError, update_expected
from reports.record.reader import RecordError, read_run


def main(options: argparse.Namespace) -> int:
    """Write the file, keeping what is in it for other targets and rules that still fail; return the exit status."""
    try:
        reported = update_expected(options.update, read_run(record_at(options.record)))
    except (RecordError, ExpectedFailuresError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"--update {options.update}: {error.strerror or error}") from error
    print(reported)
    return ExitStatus.DONE
