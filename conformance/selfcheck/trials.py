"""Trials: one run of the suite in process against a faulty or a conforming emulator, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from conformance.checks.checker import Checker
from conformance.checks.tolerances import tolerances_of
from conformance.embedded import emulator_key, emulator_keys
from conformance.http.client import Client
from conformance.http.target import Target
from conformance.profiles import PROFILES, Profile
from conformance.results.exchange_log import unrecorded
from conformance.run import SEEDED, Phase, go_through, phases_of
from conformance.selfcheck.in_process import TrialClient
from conformance.session import Session
from emulator.app import create_app
from emulator.fault import Fault
from emulator.faults import faults_of
from emulator.faults.applicability import obstacles
from emulator.faults.generated import mutants_of
from emulator.variants import CONFORMING, Variant
from openapi.catalogue import Catalogue
from openapi.coercion.parsers import ALL
from reports.record.entries import Outcome
from strategies.plan.shared import SharedPlan

_ANYWHERE = "robustness."  # rules that a request of any other rule may violate
Phases = Mapping[str, Phase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The outcome of a run against one fault.

    `failed` are the ids of the rules that failed, `stray` those of them that the fault does not expect. `whole` shows a
    run of all rules from one of the expected rules alone.
    """

    name: str
    family: str
    summary: str
    expects: tuple[str, ...]
    failed: tuple[str, ...]
    outcome: str
    reason: str | None
    requests: int
    seconds: float
    whole: bool

    @property
    def caught(self) -> bool:
        """Return whether any rule failed."""
        return bool(self.failed)

    @property
    def named(self) -> bool:
        """Return whether a rule failed that names the fault rightly."""
        return any(_any_fits(self.expects, rule) for rule in self.failed)

    @property
    def stray(self) -> tuple[str, ...]:
        """Return the rules that failed and do not name the fault."""
        return tuple(rule for rule in self.failed if not _any_fits(self.expects, rule))

    def to_json(self) -> dict[str, Any]:
        """Return the trial as JSON."""
        return {**asdict(self), "caught": self.caught, "named": self.named, "stray": list(self.stray)}


def _any_fits(globs: Sequence[str], rule: str) -> bool:
    return any(fnmatchcase(rule, glob) for glob in globs)


@dataclass(frozen=True)
class Bench:
    """The shared state of the runs in one process: catalogue, plan, checker and the faults by name.

    `shared_plan` is one for the profile that others in this process have made. `reads` are the parsers of the server, all if
    there is none.
    """

    catalogue: Catalogue
    profile: Profile
    shared_plan: SharedPlan | None = None
    reads: frozenset[str] = ALL

    @cached_property
    def faults(self) -> dict[str, Fault]:
        """Return every planted fault that applies, and every mutant that follows from the contract, by name."""
        contract = self.catalogue.contract
        planted = {name: fault for name, fault in faults_of(contract).items() if name not in self.obstacles}
        return {**mutants_of(contract).faults, **planted}

    @cached_property
    def obstacles(self) -> dict[str, str]:
        """Return, by name, the planted faults that do not apply to the contract, with the reasons."""
        contract = self.catalogue.contract
        return obstacles(faults_of(contract), contract, self.catalogue.rules)

    @cached_property
    def _plan(self) -> SharedPlan:
        return self.shared_plan or SharedPlan(self.catalogue, self.profile.cases, reads=self.reads)

    @cached_property
    def _check(self) -> Checker:
        return Checker(self.catalogue, tolerances_of(self.catalogue.contract))

    def try_fault(self, name: str, *, whole: bool = True, only: Collection[str] | None = None) -> Trial:
        """Return the trial of a fault: all its rules, or those alone that the fault is expected to break.

        What a request of any rule may show takes a whole run. `only` names phases, all of them if it is None.
        """
        fault = self.faults[name]
        whole = whole or all(rule.startswith(_ANYWHERE) for rule in fault.expects)
        begun = time.perf_counter()
        try:
            outcome, reason, failed, requests = self._run([fault], Variant(), () if whole else fault.expects, only=only)
        except Exception as error:  # the emulator broke, which is no verdict on the suite
            outcome, reason, failed, requests = "broken", f"{type(error).__name__}: {error}", (), 0
        return Trial(
            name=name,
            family=fault.family,
            summary=fault.summary,
            expects=fault.expects,
            failed=failed,
            outcome=outcome,
            reason=reason,
            requests=requests,
            seconds=round(time.perf_counter() - begun, 3),
            whole=whole,
        )

    def try_conforming(self, variant: str, seed: int, *, whole: bool = True, only: Collection[str] | None = None) -> Trial:
        """Return the trial of a conforming variant, where nothing may fail: all of it, or what depends on the seed alone.

        `only` names phases in place of both.
        """
        begun = time.perf_counter()
        chosen = only if only is not None or whole else SEEDED
        outcome, reason, failed, requests = self._run([], CONFORMING[variant], (), seed, chosen)
        return Trial(
            name=f"{variant} seed {seed}",
            family="conforming",
            summary=f"the conforming variant {variant}",
            expects=(),
            failed=failed,
            outcome=outcome,
            reason=reason,
            requests=requests,
            seconds=round(time.perf_counter() - begun, 3),
            whole=whole,
        )

    def _run(
        self,
        faults: Sequence[Fault],
        variant: Variant,
        select: Sequence[str],
        seed: int = 0,
        only: Collection[str] | None = None,
    ) -> tuple[str, str | None, tuple[str, ...], int]:
        contract = self.catalogue.contract
        keys = emulator_keys(contract)
        app = create_app(contract, keys=keys, variant=variant, faults=faults)
        key = emulator_key(contract)
        target = Target(url="http://emulator.invalid", key=key, more_keys=keys, concurrency=1, retries=0)
        return self.run_against(TrialClient(target, contract, app), select, seed, only)

    def run_against(
        self, client: Client, select: Sequence[str] = (), seed: int = 0, only: Collection[str] | None = None
    ) -> tuple[str, str | None, tuple[str, ...], int]:
        """Run the suite through a client; return outcome, reason, the ids of the rules that failed, and how many requests."""
        session = Session(
            catalogue=self.catalogue,
            client=client,
            profile=self.profile,
            seed=seed,
            write=unrecorded,
            select=tuple(select),
            is_sparing=False,  # a trial of few rules stands for one of all
            shared_plan=self._plan,
            shared_checker=self._check,
        )
        chosen = phases(self.profile)
        ending = go_through(session, {name: chosen[name] for name in chosen if only is None or name in only})
        failed = tuple(each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL)
        return ending.outcome, ending.reason, failed, session.sender.sent


def phases(profile: Profile) -> Phases:
    """Return the phases of a trial: all but the second generator, which only observes."""
    return {name: phase for name, phase in phases_of(profile).items() if name != "second generator"}


def bench(catalogue: Catalogue, profile: str, reads: frozenset[str] = ALL) -> Bench:
    """Return a bench for one process."""
    return Bench(catalogue, PROFILES[profile], reads=reads)
