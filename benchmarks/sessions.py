"""Runs of the suite as benchmarks need them: whole, recorded, against a server or an application in this process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from benchmarks.descriptions import catalogue
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.target import Target
from conformance.profiles import PROFILES, Profile
from conformance.run import Ending, Phase, carry_out, phases_of
from conformance.selfcheck.in_process import InProcess
from conformance.session import Session
from conformance.session.heading import header
from emulator.app import create_app
from openapi.catalogue import Catalogue
from reports.record.writer import RecordWriter
from strategies.plan.budget import EVERY, LIKELIEST
from strategies.plan.cache import cached_plan, store
from strategies.plan.plan import Plan
from strategies.plan.shared import SharedPlan

NOWHERE = "http://in-process.test"


@dataclass(frozen=True)
class Runner:
    """The common part of runs.

    `record` is where they are recorded, a passing file if it is None; `most` a budget of requests, so that a run is short.
    `select` chooses rules by globs.
    """

    catalogue: Catalogue
    profile: Profile
    phases: Mapping[str, Phase]
    plan: Plan | None = None
    record: Path | None = None
    most: int | None = None
    select: Sequence[str] = ()

    def against(self, url: str, concurrency: int, see: Callable[[Exchange], None]) -> Ending:
        """Return a run against a server; `see` is shown each exchange as it is recorded."""
        target = Target(url=url, key=EMULATOR_KEY, concurrency=concurrency)
        return self._carried_out(Client(target, self.catalogue.contract), see)

    def in_process(self, see: Callable[[Exchange], None] = lambda _exchange: None) -> Ending:
        """Return a run against the emulator in this process."""
        app = create_app(self.catalogue.contract, keys=frozenset({EMULATOR_KEY}))
        target = Target(url=NOWHERE, key=EMULATOR_KEY)
        return self._carried_out(Client(target, self.catalogue.contract, InProcess(app)), see)

    def _carried_out(self, made: Client, see: Callable[[Exchange], None]) -> Ending:
        with tempfile.TemporaryDirectory() as folder:
            path = self.record or Path(folder) / "run.jsonl"
            with RecordWriter(path) as writer:
                session = Session(
                    catalogue=self.catalogue,
                    client=made,
                    profile=self.profile,
                    seed=0,
                    write=writer.write,
                    progress=see,
                    max_requests=self.most,
                    select=self.select,
                    shared_plan=self.plan,
                )
                head = header(self.catalogue, session, embedded=True, command="python -m benchmarks")
                return carry_out(session, head, dict(self.phases))


def whole(profile: str, catalogue: Catalogue, plan: Plan | None = None) -> Runner:
    """Return a run of a profile with everything in it."""
    return Runner(catalogue, PROFILES[profile], phases_of(PROFILES[profile]), plan)


def prepared(catalogue: Catalogue) -> SharedPlan:
    """Return the plan of the smoke profile, its cases made beforehand."""
    plan = SharedPlan(catalogue)
    for cases in (plan.accepts(), plan.pairs(), plan.combinations(PROFILES["smoke"].combinations), plan.may(), plan.rejects()):
        deque(cases, maxlen=0)
    return plan


@cache
def our_plan(properties: int | None = None) -> SharedPlan:
    """Return the prepared plan of our own description, or of so many of its properties."""
    return prepared(catalogue(properties))


def shared_plan_of(properties: int | None = None, *, few: bool, most: int | None = None) -> Plan:
    """Return the plan of `catalogue(properties)` as a run of at most `most` requests leaves it on disk."""
    plan = cached_plan(catalogue(properties), LIKELIEST if few else EVERY, _plans(properties, few=few, most=most))
    if "violations" not in vars(plan):
        raise RuntimeError("the plan was not kept")
    return plan


@cache
def _plans(properties: int | None, *, few: bool, most: int | None) -> Path:
    """Return a folder with the plan, which lasts as long as this process."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = catalogue(properties)
    plan = Plan(made, LIKELIEST if few else EVERY)
    replace(whole("smoke" if few else "nightly", made, plan), most=most).in_process()
    _ = plan.corpus, plan.violations, plan.paired  # what a run that a budget ends has not planned
    store(plan, folder)
    return folder
