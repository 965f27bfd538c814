"""The matrix: many trials in several processes, in the order in which they were asked for."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from hypothesis.errors import HypothesisDeprecationWarning

from conformance.checks.tolerances import tolerances_of
from conformance.profiles import PROFILES
from conformance.selfcheck.cluster import WorkersLost, carried_out
from conformance.selfcheck.external import NOTHING, External, Server, try_external
from conformance.selfcheck.trials import Bench, Trial, bench
from emulator.variants import CONFORMING
from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.coercion.parsers import ALL
from openapi.contract import Contract
from openapi.contract_data import OperationName, ParameterValue

_WHOLE_EVERY = 10  # of the trials that need few rules, how many run all of them all the same
_CHUNK = 4
_PER_CPU = 4  # processes


@dataclass(frozen=True, slots=True)
class Setup:
    """The values from which a process makes a bench of its own."""

    contract: str | None
    openapi: str | None
    overlays: Sequence[str] | None
    profile: str
    operation: OperationName | None = None
    parameters: tuple[tuple[str, ParameterValue], ...] = ()
    reads: frozenset[str] = ALL

    def bench(self) -> Bench:
        """Return a bench."""
        overlays = None if self.overlays is None else list(self.overlays)
        contract = load_contract(
            self.openapi, overlays, contract=self.contract, operation=self.operation, parameters=dict(self.parameters)
        )
        return bench(catalogue_of(contract), self.profile, self.reads)


@dataclass(frozen=True, slots=True)
class Task:
    """One trial to carry out: a fault by name, or a conforming variant with a seed; in the emulator, or in a server of others.

    `whole` runs all rules, not only the expected ones, or all phases, not only those that depend on the seed.
    """

    name: str
    seed: int | None = None
    whole: bool = True
    server: Server | None = None
    planted: External | None = None  # in that server; a conforming variant if there is a seed


_benches: dict[Setup, Bench] = {}  # one a process, since a plan costs more than a run


def carry_out(setup: Setup, tasks: Sequence[Task], jobs: int, scheduler: str | None = None) -> Iterator[Trial]:
    """Yield the trials of the tasks, each as soon as those before it are through.

    `scheduler` is that of a running Dask cluster. Without one, so many jobs share this machine: as a cluster of its own where
    `distributed` is installed, else as a pool of processes. The pool does not survive one that dies. NoCluster where the
    scheduler cannot be reached.
    """
    if scheduler is None and (jobs == 1 or len(tasks) <= 1):
        yield from (_try(setup, task) for task in tasks)
        return
    # Processes are started all at once: more than there is to do, or than the machine can run, would only stand in the way.
    workers = max(1, min(jobs, -(-len(tasks) // _CHUNK), _PER_CPU * (os.cpu_count() or 1)))
    if scheduler is not None or importlib.util.find_spec("distributed") is not None:
        yield from carried_out(partial(_try, setup), tasks, scheduler=scheduler, workers=workers, given_up=_given_up)
        return
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(_try, [setup] * len(tasks), tasks, chunksize=_CHUNK)


def _given_up(task: Task, lost: WorkersLost) -> Trial:
    """Return the trial of a task that its workers did not survive: nothing was caught, and the reason is shown."""
    return Trial(
        name=task.name,
        family="lost",
        summary="its trial could not be carried out",
        expects=(),
        failed=(),
        outcome="broken",
        reason=str(lost),
        requests=0,
        seconds=0,
        whole=task.whole,
    )


def _try(setup: Setup, task: Task) -> Trial:
    if setup not in _benches:
        # Other threads of a Dask worker draw random numbers, for which Hypothesis blames the strategy that is drawn from.
        warnings.filterwarnings("ignore", message="Do not use the `random` module", category=HypothesisDeprecationWarning)
        _benches[setup] = setup.bench()
    own = _benches[setup]
    if task.server is not None and task.planted is not None:
        return try_external(own, task.server, task.planted, task.seed or 0, conforming=task.seed is not None)
    if task.seed is not None:
        return own.try_conforming(task.name, task.seed, whole=task.whole)
    trial = own.try_fault(task.name, whole=task.whole)
    # What the expected rules alone do not notice may be noticed under another name.
    return trial if trial.caught or task.whole else own.try_fault(task.name)


def tasks_for(names: Iterable[str], profile: str) -> list[Task]:
    """Return the tasks for faults: all rules where a run is cheap, else the expected ones alone and now and then all."""
    return [Task(name, whole=PROFILES[profile].few or index % _WHOLE_EVERY == 0) for index, name in enumerate(names)]


def conforming_tasks(seeds: int, contract: Contract) -> list[Task]:
    """Return the tasks for the variants that conform to a contract:
    the first seed as a whole, each further one as far as it sends anything else.
    """
    must_serve = contract.read is not None and not tolerances_of(contract).unserved
    names = [name for name, variant in CONFORMING.items() if variant.serves_objects or not must_serve]
    return [Task(name, seed=seed, whole=seed == 0) for seed in range(seeds) for name in names]


def unplanted_task(server: Server) -> Task:
    """Return the task for a server of others in which nothing is planted."""
    return Task(NOTHING.name, seed=0, server=server, planted=NOTHING)


def external_fault_tasks(server: Server, faults: Iterable[External]) -> list[Task]:
    """Return the tasks for faults of a server of others."""
    return [Task(each.name, server=server, planted=each) for each in faults]


def external_conforming_tasks(server: Server, variants: Iterable[External], seeds: int) -> list[Task]:
    """Return the tasks for conforming variants of a server of others, each with so many seeds."""
    return [Task(each.name, seed=seed, server=server, planted=each) for seed in range(seeds) for each in variants]


def sample(families: Mapping[str, str], size: int) -> list[str]:
    """Return so many names, of each family its share and one at least, evenly spread; `families` is the family by name."""
    members: dict[str, list[str]] = defaultdict(list)
    for name, family in families.items():
        members[family].append(name)
    total = len(families)
    if size >= total:
        return list(families)
    chosen = {name for names in members.values() for name in _spread(names, max(1, round(size * len(names) / total)))}
    return [name for name in families if name in chosen]


def _spread(names: list[str], count: int) -> list[str]:
    step = len(names) / count
    return [names[int((index + 0.5) * step)] for index in range(count)]
