"""`holes`: what a run has not tried, seen from its record alone."""

from __future__ import annotations

import argparse

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.body_lines import printable
from reports.coverage.holes import ReasonsError, holes_of, reason_for, reasons_of
from reports.exit_status import ExitStatus
from reports.record.reader import RecordError, header_of


def main(options: argparse.Namespace) -> int:
    """Print each hole; return 0 if each has a reason in the list, 1 if one has none."""
    try:
        record = record_at(options.record)
        reasons = reasons_of(options.reasons, header_of(record).profile) if options.reasons is not None else {}
        by_description = holes_of(record)
    except (RecordError, ReasonsError) as error:
        raise CommandError(str(error)) from error
    statuses = []
    for name, found in by_description.items():
        if name:
            print(f"Under {printable(name)}:")
        unlisted = [hole for hole in found if reason_for(hole, reasons) is None]
        for hole in unlisted:
            print(f"HOLE {hole.id}: {hole.missing}")
        print(f"{len(found)} holes, {len(found) - len(unlisted)} with a reason")
        statuses.append(ExitStatus.FAILS if unlisted else ExitStatus.CONFORMS)
    return max(statuses)
