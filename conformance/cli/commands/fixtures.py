"""`fixtures`: requests and responses as files, for anyone who wants to test a client or a server with them."""

from __future__ import annotations

import argparse
from pathlib import Path

from conformance.cli.command_error import CommandError
from conformance.cli.options import catalogue_from, selected
from conformance.cli.run_directory import writable
from conformance.profiles import PROFILES
from conformance.sdk.fixtures.corpus import corpus_of
from conformance.sdk.fixtures.folder import differences, write
from conformance.sdk.fixtures.formats import Files, Writer
from conformance.sdk.fixtures.index import summary
from reports.exit_status import ExitStatus
from strategies.plan.cache import cached_plan, default_folder

_SHOWN = 20  # differences


def main(options: argparse.Namespace) -> int:
    """Write the fixtures, or compare those that are there with what would be written; return the exit status."""
    catalogue = catalogue_from(options)
    selected([catalogue], options.select)
    plan = cached_plan(catalogue, PROFILES[options.profile].cases, default_folder())
    corpus = corpus_of(catalogue, options.profile, options.seed, plan)
    if options.select:
        corpus = corpus.only(frozenset(rule.id for rule in catalogue.select(options.select)))
    files = Writer(catalogue, corpus, options.profile, options.seed).files(options.format)
    if options.check:
        return _check(options.out, files)
    out = writable(options.out)
    try:
        write(out, files)
    except OSError as error:
        raise CommandError(f"--out {out}: {error.strerror or error}") from error
    print(f"{summary(corpus)}, described in {out / 'index.json'}")
    return ExitStatus.DONE


def _check(out: Path, files: Files) -> int:
    """Return 0 if the directory holds exactly the files. CommandError if not, since no rule has failed."""
    try:
        found = list(differences(out, files))
    except OSError as error:
        raise CommandError(f"--out {out}: {error.strerror or error}") from error
    if found:
        print("\n".join(found[:_SHOWN]))
        if len(found) > _SHOWN:
            print(f"and {len(found) - _SHOWN} more")
        raise CommandError(f"--check: {out} is not up to date, {len(found)} files differ; write it again without --check")
    print(f"{out} is up to date, {len(files)} files")
    return ExitStatus.DONE
