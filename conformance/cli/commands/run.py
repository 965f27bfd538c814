"""`run`: test a server and write the report."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from conformance.cli.carrying_out import Described, carry_out_for, shard_of
from conformance.cli.command_error import CommandError
from conformance.cli.consent import EMBEDDED, Intent, announce, measured
from conformance.cli.contradictions import refuse_contradictions
from conformance.cli.derived import print_notes
from conformance.cli.kept_document import checked_history
from conformance.cli.options import catalogues_from, faults_named, selected, target_from
from conformance.cli.outcome import drawn, expected_from, reported
from conformance.cli.process import finish_undisturbed, interruptible
from conformance.cli.profile import profile_of
from conformance.cli.resuming import resume
from conformance.cli.run_directory import reserved
from conformance.cli.targets import embedded_targets, key_source, target_of, wait_for
from conformance.http.secret_spellings import SHORT
from conformance.http.target import Target
from openapi.catalogue import Catalogue
from reports.exit_status import ExitStatus
from reports.program import program

if TYPE_CHECKING:  # what draws reports takes longer to import than the first request may wait
    from reports.artifacts import Written

_SHORT_KEY = "the API key has {} characters, so short that reports leave it out only where it stands as a word by itself"


def main(options: argparse.Namespace) -> int:
    """Carry out a run and draw its reports; return the exit status, which says how it ended."""
    with _carried_out(options) as written:
        return ExitStatus.CONFORMS if written is None else reported(written, options.out / "run.jsonl", options.out)


def written_by(options: argparse.Namespace) -> Written:
    """Carry out a run and return its reports. CommandError where an option is invalid, or nothing was to be sent."""
    with _carried_out(options) as written:
        if written is None:
            raise CommandError("--dry-run: nothing was sent, so there is no report")
        return written


@contextlib.contextmanager
def _carried_out(options: argparse.Namespace) -> Iterator[Written | None]:
    """Yield the reports of a run, None where it only said what it would do; nothing interrupts who works with them."""
    earlier = [] if options.resume is None else resume(options)
    catalogues = catalogues_from(options)
    catalogue = catalogues[0]
    selected(catalogues, options.select)
    faults_named(options.fault, catalogue)
    refuse_contradictions(options)
    known = expected_from(options.known)
    checked_history(options.history)
    console = Console(stderr=True, quiet=options.quiet)
    if options.target is not None and not options.dry_run:
        target_of(options, catalogue.contract)  # its errors are reported before what would be done
    if not _may_run(options, catalogues):
        for each in catalogues:
            print_notes(each, console)
        yield None
        return
    with interruptible(), reserved(options.out) as record:
        with _targets(options, catalogues) as targets:
            locations = (options.openapi, options.other_openapi)
            described = list(map(Described, catalogues, locations, targets))
            try:
                carry_out_for(options, described, record, console, earlier)
            except OSError as error:
                raise CommandError(f"--out {options.out}: {error.strerror or error}") from error
        finish_undisturbed()
        yield drawn(record, options.out, known, options.history)


def _may_run(options: argparse.Namespace, catalogues: Sequence[Catalogue]) -> bool:
    """Return whether a run may go on; what it would do is printed where it is asked for, or consent is needed."""
    profile, catalogue = profile_of(options), catalogues[0]
    if options.target is None and not options.dry_run:
        return True
    url = EMBEDDED if options.target is None else target_from(options.target, catalogue.contract.path)
    intent = Intent(
        url=url,
        catalogue=catalogue,
        profile=profile,
        select=options.select,
        shard=shard_of(options),
        rate=options.rate,
        concurrency=options.concurrency,
        most_requests=options.max_requests,
        most_created=options.max_created,
        most_live=options.max_live_calls,
        most_seconds=options.max_time,
        keeps=options.keep_calls,
        seconds_each=measured(options.out / "summary.json", url),
        key=key_source(options),
        beside=catalogues[1].contract.description.name if len(catalogues) > 1 else None,
    )
    return announce(intent, live=options.live, dry=options.dry_run)


@contextlib.contextmanager
def _targets(options: argparse.Namespace, catalogues: Sequence[Catalogue]) -> Iterator[list[Target]]:
    """Yield the server as each description reaches it; the embedded emulator serves the first one."""
    if options.target is not None:
        targets = [target_of(options, each.contract) for each in catalogues]
        if 0 < len(targets[0].key) < SHORT:
            print(f"{program()}: warning: {_SHORT_KEY.format(len(targets[0].key))}", file=sys.stderr)
        if options.wait is not None:
            wait_for(targets[0], options.wait)
        yield targets
        return
    with embedded_targets(options, catalogues) as targets:
        yield targets
