"""The suite as a lazy run: each phase is carried out when the verdict on the first of its rules is asked for."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.cli.credentials import first_key, more_keys
from conformance.cli.options import faults_named, target_from
from conformance.embedded import embedded, emulator_key, emulator_keys
from conformance.http.client import Client
from conformance.http.endings import BudgetSpent, CannotJudge
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from conformance.phases.baseline import settle_baseline
from conformance.profiles import PROFILES
from conformance.results.exchange_log import unrecorded
from conformance.run import Phase, phases_of
from conformance.session import Session
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.network import is_loopback, proxy_for
from reports.record.entries import Verdict
from strategies.plan.cache import cached_plan, default_folder, store

# The phase that a rule is verified in, by the beginning of its id; every other rule is verified with the bodies.
_PHASES = {
    "query": "query",
    "auth": "auth",
    "state": "state",
    "protocol": "protocol",
    "observed": "probes",
    "schemathesis": "second generator",
}
# What later phases add to the rules of the bodies.
_MORE = ("drawn",)


def phase_of(rule: str) -> str:
    """Return the phase in which a rule is verified."""
    return _PHASES.get(rule.split(".", 1)[0], "bodies")


def phase_of_test(nodeid: str) -> str:
    """Return the phase of the rule in brackets at the end of a test's id; the id itself where there is none."""
    _, bracket, rule = nodeid.rstrip("]").partition("[")
    return phase_of(rule) if bracket else nodeid


def _target(options: argparse.Namespace, contract: Contract) -> Target:
    url = target_from(options.target, contract.path)
    return Target(url=url, key=first_key(options, contract), more_keys=more_keys(contract))


@dataclass
class Suite:
    """A session whose phases are carried out on demand, in one event loop."""

    session: Session
    runner: asyncio.Runner
    done: set[str] = field(default_factory=set)
    hopeless: str | None = None
    spent: str | None = None  # the budget that ended the run

    @staticmethod
    @contextlib.contextmanager
    def opened(
        options: argparse.Namespace, catalogue: Catalogue, *, seed: int, strict: bool, select: Sequence[str]
    ) -> Iterator[Suite]:
        """Yield an open session against the target that the options name. CommandError where they are invalid."""
        with contextlib.ExitStack() as stack:
            if options.target:
                target = _target(options, catalogue.contract)
            else:
                faults = faults_named(options.fault, catalogue)
                url = stack.enter_context(embedded(catalogue, parsing=options.parsing, faults=faults))
                key, more = emulator_key(catalogue.contract), emulator_keys(catalogue.contract)
                target = Target(url=url, key=key, more_keys=more)
            proxy = proxy_for(target.url)
            target = replace(target, concurrency=options.concurrency, rate=options.rate, proxy=proxy)
            target = replace(target, timeout=getattr(options, "timeout", None) or target.timeout)
            runner = stack.enter_context(asyncio.Runner())
            client, cleans_up = Client(target, catalogue.contract), bool(options.target) and not is_loopback(target.url)
            client.tag = RunTag.of(catalogue, client.run) if cleans_up else None
            profile = PROFILES[options.profile]
            plan = cached_plan(catalogue, profile.cases, default_folder())
            session = Session(
                catalogue=catalogue,
                client=client,
                profile=profile,
                shared_plan=plan,
                seed=seed,
                write=unrecorded,
                strict=strict,
                select=select,
                max_requests=getattr(options, "max_requests", None),
                max_created=getattr(options, "max_created", None),
                clean_up=cleans_up,
            )
            suite = Suite(session, runner)
            yield suite
            runner.run(session.sender.tidy())
            runner.run(session.sender.aclose())
            if suite.hopeless is None and suite.spent is None:  # else its plan may still be in the making
                store(plan, default_folder())

    def verdict(self, rule: str) -> Verdict:
        """Return the verdict on a rule, its phase carried out if it is not yet."""
        phase = phase_of(rule)
        try:
            for name in ("baseline", phase, *(_MORE if phase == "bodies" else ())):
                self._carry_out(name)
        except CannotJudge as problem:
            self.hopeless = str(problem)
            self.session.conclude()
        except BudgetSpent:
            self.spent = "the budget is spent; what was not reached is skipped"
            self.session.conclude()
        results, known = self.session.results, self.session.catalogue.rules[rule]
        if self.hopeless is not None:
            results.unjudge(rule, "target", self.hopeless)
        if self.spent is not None:
            results.skip(rule, self.spent)
        return results.verdicts([known], strict=self.session.strict)[0]

    def _carry_out(self, name: str) -> None:
        if name in self.done or self.hopeless is not None or self.spent is not None:
            return
        self.done.add(name)
        phases = phases_of(self.session.profile)
        if name == "baseline":
            self.runner.run(settle_baseline(self.session))
        elif name in phases:
            self.runner.run(self._phase(phases[name]))

    async def _phase(self, phase: Phase) -> None:
        await phase(self.session)
        await self.session.examine()
