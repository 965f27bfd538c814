"""`selfcheck`: test the suite itself against planted faults, mutants of the contract, and conforming servers that differ."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.progress import track

from conformance.cli.command_error import CommandError
from conformance.cli.options import catalogue_from, operation_from, parameters_from
from conformance.embedded import EMULATOR_KEY
from conformance.selfcheck.cluster import NoCluster, reach
from conformance.selfcheck.detection import show, suffices
from conformance.selfcheck.external import External, ListError, Server, load_external
from conformance.selfcheck.matrix import (
    Setup,
    Task,
    carry_out,
    conforming_tasks,
    external_conforming_tasks,
    external_fault_tasks,
    sample,
    tasks_for,
    unplanted_task,
)
from conformance.selfcheck.trials import Trial, bench
from emulator.faults.generated import mutants_of
from openapi.catalogue import Catalogue
from reports.exit_status import ExitStatus


def main(options: argparse.Namespace) -> int:
    """Carry out the matrix; return 0 if enough was caught and named of each family, and no server accused."""
    if options.json and (options.json.is_dir() or not options.json.parent.is_dir()):
        raise CommandError(f"--json {options.json}: it is a directory, or there is none to hold it")
    if options.scheduler is not None:
        try:
            reach(options.scheduler)
        except NoCluster as problem:
            raise CommandError(f"--scheduler: {problem}") from None
    catalogue = catalogue_from(options)
    setup = Setup(
        options.contract,
        options.openapi,
        () if options.no_overlay else _tuple(options.overlay),
        options.profile,
        operation_from(options.operation),
        tuple(parameters_from(options.parameter).items()),
        frozenset(options.reads),
    )
    chosen = _of_others(options, catalogue.contract.key_variable) if options.server else _of_the_emulator(options, catalogue)
    _refuse_faulty(chosen.faults, setup)
    console = Console(soft_wrap=True)
    trials = _tried(setup, chosen.faults, options, "faults")
    if chosen.faults:
        show(trials, console, options.profile)
    if chosen.faults and not options.select and not options.server:
        _report_equivalents(mutants_of(catalogue.contract).equivalent, console)
        _report_skipped(bench(catalogue, options.profile).obstacles, console)
    conforming = _tried(setup, chosen.conforming, options, "conforming servers")
    accused = [trial for trial in conforming if trial.failed or trial.outcome != "conforms"]
    _report_accused(accused, len(conforming), console)
    if options.json:
        _write(options.json, trials, conforming)
    enough = not trials or suffices(trials, options.profile)
    return ExitStatus.CONFORMS if enough and not accused else ExitStatus.FAILS


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The trials to carry out: on faults, and on conforming servers."""

    faults: list[Task]
    conforming: list[Task]


def _of_the_emulator(options: argparse.Namespace, catalogue: Catalogue) -> _Chosen:
    if options.faults or options.variants:
        raise CommandError("--faults and --variants list those of a server of yours: give --server COMMAND with them")
    if options.no_faults and not options.conforming:
        raise CommandError("--no-faults leaves nothing to run without --conforming SEEDS")
    faults = bench(catalogue, options.profile).faults
    families = {name: fault.family for name, fault in faults.items() if _wanted(name, options.select)}
    names = [] if options.no_faults else _sampled(families, options)
    return _Chosen(tasks_for(names, options.profile), conforming_tasks(options.conforming, catalogue.contract))


def _of_others(options: argparse.Namespace, key_variable: str) -> _Chosen:
    """Return the trials on a server that a command starts."""
    if not options.faults and not options.variants:
        raise CommandError("--server wants --faults FILE or --variants FILE, which name what it is to be started with")
    if "{port}" not in options.server:
        raise CommandError("--server: the command says by {port} where the port goes on which the server has to listen")
    key = os.environ.get(key_variable, "").strip() or EMULATOR_KEY
    found = {each.name: each for each in _listed(options.faults, "faults")} if options.faults else {}
    families = {name: each.family for name, each in found.items() if _wanted(name, options.select)}
    names = _sampled(families, options) if found and not options.no_faults else []
    variants = _listed(options.variants, "variants") if options.variants else []
    variants = [each for each in variants if _wanted(each.name, options.select)]
    return _Chosen(
        external_fault_tasks(Server(options.server, options.variable, key, key_variable), [found[name] for name in names]),
        external_conforming_tasks(
            Server(options.server, options.variant_variable, key, key_variable), variants, max(1, options.conforming)
        ),
    )


def _refuse_faulty(faults: Sequence[Task], setup: Setup) -> None:
    """Raise CommandError for a server of others that fails without a fault: each of its faults would count as caught."""
    server = next((task.server for task in faults), None)
    if server is None:
        return
    (trial,) = carry_out(setup, [unplanted_task(server)], 1)
    if trial.failed:
        more = f" and {len(trial.failed) - 4} more" if len(trial.failed) > 4 else ""
        rules = ", ".join(trial.failed[:4]) + more
        raise CommandError(f"--server: without a fault it fails {rules}, so that every fault would count as caught")
    if trial.outcome != "conforms":
        raise CommandError(f"--server: without a fault it cannot be judged: {trial.reason or trial.outcome}")


def _listed(path: Path, kind: str) -> list[External]:
    """Return the faults or variants in a file. CommandError where it cannot be read."""
    try:
        return list(load_external(path, kind))
    except ListError as error:
        raise CommandError(str(error)) from error


def _sampled(families: Mapping[str, str], options: argparse.Namespace) -> list[str]:
    if not families:
        raise CommandError(f"--select {' '.join(options.select)}: no fault or mutant has such a name")
    return sample(families, options.sample) if options.sample else list(families)


def _tuple(overlays: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if overlays is None else tuple(overlays)


def _wanted(name: str, globs: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(name, glob) for glob in globs)


def _tried(setup: Setup, tasks: Sequence[Task], options: argparse.Namespace, what: str) -> list[Trial]:
    console = Console(stderr=True)
    trials = carry_out(setup, tasks, options.jobs, options.scheduler) if tasks else iter(())
    return list(track(trials, f"{len(tasks)} {what}", total=len(tasks), console=console, transient=True))


def _report_equivalents(equivalent: Mapping[str, str], console: Console) -> None:
    for reason in dict.fromkeys(equivalent.values()):
        names = [name for name, why in equivalent.items() if why == reason]
        shown = ", ".join(names[:2]) + (" …" if len(names) > 2 else "")
        console.print(f"equivalent {len(names)}: {reason} ({shown})", markup=False, highlight=False)


def _report_skipped(obstacles: Mapping[str, str], console: Console) -> None:
    names = list(obstacles)
    if names:
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        console.print(f"skipped {len(names)} planted faults that do not apply to this contract ({shown})", highlight=False)


def _report_accused(accused: Sequence[Trial], count: int, console: Console) -> None:
    for trial in accused:
        reported = f"{', '.join(trial.failed) or trial.outcome}{f' ({trial.reason})' if trial.reason else ''}"
        console.print(f"FALSE ALARM {trial.name}: {reported}", markup=False, highlight=False)
    if count:
        console.print(f"false alarms {len(accused)} / conforming runs {count}", highlight=False)


def _write(path: Path, trials: Sequence[Trial], conforming: Sequence[Trial]) -> None:
    matrix = {"trials": [each.to_json() for each in trials], "conforming": [each.to_json() for each in conforming]}
    try:
        path.write_text(json.dumps(matrix, indent=1), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--json {path}: {error.strerror or error}") from error
