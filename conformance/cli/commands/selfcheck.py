"""`selfcheck`: test the suite itself against planted faults, mutants of the contract, and sound servers that differ."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.progress import track

from conformance.cli.options import catalogue_from
from conformance.cli.parser import CONFORMS, FAILS, CommandError
from conformance.selfcheck.detection import Figures, show
from conformance.selfcheck.matrix import Setup, Task, carry_out, conforming_tasks, sample, tasks_for
from conformance.selfcheck.trials import Trial, bench
from emulator.faults.generated import mutants_of


def main(options: argparse.Namespace) -> int:
    """Carries out the matrix; the exit status is 0 if enough was caught and named, and no sound server accused."""
    if options.no_faults and not options.conforming:
        raise CommandError("--no-faults leaves nothing to run without --conforming SEEDS")
    if options.json and (options.json.is_dir() or not options.json.parent.is_dir()):
        raise CommandError(f"--json {options.json}: it is a directory, or there is none to hold it")
    catalogue = catalogue_from(options)
    setup = Setup(options.openapi, () if options.no_overlay else _tuple(options.overlay), options.profile)
    faults = bench(catalogue, options.profile).faults
    families = {name: fault.family for name, fault in faults.items() if _wanted(name, options.select)}
    if not families:
        raise CommandError(f"--select {' '.join(options.select)}: no fault or mutant has such a name")
    names = sample(families, options.sample) if options.sample else list(families)
    console = Console(soft_wrap=True)
    trials: list[Trial] = []
    if not options.no_faults:
        trials = _tried(setup, tasks_for(names, options.profile), options.jobs, "faults")
        show(trials, console)
    if not options.select and not options.no_faults:
        _report_equivalents(mutants_of(catalogue.contract).equivalent, console)
    conforming = _tried(setup, conforming_tasks(options.conforming), options.jobs, "sound servers")
    accused = [trial for trial in conforming if trial.failed or trial.outcome != "conforms"]
    _report_accused(accused, len(conforming), console)
    if options.json:
        _write(options.json, trials, conforming)
    enough = options.no_faults or Figures.of(trials).suffice(options.profile)
    return CONFORMS if enough and not accused else FAILS


def _tuple(overlays: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if overlays is None else tuple(overlays)


def _wanted(name: str, globs: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(name, glob) for glob in globs)


def _tried(setup: Setup, tasks: Sequence[Task], jobs: int, what: str) -> list[Trial]:
    console = Console(stderr=True)
    trials = carry_out(setup, tasks, jobs)
    return list(track(trials, f"{len(tasks)} {what}", total=len(tasks), console=console, transient=True))


def _report_equivalents(equivalent: Mapping[str, str], console: Console) -> None:
    for reason in dict.fromkeys(equivalent.values()):
        names = [name for name, why in equivalent.items() if why == reason]
        shown = ", ".join(names[:2]) + (" …" if len(names) > 2 else "")
        console.print(f"equivalent {len(names)}: {reason} ({shown})", markup=False, highlight=False)


def _report_accused(accused: Sequence[Trial], count: int, console: Console) -> None:
    for trial in accused:
        reported = f"{', '.join(trial.failed) or trial.outcome}{f' ({trial.reason})' if trial.reason else ''}"
        console.print(f"FALSE ALARM {trial.name}: {reported}", markup=False, highlight=False)
    if count:
        console.print(f"false alarms {len(accused)} / sound runs {count}", highlight=False)


def _write(path: Path, trials: Sequence[Trial], conforming: Sequence[Trial]) -> None:
    matrix = {"trials": [each.to_json() for each in trials], "conforming": [each.to_json() for each in conforming]}
    try:
        path.write_text(json.dumps(matrix, indent=1), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--json {path}: {error.strerror or error}") from error
