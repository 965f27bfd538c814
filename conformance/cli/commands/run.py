"""`run`: test a server and write the report."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from conformance.cli.command_error import CommandError
from conformance.cli.consent import EMBEDDED, Intent, announce, measured
from conformance.cli.derived import credentials_of, object_of
from conformance.cli.kept_document import checked_history, kept
from conformance.cli.options import (
    catalogue_from,
    faults_named,
    selected,
    target_from,
)
from conformance.cli.process import finish_undisturbed, interruptible, silence
from conformance.cli.profile import profile_of
from conformance.cli.progress import figures_of, shown
from conformance.cli.resuming import again_of, resume
from conformance.cli.run_directory import forget, reserved
from conformance.cli.targets import target_of, wait_for
from conformance.embedded import embedded, emulator_key, emulator_keys
from conformance.http.client import Client
from conformance.http.finding_left import Finder
from conformance.http.journal import NAME, FileJournal, Head
from conformance.http.live_objects import Journal, NoJournal
from conformance.http.redaction import SHORT
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from conformance.profiles.sharding import Shard
from conformance.results.resumed import BEFORE, ResumedClient, earlier_in, left_of
from conformance.run import carry_out, header, phases_of
from conformance.session import Session
from openapi.catalogue import Catalogue
from openapi.identifiers import identifier_of
from openapi.network import is_loopback, without_credentials
from reports.exit_status import ExitStatus
from reports.program import program
from reports.record.entries import Header
from reports.record.writer import RecordWriter
from strategies.plan.cache import cached_plan, default_folder, store

if TYPE_CHECKING:  # what draws reports takes longer to import than the first request may wait
    from reports.artifacts import Written
    from reports.expected_failures.entries import ExpectedFailures

_LEAST_LIVE = 2  # the first call stays to the end, and others come and go
_SHORT_KEY = "the API key has {} characters, so short that reports leave it out only where it stands as a word by itself"
_NOTES = 5  # on the console
_LOG = 128  # characters of a line where there is no terminal whose width is known


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
    earlier = None if options.resume is None else resume(options)
    catalogue = catalogue_from(options)
    selected(catalogue, options.select)
    faults_named(options.fault, catalogue)
    if options.key_file is not None and options.target is None:
        raise CommandError(
            "--key-file is for --target: without one the embedded emulator is tested, which has a key of its own"
        )
    if options.max_live_calls is not None and (options.max_live_calls < _LEAST_LIVE or options.keep_calls):
        raise CommandError(
            f"--max-live-calls: give at least {_LEAST_LIVE}, and no --keep-calls: calls are deleted to make room"
        )
    known = expected_from(options.known)
    checked_history(options.history)
    console = Console(stderr=True, quiet=options.quiet)
    _print_notes(catalogue, console)
    if options.target is not None:
        _refuse_what_is_for_the_emulator(options)
        if not options.dry_run:
            target_of(options, catalogue.contract)  # its errors are reported before what would be done
    if not _may_run(options, catalogue):
        yield None
        return
    with interruptible(), reserved(options.out) as record:
        with _target(options, catalogue) as target:
            try:
                _carry_out(options, catalogue, target, record, console, earlier)
            except OSError as error:
                raise CommandError(f"--out {options.out}: {error.strerror or error}") from error
        finish_undisturbed()
        yield drawn(record, options.out, known, options.history)


def _refuse_what_is_for_the_emulator(options: argparse.Namespace) -> None:
    if options.fault:
        raise CommandError("--fault plants faults in the embedded emulator; it does not go with --target")
    if options.parsing:
        raise CommandError("--parsing is how the embedded emulator reads bodies; it does not go with --target")


def _print_notes(catalogue: Catalogue, console: Console) -> None:
    """Print what was derived of a contract that states nothing, and what has no rule."""
    if not catalogue.contract.data.name:
        derived = f"{object_of(catalogue)}. Credentials: {credentials_of(catalogue.contract)}."
        console.print(f"Note: of what is created, {derived}", highlight=False, markup=False)
    for note in catalogue.notes[:_NOTES]:
        console.print(f"Note: {note}", highlight=False, markup=False)
    if len(catalogue.notes) > _NOTES:
        console.print(f"{len(catalogue.notes) - _NOTES} more notes are in the report.", highlight=False)


def _may_run(options: argparse.Namespace, catalogue: Catalogue) -> bool:
    """Return whether a run may go on; what it would do is printed where it is asked for, or consent is needed."""
    profile = profile_of(options)
    if options.target is None and not options.dry_run:
        return True
    url = EMBEDDED if options.target is None else target_from(options.target, catalogue.contract.path)
    intent = Intent(
        url=url,
        catalogue=catalogue,
        profile=profile,
        select=options.select,
        shard=_shard_of(options),
        rate=options.rate,
        concurrency=options.concurrency,
        most_requests=options.max_requests,
        most_created=options.max_created,
        most_live=options.max_live_calls,
        most_seconds=options.max_time,
        keeps=options.keep_calls,
        seconds_each=measured(options.out / "summary.json", url),
    )
    return announce(intent, live=options.live, dry=options.dry_run)


def reported(written: Written, record: Path, out: Path) -> int:
    """Print what came of a run, and where its report is; return the exit status, whether anybody reads it or not."""
    from reports.formats.terminal import print_summary

    try:
        is_log = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        console = Console(width=_LOG if is_log else None)
        print_summary(written.run, console, written.run_status, record=str(record), drift=written.drift)
        print(f"Report: {out / 'report.html'}", flush=True)
    except (OSError, SystemExit) as error:  # nobody reads on, which rich shows by the latter; what came of the run stands
        silence()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            print(f"conformance: the output: {error.strerror or error}; the report is {out / 'report.html'}", file=sys.stderr)
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


def reads_of(options: argparse.Namespace, catalogue: Catalogue) -> frozenset[str]:
    """Return the parsers that the server may read bodies by, as the user says or the contract is certain; empty for any."""
    known = catalogue.contract.data.reads
    certain = [known.format] if known is not None and known.confidence == "certain" else []
    return frozenset(options.reads or certain)


@contextlib.contextmanager
def _target(options: argparse.Namespace, catalogue: Catalogue) -> Iterator[Target]:
    if options.target is not None:
        target = target_of(options, catalogue.contract)
        if 0 < len(target.key) < SHORT:
            print(f"conformance: warning: {_SHORT_KEY.format(len(target.key))}", file=sys.stderr)
        if options.wait is not None:
            wait_for(target, options.wait)
        yield target
        return
    faults = faults_named(options.fault, catalogue)
    with embedded(catalogue, parsing=options.parsing or "protojson", faults=faults) as url:
        yield Target(
            url=url,
            key=emulator_key(catalogue.contract),
            more_keys=emulator_keys(catalogue.contract),
            concurrency=options.concurrency,
            rate=options.rate,
            timeout=options.timeout,
            correlation=options.correlation_header,
        )


def _carry_out(
    options: argparse.Namespace, catalogue: Catalogue, target: Target, record: Path, console: Console, earlier: Header | None
) -> None:
    profile, cache = profile_of(options), default_folder()
    plan = cached_plan(catalogue, profile.cases, cache, reads_of(options, catalogue))
    client = Client(target, catalogue.contract) if earlier is None else _resumed(options, catalogue, target, earlier)
    if _cleans_up(options, target) and not is_loopback(target.url):
        client.tag = RunTag.of(catalogue, client.run)
    writer = RecordWriter(record)
    with contextlib.ExitStack() as stack:
        figures = figures_of(profile, selects=bool(options.select), budget=options.max_requests, shard=_shard_of(options))
        step, phase = stack.enter_context(shown(figures, console))
        journal = _journal(options, catalogue, client, stack)
        session = Session(
            catalogue=catalogue,
            client=client,
            profile=profile,
            shared_plan=plan,
            seed=options.seed,
            write=writer.write,
            strict=options.strict,
            select=options.select,
            shard=_shard_of(options),
            max_requests=options.max_requests,
            max_live=options.max_live_calls,
            max_created=options.max_created,
            max_seconds=options.max_time,
            max_failures=options.max_failures,
            journal=journal,
            progress=step,
            phase=phase,
            interrupted=finish_undisturbed,
            clean_up=_cleans_up(options, target),
        )
        figures.failing = session.failing
        command = f"{program()} " + shlex.join(_shown(getattr(options, "arguments", sys.argv[1:])))
        again = again_of(options) | ({"division": session.choice.share.division} if session.choice.share else {})
        own = catalogue.contract
        document = None if options.history is None else kept(options.history, own, options.openapi, client.redaction)
        head = header(catalogue, session, embedded=options.target is None, command=command, options=again, kept=document)
        if isinstance(client, ResumedClient):
            session.objects.take_over(client.left)
        with writer:  # until now, what an earlier run left in the directory is whole
            forget(options.out)
            ending = carry_out(session, head, phases_of(session.profile))
    if ending.outcome != "interrupted":
        (options.out / BEFORE).unlink(missing_ok=True)
    if ending.outcome != "interrupted":  # its plan may still be in the making
        store(plan, cache)


def _shard_of(options: argparse.Namespace) -> Shard | None:
    return None if options.shard is None else Shard.of(options.shard)


def _journal(options: argparse.Namespace, catalogue: Catalogue, client: Client, stack: contextlib.ExitStack) -> Journal:
    """Return the journal of what a run creates, where it is to be deleted."""
    if not _cleans_up(options, client.target):
        return NoJournal()
    finder = Finder.of(catalogue.contract, client.tag, identifier_of(catalogue.contract, catalogue.body, catalogue.response))
    return stack.enter_context(FileJournal(options.out / NAME, Head.of(catalogue.contract, client.target.url, finder)))


def _shown(arguments: Sequence[str]) -> list[str]:
    """Return the arguments without credentials: those of URLs, and the values of headers that stand there in full."""
    shown = [without_credentials(each) for each in arguments]
    for at, (option, value) in enumerate(pairwise(["", *shown])):
        _name, sign, text = value.removeprefix("--header=").partition("=")
        if sign and (option == "--header" or value.startswith("--header=")) and not text.startswith("$"):
            shown[at] = f"{value[: len(value) - len(text)]}[redacted]"
    return shown


def _resumed(options: argparse.Namespace, catalogue: Catalogue, target: Target, earlier: Header) -> ResumedClient:
    """Return the client of a resumed run. CommandError where the description is another one by now."""
    if earlier.description.get("digest") != catalogue.contract.description.digest:
        raise CommandError(f"--resume {options.out}: the description has changed since; start another run")
    left = left_of(options.out)
    client = ResumedClient(target, catalogue.contract, earlier_in(options.out), left)
    client.run = earlier.run or client.run  # the same tag, so that what the killed run has lost is found as well
    return client


def _cleans_up(options: argparse.Namespace, target: Target) -> bool:
    """Return whether created calls are deleted: on a server of others, and where few may exist at once."""
    if options.max_live_calls is not None:
        return True
    return options.target is not None and not options.keep_calls and not is_loopback(target.url)
