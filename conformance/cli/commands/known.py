"""`known`: the failures of a run as a file of expected failures."""

from __future__ import annotations

import argparse

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.body_lines import printable
from reports.exit_status import ExitStatus
from reports.expected_failures.files import ExpectedFailuresError, update_expected
from reports.record.reader import RecordError, read_run
from reports.spoken import spoken_of


def main(options: argparse.Namespace) -> int:
    """Write the file, keeping what is in it for other targets and rules that still fail; return the exit status."""
    try:
        run = read_run(record_at(options.record))
        spoken = spoken_of(run)  # a run by two descriptions is judged by the one that the server speaks, or violates least
        reported = update_expected(options.update, run if spoken is None else spoken.best.run)
    except (RecordError, ExpectedFailuresError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"--update {options.update}: {error.strerror or error}") from error
    print(reported if spoken is None else f"{reported}, under {printable(spoken.best.name)}")
    return ExitStatus.DONE
