"""The suite as a lazy run: each phase is carried out when the verdict on the first of its rules is asked for."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.cli.carrying_out import reads_of
from conformance.cli.consent import refuse_to_litter
from conformance.cli.example_databases import database_of
from conformance.cli.targets import embedded_targets, target_of
from conformance.http.client import Client
from conformance.http.endings import BudgetSpent, CannotJudge, NoRoom
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from conformance.phases.baseline import settle_baseline
from conformance.profiles import PROFILES
from conformance.results.examples import Examples
from conformance.results.exchange_log import unrecorded
from conformance.run import Phase, phases_of
from conformance.session import Session
from conformance.session.choice import REPLAYED
from openapi.catalogue import Catalogue
from openapi.network import is_loopback
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
# Phases that bear on the rules of another one: what failed before comes first, and what is drawn comes last.
_BEFORE = {"bodies": (REPLAYED,)}
_MORE = {"bodies": ("drawn", "third generator"), "state": ("machine",)}
# Options that not every way to start the suite has.
UNSET: dict[str, Any] = {
    **dict.fromkeys(("key_file", "parsing", "rate", "rate_limit", "wait", "shard", "other_openapi")),
    **dict.fromkeys(("max_requests", "max_created", "max_live_calls", "max_time")),
    "header": [],
    "reads": [],
    "examples": [],
    "keep_calls": False,
    "timeout": 30.0,
    "correlation_header": "",
}


def phase_of(rule: str) -> str:
    """Return the phase in which a rule is verified."""
    return _PHASES.get(rule.split(".", 1)[0], "bodies")


def phase_of_test(nodeid: str) -> str:
    """Return the phase of the rule in brackets at the end of a test's id; the id itself where there is none."""
    _, bracket, rule = nodeid.rstrip("]").partition("[")
    return phase_of(rule) if bracket else nodeid


@contextlib.contextmanager
def _target(options: argparse.Namespace, catalogue: Catalogue) -> Iterator[Target]:
    """Yield the target that the options name, or the embedded emulator. CommandError where they are invalid."""
    if options.target:
        yield target_of(options, catalogue.contract)
        return
    with embedded_targets(options, [catalogue]) as targets:
        yield targets[0]


def _examples(options: argparse.Namespace, catalogue: Catalogue) -> Examples | None:
    """Return the failing bodies of earlier runs; None where no database of them is named."""
    return Examples(database_of(options.examples), catalogue.contract) if options.examples else None


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
        options = argparse.Namespace(**{**UNSET, **vars(options)})
        with contextlib.ExitStack() as stack:
            target = stack.enter_context(_target(options, catalogue))
            runner = stack.enter_context(asyncio.Runner())
            client, is_remote = Client(target, catalogue.contract), bool(options.target) and not is_loopback(target.url)
            if is_remote:
                refuse_to_litter(catalogue.contract, target.url, keeps=options.keep_calls)
            cleans_up = options.max_live_calls is not None or (is_remote and not options.keep_calls)
            client.tag = RunTag.of(catalogue, client.run) if is_remote and cleans_up else None
            profile = PROFILES[options.profile]
            plan = cached_plan(catalogue, profile.cases, default_folder(), reads_of(options, catalogue))
            session = Session(
                catalogue=catalogue,
                client=client,
                profile=profile,
                shared_plan=plan,
                seed=seed,
                write=unrecorded,
                strict=strict,
                select=select,
                max_requests=options.max_requests,
                max_live=options.max_live_calls,
                max_created=options.max_created,
                max_seconds=options.max_time,
                clean_up=cleans_up,
                examples=_examples(options, catalogue),
            )
            suite = Suite(session, runner)
            yield suite
            if session.examples is not None:
                session.examples.keep(session.verdicts(), session.client.untagged)
            runner.run(session.sender.tidy())
            runner.run(session.sender.aclose())
            if suite.hopeless is None and suite.spent is None:  # else its plan may still be in the making
                store(plan, default_folder())

    def verdict(self, rule: str) -> Verdict:
        """Return the verdict on a rule, its phase carried out if it is not yet."""
        phase = phase_of(rule)
        try:
            for name in ("baseline", *_BEFORE.get(phase, ()), phase, *_MORE.get(phase, ())):
                self._carry_out(name)
        except CannotJudge as problem:
            self.hopeless = str(problem)
            self.session.conclude()
        except BudgetSpent:
            self.spent = f"{self.session.sender.spent or 'the budget is spent'}; what was not reached is skipped"
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
        phases = phases_of(self.session.profile, replays=self.session.examples is not None)
        if name == "baseline":
            self.runner.run(settle_baseline(self.session))
        elif name in phases:
            self.runner.run(self._phase(phases[name]))

    async def _phase(self, phase: Phase) -> None:
        with contextlib.suppress(NoRoom):  # the session has noted it; what follows may need less
            await phase(self.session)
        await self.session.examine()
        if self.session.max_live is not None:  # the next phase needs the room
            await self.session.release()
