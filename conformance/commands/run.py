"""`run`: test a server and write the report."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from conformance.cli import CommandError, silence
from conformance.client import Client, Target
from conformance.exchange import Exchange
from conformance.profiles import PROFILES
from conformance.run import carry_out, header, phases_of
from conformance.session import Session
from conformance.setting import (
    EMULATOR_KEY,
    catalogue_from,
    embedded,
    faults_named,
    is_loopback,
    key_from,
    selected,
    target_from,
)
from openapi.catalogue import Catalogue
from reports.files import FILES
from reports.recorder import RecordWriter
from strategies.stored import default_folder, store, stored_plan

if TYPE_CHECKING:  # what draws reports takes longer to import than the first request may wait
    from reports.known import KnownDeviations
    from reports.writing import Written

_NOTES = 5  # on the console
_LOG = 128  # characters of a line where there is no terminal whose width is known
_ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main(options: argparse.Namespace) -> int:
    """Carries out a run and draws its reports; the exit status says how it ended."""
    catalogue = catalogue_from(options)
    selected(catalogue, options.select)
    faults_named(options.fault)
    if options.key_file is not None and options.target is None:
        raise CommandError(
            "--key-file is for --target: without one the embedded emulator is tested, which has a key of its own"
        )
    known = known_from(options.known)
    record = writable(options.out) / "run.jsonl"
    _not_directories(options.out / name for name in ("run.jsonl", *FILES))
    if options.history is not None:
        writable(options.history, "--history")
    console = Console(stderr=True, quiet=options.quiet)
    for note in catalogue.notes[:_NOTES]:
        console.print(f"Note: {note}", highlight=False, markup=False)
    if len(catalogue.notes) > _NOTES:
        console.print(f"{len(catalogue.notes) - _NOTES} more notes are in the report.", highlight=False)
    for number in _ENDINGS:
        signal.signal(number, _interrupt)  # what ends a job or closes a terminal leaves a report as well
    with _target(options, catalogue) as target:
        try:
            _carry_out(options, catalogue, target, record, console)
        except OSError as error:
            raise CommandError(f"--out {options.out}: {error.strerror or error}") from error
    return told(drawn(record, options.out, known, options.history), options.out)


def told(written: Written, out: Path) -> int:
    """Prints what came of a run, and where its report is; gives the exit status, whether anybody reads it or not."""
    from reports.terminal import print_summary

    try:
        is_log = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        print_summary(written.run, Console(width=_LOG if is_log else None), written.decision)
        print(f"Report: {out / 'report.html'}", flush=True)
    except (BrokenPipeError, SystemExit):  # nobody reads on, which rich tells by the latter; what came of the run stands
        silence()
    return written.exit


def drawn(record: Path, out: Path, known: KnownDeviations | None, history: Path | None) -> Written:
    """Draws the reports. CommandError where one of them, or the history, cannot be written."""
    from reports.writing import write_all

    try:
        return write_all(record, out, known=known, history=history)
    except OSError as error:
        raise CommandError(f"{error.filename2 or error.filename or out}: {error.strerror or error}") from error


def known_from(path: Path | None) -> KnownDeviations | None:
    """The known deviations in a file. CommandError if it is wrong."""
    if path is None:
        return None
    from reports.known_files import KnownError, load_known

    try:
        return load_known(path)
    except KnownError as error:
        raise CommandError(str(error)) from error


def writable(out: Path, option: str = "--out") -> Path:
    """The directory, made if need be. CommandError if nothing can be written there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CommandError(f"{option} {out}: {error.strerror or error}") from error
    return out


def _not_directories(files: Iterable[Path]) -> None:
    """CommandError where a file to be written at the end is a directory: better now than when all is sent."""
    for each in files:
        if each.is_dir():
            raise CommandError(f"{each}: it is a directory")


@contextlib.contextmanager
def _target(options: argparse.Namespace, catalogue: Catalogue) -> Iterator[Target]:
    common = {"concurrency": options.concurrency, "rate": options.rate, "timeout": options.timeout}
    if options.target is not None:
        if options.fault:
            raise CommandError("--fault plants faults in the embedded emulator; it does not go with --target")
        yield Target(url=target_from(options.target), key=key_from(options.key_file), **common)
        return
    with embedded(catalogue, parsing=options.parsing, faults=options.fault) as url:
        yield Target(url=url, key=EMULATOR_KEY, **common)


def _carry_out(options: argparse.Namespace, catalogue: Catalogue, target: Target, record: Path, console: Console) -> None:
    profile, cache = PROFILES[options.profile], default_folder()
    plan = stored_plan(catalogue, few=profile.few, folder=cache)
    with RecordWriter(record) as writer, Client(target, catalogue.contract) as client, _progress(console) as (step, phase):
        session = Session(
            catalogue=catalogue,
            client=client,
            profile=profile,
            shared_plan=plan,
            seed=options.seed,
            write=writer.write,
            strict=options.strict,
            select=options.select,
            max_requests=options.max_requests,
            progress=step,
            phase=phase,
            interrupted=_finish_undisturbed,
            clean_up=options.target is not None and not options.keep_calls and not is_loopback(target.url),
        )
        command = "python -m conformance " + shlex.join(sys.argv[1:])
        carry_out(
            session, header(catalogue, session, embedded=options.target is None, command=command), phases_of(session.profile)
        )
    store(plan, cache)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _finish_undisturbed() -> None:
    """Lets nothing interrupt what is left to do after an interruption: deleting calls, and writing the reports."""
    for number in (signal.SIGINT, *_ENDINGS):
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[tuple[Callable[[Exchange], None], Callable[[str], None]]]:
    """A line that tells phase, requests and time while the run goes on."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TextColumn("requests"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=console.quiet or not console.is_terminal) as progress:
        task = progress.add_task("planning", total=None)
        if not console.is_terminal and not console.quiet:
            console.print("Testing …", highlight=False)
        yield lambda _exchange: progress.advance(task), lambda name: progress.update(task, description=name)
