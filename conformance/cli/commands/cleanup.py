"""`cleanup`: delete what a run has created and left, by the ids in its journal and its run tag."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conformance.cli.command_error import CommandError
from conformance.cli.consent import consented
from conformance.cli.credentials import keys_in
from conformance.cli.options import target_from
from conformance.cli.targets import target_again
from conformance.http.deleting import deleted, lost
from conformance.http.journal import NAME, JournalError, Left, left_in, note_deleted
from conformance.http.target import Target
from conformance.results.resumed import RECORD
from reports.exit_status import ExitStatus
from reports.quantities import plural


def main(options: argparse.Namespace) -> int:
    """Delete what is left; return 3 where something still is. CommandError where a file or an option is invalid."""
    path = options.directory / NAME if options.directory.is_dir() else options.directory
    if not path.exists() and (options.directory / RECORD).exists():
        print(f"{options.directory}: the run kept no journal, since it was not to delete what it created.")
        return ExitStatus.CONFORMS
    left = _left(path)
    noun = left.head.noun
    if not left.identities and (left.is_complete or left.head.find is None or left.head.delete is None):
        _report_unknown(left)
        print(f"No {noun} is left.")
        return ExitStatus.CONFORMS
    if left.head.delete is None:
        raise CommandError(f"{path}: the description has no operation that deletes a {noun}")
    url = _url(options, left)
    consented(url, live=options.live, what=f"delete {plural(len(left.identities), noun)} at {url}, and what has the run's tag")
    target = target_again(options, url, left.head.variable if left.head.keys else "", keys_in(left.head.keys))
    found = lost(left.head, target)
    if found is None:
        _report_unknown(left)
    return _delete(left, target, path, [*left.identities, *(each for each in found or () if each not in left.identities)])


def _url(options: argparse.Namespace, left: Left) -> str:
    """Return the URL that the command line names, else that of the run: settings of another target are not used for it."""
    if options.is_target_named:
        return target_from(options.target, "")
    url = target_from(left.head.target, "")
    if options.target is not None and target_from(options.target, "") != url:
        options.settings = None
    return url


def _report_unknown(left: Left) -> None:
    if left.unknown:
        requests = plural(left.unknown, "request")
        print(f"{requests} had no response when the run ended: a {left.head.noun} that they created has no id here.")


def _delete(left: Left, target: Target, path: Path, identities: list[str]) -> int:
    """Delete objects and print what came of it; return the exit status."""
    if not identities:
        print(f"No {left.head.noun} is left.")
        return ExitStatus.CONFORMS
    still = {}
    for identity, problem in deleted(left.head, target, identities):
        if problem is None:
            note_deleted(path, identity)
        else:
            still[identity] = problem
    print(f"{plural(len(identities) - len(still), left.head.noun)} deleted, {len(still)} left.")
    for identity, problem in still.items():
        print(f"  {identity}: {problem}", file=sys.stderr)
    return ExitStatus.UNJUDGED if still else ExitStatus.CONFORMS


def _left(path: Path) -> Left:
    try:
        return left_in(path)
    except JournalError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
