"""`sdk`: test a client through a harness that speaks the protocol of `docs/harness-protocol.md`."""

from __future__ import annotations

import argparse
import sys

from conformance.cli.command_error import CommandError
from conformance.cli.options import catalogue_from
from conformance.cli.run_directory import writable
from conformance.embedded import EMULATOR_KEY
from conformance.sdk.client_page import client_page
from conformance.sdk.process import HarnessError, NoHarness
from conformance.sdk.report import report, terminal
from conformance.sdk.results import results_of
from conformance.sdk.trial import run_trial
from reports.exit_status import ExitStatus
from reports.program import program


def main(options: argparse.Namespace) -> int:
    """Run a trial and write its reports; return 1 if the client violates a MUST, 3 if it cannot be judged."""
    catalogue = catalogue_from(options)
    out = writable(options.out)
    command = options.harness
    try:
        trial = run_trial(
            catalogue,
            command,
            key=EMULATOR_KEY,
            select=options.select,
            timeout=options.timeout,
            progress=_silent if options.quiet or not sys.stderr.isatty() else _progress,
        )
    except NoHarness as error:
        raise CommandError(str(error)) from error
    except HarnessError as error:
        print(f"{program()}: the harness cannot be judged: {error}", file=sys.stderr)
        return ExitStatus.UNJUDGED
    if not trial.judged:
        raise CommandError(f"--select {' '.join(options.select)}: no case has such an id")
    results = results_of(trial, catalogue)
    results.write(out / "results.json")
    (out / "report.md").write_text(report(results, command), encoding="utf-8")
    (out / "report.html").write_bytes(client_page(results, command))
    print(terminal(results))
    print(f"report: {out / 'report.html'}")
    return ExitStatus.FAILS if results.failures else ExitStatus.CONFORMS


def _progress(done: int, total: int) -> None:
    print(f"\r{done} of {total} cases", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""
