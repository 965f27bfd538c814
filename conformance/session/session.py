"""A session: what the phases of one run share, and the way of an exchange through it.

    phase -> sender -> exchange -> checks -> findings -> triage -> results

The sender hands each exchange back to who asked for it, and to the log. Nothing below the session calls it: triage asks the
sender for more, and the results are reported what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import InitVar, dataclass, field, replace
from functools import partial
from typing import TypeVar

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding
from conformance.checks.identity import Identities
from conformance.checks.tolerances import tolerances_of
from conformance.concurrency.branches import Work, gather, is_within
from conformance.concurrency.planning import FromThread, computed
from conformance.http.client import Client
from conformance.http.endings import NoRoom
from conformance.http.exchange import Exchange
from conformance.http.key_watch import REFUSED
from conformance.http.live_objects import Journal, LiveObjects, NoJournal
from conformance.http.sender import GRACE, Sender
from conformance.http.target import Target
from conformance.profiles import Profile, Selection
from conformance.profiles.narrowing import MOST_OTHERS, Narrowing
from conformance.profiles.sharding import Shard, share_of
from conformance.results.checkpoints import Checkpoints
from conformance.results.examples import Examples
from conformance.results.exchange_log import ExchangeLog, Write, unrecorded
from conformance.results.results import Results
from conformance.results.verdicts import Evidence, verdicts, violable
from conformance.session.choice import Choice
from conformance.session.dispatch import Handle, Send, in_order, is_plain, together
from conformance.session.intake import Intake
from conformance.triage.budget import Resender, TriageBudget
from conformance.triage.triage import Triage
from openapi.catalogue import Catalogue
from openapi.identifiers import identifier_of
from openapi.json_types import Json
from openapi.own_checks import About
from openapi.rules import Basis
from reports.record.entries import Outcome, Verdict
from strategies.case import Case, Side
from strategies.plan.plan import Plan

T = TypeVar("T")
_WINDOW = 4  # cases that wait to be sent, for each request in flight


@dataclass
class Session:
    """The state of a run. `progress` is reported each exchange, `phase` the name of each phase.

    `max_live` bounds the created objects that exist at once, `max_created` all of them; `journal` keeps them on disk.
    """

    catalogue: Catalogue
    client: Client
    profile: Profile
    seed: int
    write: Write
    strict: bool = False
    select: Sequence[str] = ()
    shard: Shard | None = None
    is_sparing: bool = True  # whether few cases may decide each rule where few rules are selected
    max_requests: int | None = None
    max_live: int | None = None
    max_created: int | None = None
    max_seconds: float | None = None
    max_failures: int | None = None
    clean_up: bool = False
    examples: Examples | None = None
    journal: Journal = field(default_factory=NoJournal)
    progress: Handle = lambda _exchange: None
    phase: Callable[[str], None] = lambda _name: None
    interrupted: Callable[[], None] = lambda: None
    baseline: Exchange | None = None
    seed_body: Json = field(default_factory=dict)  # the smallest body that the target accepts
    crash: Exchange | None = None  # the first response that was a server error
    # Facts of the target that the head of the report shows: operations that are not served, by feature, and why.
    unserved: dict[str, str] = field(default_factory=dict)
    lacks_room: bool = False  # whether something was not sent since it needs more objects at once than may exist
    # Many runs in one process may share what does not change from run to run.
    shared_plan: InitVar[Plan | None] = None
    shared_checker: InitVar[Checker | None] = None

    def __post_init__(self, shared_plan: Plan | None, shared_checker: Checker | None) -> None:
        contract = self.catalogue.contract
        self.plan = shared_plan or Plan(self.catalogue, self.profile.cases)
        self.checker = shared_checker or Checker(self.catalogue, tolerances_of(contract))
        self.selection = Selection(self.select)
        selected = frozenset(rule for rule in self.catalogue.rules if self.select and self.selection.wants(rule))
        self.narrowing = self._narrowing(selected or frozenset(self.catalogue.rules))
        share = None
        # Any refusal shows a rule of one's own that is about refusals.
        of_refusals = (each for each in self.catalogue.own if each.about is not About.CREATED)
        shows_refusals = any(self.selection.wants(each.rule.id) for each in of_refusals)
        if self.shard is not None:
            share = share_of(self.shard, self.plan, self.profile, self.narrowing)
            if self.narrowing.is_narrow:
                self.narrowing = self._narrowing(share.rules)
        self.choice = Choice(self.profile, self.selection, self.narrowing, share, shows_refusals)
        self.results = Results(contract, self.client.redaction, self.selection)
        self.log = ExchangeLog(contract, self.write, self.progress)
        self._checkpoints = Checkpoints(self.write)
        self._accepted: dict[bytes, Exchange] = {}  # small bodies, which serve each rule that asks for them
        self._identities = Identities(contract.data.created.unique)
        self.objects = LiveObjects(
            contract,
            identifier_of(contract, self.catalogue.body, self.catalogue.response),
            self.clean_up,
            self.max_live,
            self.max_created,
            self.journal,
        )
        retried = frozenset(self.checker.tolerances.unjudged) | frozenset(self.checker.tolerances.unanswered)
        self.sender = Sender(self.client, self.objects, self._receive, retried, self.max_requests, self.seed, self._enough)
        budget = TriageBudget(self.profile.triage)
        self.triage = Triage(self.plan.oracle, self.checker, self.results, budget, self._can_fail)
        self.intake = Intake(self.checker, self.results, self.triage)

    def _narrowing(self, rules: frozenset[str]) -> Narrowing:
        checker = self.checker
        return Narrowing(self.catalogue, rules, checker.accepted_with, checker.exercised_by, self.is_sparing)

    def failing(self) -> int:
        """Return how many rules fail so far, of those that can fail the run."""
        return self.results.failing(self._can_fail)

    def _can_fail(self, rule: str) -> bool:
        """Return whether a rule can fail the run."""
        known = self.catalogue.rules.get(rule)
        return known is not None and (known.basis is Basis.DOCUMENTED or (self.strict and known.basis is Basis.IMPLIED))

    def _enough(self) -> str | None:
        """Return which budget beside those of requests is spent, in words; None while none is."""
        if self.max_seconds is not None and self.client.elapsed >= self.max_seconds:
            return f"the budget of {self.max_seconds:g} s is spent"
        if self.max_failures is not None and self.failing() >= self.max_failures:
            return f"{self.failing()} rules fail, and no more were asked for"
        return None

    @property
    def target(self) -> Target:
        """Return where requests go."""
        return self.client.target

    def completed(self, body: Json) -> Json:
        """Return a body with the members of the seed that it lacks, if it is invalid without them."""
        if not isinstance(body, dict) or not isinstance(self.seed_body, dict) or self.plan.oracle.is_valid(body):
            return body
        both = {**self.seed_body, **body}
        return both if self.plan.oracle.is_valid(both) else body

    # --- sending

    def wants(self, rule: str) -> bool:
        """See :meth:`Choice.wants`."""
        return self.choice.wants(rule)

    def needed(self, cases: Iterable[Case], most: int = MOST_OTHERS) -> list[Case]:
        """See :meth:`Choice.needed`."""
        return self.choice.needed(cases, most)

    async def send(self, case: Case, *, keep: bool = False) -> Exchange:
        """Return the exchange of one case, recorded and not judged. BudgetSpent, CannotJudge or Ended if it may not be sent.

        `keep` if later requests are about what it creates. NoRoom if it needs more objects at once than may exist, which is
        noted.
        """
        try:
            return await self.sender.send(case, keep=keep)
        except NoRoom:
            self.lacks_room = True
            raise

    async def send_all(self, cases: Iterable[Case]) -> list[Exchange]:
        """Return the exchanges of cases, in their order, many sent at a time."""
        found: list[Exchange] = []
        await self.each(cases, found.append)
        return found

    async def each(self, cases: Iterable[Case], handle: Handle, send: Send | None = None) -> None:
        """Send cases, many at a time, and hand over each exchange in the order of the cases; `send` may send in another way."""
        await in_order(cases, send or self.send, handle, _WINDOW * self.target.concurrency, self.sender.end)

    async def gather(self, works: Iterable[Work[T]]) -> list[T]:
        """Return what works return that are carried on together, in the order of the works; triage follows the outermost."""
        if self.max_live is not None:
            return [each for work in works for each in await self._alone(work)]
        found = await gather(list(works), self.target.concurrency, GRACE, self.sender.end)
        await self.examine()
        return found

    async def _alone(self, work: Work[T]) -> list[T]:
        """Return what a work returns that is carried on alone, and delete what it created once that is triaged.

        Works within it are carried on in the same way, so that each is judged at once and has room. Nothing if it lacks room.
        """
        before, found = set(self.objects.live), list[T]()
        with suppress(NoRoom):
            found.append(await work())
        await self._let_go(before)
        return found

    async def _let_go(self, kept: Collection[str]) -> None:
        """Triage what was found, then delete all that exists but for what is kept: triage may need it."""
        await self.examine()
        if self.clean_up:
            await self.sender.delete_all(set(self.objects.live) - set(kept) - {self.objects.first()})

    async def let_go(self, identity: str) -> None:
        """Delete an object that no later request is about, if the number of those that exist is bounded."""
        if self.max_live is not None:
            await self._let_go(self.objects.live.keys() - {identity})

    async def release(self) -> None:
        """Delete what a phase has created that no other phase needs."""
        await self._let_go(())

    async def run(self, cases: Iterable[Case], *, are_verified: bool = False, then: Handle = lambda _exchange: None) -> None:
        """Send cases, many at a time, check each exchange as it comes, and triage what was found.

        `are_verified` if the oracle has confirmed their labels as they were generated; `then` takes each checked exchange.
        """
        selected = filter(self.choice.is_wanted, cases)
        verified = selected if are_verified else self._verified(selected)

        def handle(exchange: Exchange) -> None:
            self.intake.take(exchange, self.checker.check(exchange))
            then(exchange)

        await self.each(verified, handle, self._send_once)
        await self.examine()

    async def _send_once(self, case: Case) -> Exchange:
        """Return the exchange of a case; that of the same small body, if the server has accepted it before."""
        known = self._accepted.get(case.content or b"") if case.side is Side.ACCEPTS and is_plain(case) else None
        return await self.send(case) if known is None else replace(known, case=case)

    def _verified(self, cases: Iterable[Case]) -> Iterable[Case]:
        """Yield the cases whose label the oracle confirms on the final bytes; another is the suite's own error."""
        for case in cases:
            problem = self.plan.verification.mislabelled(case)
            if problem is None:
                yield case
            else:
                for rule in case.rules():
                    self.results[rule].suite_error = f"the suite's own error: {case.id}: {problem}"

    def _receive(self, exchange: Exchange) -> None:
        """Note what each exchange says, whatever it was meant for."""
        self.log.add(exchange)
        if exchange.is_success and is_plain(exchange.case):
            self._accepted.setdefault(exchange.case.content or b"", exchange)
        identity = self.objects.id_in(exchange)
        if identity is not None and not self.objects.identifier.is_sent(exchange.case.body):
            findings, held = self._identities.check(identity, exchange)
            self.results.hold_all(held, exchange)
            for finding in findings:
                self.results.fail_at(finding, exchange)
        if self.crash is None and self.checker.is_crash(exchange):
            self.crash = exchange
        if self._checkpoints.is_due():
            self.checkpoint()

    async def examine(self) -> None:
        """Triage what was found, unless this is within a work that others follow."""
        if is_within() or not self.triage.is_needed:
            return
        loop = asyncio.get_running_loop()
        longest = 2 * self.target.timeout * (self.target.retries + 1) + 60
        send_all = partial(together, send=self.sender.send, longest=longest, end=self.sender.end)
        resender = Resender(FromThread(loop, self.sender.send), FromThread(loop, send_all), self.triage.budget)
        run = partial(self.triage.run, resender, self.baseline)
        await computed(run, GRACE, self.sender.end)

    # --- the end

    def conclude(self) -> None:
        """Note what was found when the run ended before triage, and a server error that no failure reports."""
        self.log.close()
        if self.sender.locked_out is not None:
            self.triage.disregard(REFUSED, self.sender.locked_out)
        self.triage.conclude()
        if self.crash is not None and not self.results.has_crash(self.catalogue.is_documented):
            reported = Finding(
                "robustness.server-error", "robustness", "a status below 500", f"status {self.crash.status}, once"
            )
            self.results.fail_at(reported, self.crash)

    def verdicts(self) -> list[Verdict]:
        """Return the verdict on each selected rule; a shard adds failures of other shards' rules that its requests showed."""
        return self._verdicts_of(self.results)

    def checkpoint(self) -> None:
        """Record the verdicts that the run supports so far."""
        if self.write is unrecorded or not self.plan.is_planned:
            return
        self._checkpoints.note(lambda: self._verdicts_of(self.results.copy()), self.triage.uncertain())

    def _verdicts_of(self, results: Results) -> list[Verdict]:
        evidence = Evidence(
            legible=self.intake.legible,
            hiding=self.triage.refused_fields.hiding,
            violated=violable(self.plan),
        )
        found = verdicts(self.catalogue, results, evidence, strict=self.strict)
        return [each for each in found if self.wants(each.rule) or each.outcome is Outcome.FAIL]
