"""A session: one run against one target, from cases through exchanges and findings to verdicts, recorded as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import InitVar, dataclass, field, replace
from functools import partial
from typing import TypeVar

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult, Finding, Naming, as_found
from conformance.checks.tolerances import tolerances_of
from conformance.http.cleanup import Created, identifier_of
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.interleaving import Work
from conformance.http.key_watch import REFUSED
from conformance.http.sender import Sending, Write
from conformance.profiles import Profile, Selection
from conformance.results.results import Results
from conformance.triage.budget import TriageBudget
from conformance.triage.refused_fields import RefusedFields
from conformance.triage.triage import Triage
from openapi.catalogue import Catalogue
from openapi.rules import Area, Basis, Rule
from reports.record.entries import Verdict
from strategies.case import Case, Side
from strategies.plan.plan import Plan

T = TypeVar("T")
_WATCHED = "nobody documents it: valid bodies keep it; what breaks it alone, if anything does, is sent in larger profiles"
_UNREAD = "no answer to a created call could be read: see response.json"
_ABOUT_RESPONSES = {Area.SHAPE: "shape", Area.DEFAULT: "default", Area.ECHO: "echo"}  # and the side on which each is judged
_NOT_SHOWN = "no answer showed what it is about; a server may leave it out"
_HIDDEN = "what would have shown it was refused for another reason: see the rules that fail"


@dataclass
class Session:
    """The state of a run; everything that a phase needs. `progress` is told each exchange, `phase` the name of each phase."""

    catalogue: Catalogue
    client: Client
    profile: Profile
    seed: int
    write: Write
    strict: bool = False
    select: Sequence[str] = ()
    max_requests: int | None = None
    clean_up: bool = False
    progress: Callable[[Exchange], None] = lambda _exchange: None
    phase: Callable[[str], None] = lambda _name: None
    interrupted: Callable[[], None] = lambda: None
    baseline: Exchange | None = None
    crash: Exchange | None = None  # the first answer that was a server error
    # Facts of the target that the head of the report tells: operations that are not served, by feature, and why.
    unserved: dict[str, str] = field(default_factory=dict)
    legible: bool | None = None  # whether any answer to an accepted body could be read, once there is one
    # Many runs in one process may share what does not change from run to run.
    shared_plan: InitVar[Plan | None] = None
    shared_checker: InitVar[Checker | None] = None

    def __post_init__(self, shared_plan: Plan | None, shared_checker: Checker | None) -> None:
        contract = self.catalogue.contract
        self.plan = shared_plan or Plan(self.catalogue, few=self.profile.few)
        self.checker = shared_checker or Checker(self.catalogue, tolerances_of(contract))
        self.selection = Selection(self.select)
        self.results = Results(contract, self.client.target.key, self.selection)
        self.created = Created(contract, identifier_of(self.catalogue), contract.data.created.unique)
        self.sending = Sending(self.client, contract, self.write, self._note, self.max_requests)
        budget = TriageBudget(self.exchange, self.exchanges, self.profile.triage)
        self.triage = Triage(self.plan.oracle, self.checker, self.results, budget)
        if self.clean_up:
            self.client.follow_up, self.client.followed = self.created.deletion_of, self.created.note_deletion

    # --- sending

    def wants(self, rule: str) -> bool:
        """Whether a rule is selected."""
        return self.selection.wants(rule)

    def exchange(self, case: Case) -> Exchange:
        """Sends one case and records it, without judging. BudgetSpent if it may not."""
        return self.sending.one(case)

    def exchanges(self, cases: Iterable[Case]) -> list[Exchange]:
        """Sends cases, many at a time, and records them, without judging; as many as the budget lets."""
        found: list[Exchange] = []
        self.sending.many(cases, found.append)
        return found

    def abreast(self, works: Iterable[Work]) -> None:
        """Carries on works side by side, each of which sends one case after the other, or has works of its own carried on."""
        self.sending.abreast(works)

    def gathered(self, works: Sequence[Callable[[], T]]) -> list[T]:
        """What works give that are carried on side by side, in the order of the works."""
        found: dict[int, T] = {}

        def carry_out(index: int, work: Callable[[], T]) -> None:
            found[index] = work()

        self.abreast(partial(carry_out, index, work) for index, work in enumerate(works))
        return [found[index] for index in range(len(works))]

    def run(self, cases: Iterable[Case], *, are_verified: bool = False) -> None:
        """Sends cases, many at a time, judges each exchange as it comes, and looks into what was found.

        `are_proved` if the oracle has judged their bodies as they were made.
        """
        selected = filter(self.selection.wants_any, cases)
        verified = selected if are_verified else self._verified(selected)
        self.sending.many(verified, lambda exchange: self.take(exchange, self.checker.check(exchange)))
        self.triage.run(self.baseline)

    def _verified(self, cases: Iterable[Case]) -> Iterable[Case]:
        """The cases whose label the oracle confirms on the final bytes; another is the suite's own error."""
        for case in cases:
            problem = self.plan.verification.mislabelled(case)
            if problem is None:
                yield case
            else:
                for rule in case.rules():
                    self.results[rule].suite_error = f"the suite's own error: {case.id}: {problem}"

    def _note(self, exchange: Exchange) -> None:
        self.progress(exchange)
        self.created.note(exchange, self.results)
        if self.crash is None and self.checker.is_crash(exchange):
            self.crash = exchange

    @property
    def cut_short(self) -> bool:
        """Whether the budget kept something back."""
        return self.sending.cut_short

    # --- judging

    def take(self, exchange: Exchange, check_result: CheckResult) -> None:
        """Takes a judgement into the tallies; findings wait to be confirmed and reduced."""
        self._count(exchange, check_result)
        self.triage.add(exchange, check_result.findings)

    def _count(self, exchange: Exchange, check_result: CheckResult) -> None:
        case = exchange.case
        self.results.bear(set(case.rules()), exchange.number)
        if check_result.unjudged is not None:
            is_too_large = self.checker.is_too_large(exchange)
            for rule in case.rules() if not is_too_large else ():
                self.results.unjudge(rule, str(case.side), check_result.unjudged)
            if is_too_large and case.side is Side.ACCEPTS:
                self._owe_parts(case, check_result.unjudged)
                self.triage.add_too_large(exchange)
        if case.side is Side.ACCEPTS and exchange.is_success:
            self.legible = self.legible or isinstance(exchange.json, dict)
        held = set(check_result.held)
        if self.checker.is_silent(exchange):
            self.triage.add_unanswered(exchange)
        else:
            held.add(("robustness.responds", "robustness"))
            if exchange.status < 500:
                held.add(("robustness.server-error", "robustness"))
        self.results.hold_all(held, exchange)

    def _owe_parts(self, case: Case, why: str) -> None:
        """Note that rules pass only if a smaller body shows them: a limit on the size of requests is nobody's promise."""
        for rule in case.rules():
            self.results[rule].owed |= {str(case.side)}
            self.results.skip(rule, why)

    def settle(
        self, exchange: Exchange, named: Naming = as_found, *, excused: Callable[[Finding], bool] = lambda _finding: False
    ) -> None:
        """Judge a request that others follow, and take its findings at once, as they are `named`, but for what is `excused`."""
        check_result = self.checker.check(exchange)
        check_result.findings = [each for each in check_result.findings if not excused(each)]
        self._count(exchange, check_result)
        left = list(check_result.findings)
        try:
            while left:
                self.triage.settle(exchange, named(left.pop(0)), named)
        finally:
            for finding in left:  # the run ends
                self.fail_at(named(finding), exchange)

    def is_unjudged(self, exchange: Exchange, rule: str, side: str) -> bool:
        """Whether an exchange says nothing about a rule: no answer, or one that is about something else, or a 5xx."""
        check_result = CheckResult()
        self.checker.common(exchange, check_result)
        self._count(exchange, check_result)
        if check_result.unjudged is not None:
            self.results.unjudge(rule, side, check_result.unjudged)
        for finding in check_result.findings:
            self.fail_at(replace(finding, rule="robustness.server-error", attribute=False), exchange)
        return check_result.unjudged is not None or bool(check_result.findings)

    def hold(self, rule: str, side: str, exchange: Exchange) -> None:
        """Notes that a rule held."""
        self.results.hold(rule, side, exchange)

    def fail_at(self, finding: Finding, exchange: Exchange) -> None:
        """Notes a failure of a request that cannot be made smaller, if its rule is selected."""
        self.results.fail_at(finding, exchange)

    # --- what is known of the server

    def is_explained(self, name: str) -> bool:
        """Whether a top-level field fails already for itself, so that whatever else it does wrong is no news."""
        return self.results.is_explained(name)

    @property
    def accepts_anything(self) -> bool:
        """Whether the server accepts nearly every invalid body."""
        return self.triage.accepts_anything

    @property
    def refused_fields(self) -> RefusedFields:
        """The fields and values that the server is known to refuse, though they are valid."""
        return self.triage.isolator.refused_fields

    # --- the end

    def tidy(self) -> int:
        """Deletes what the run created, if it is to; gives the number of calls that could not be deleted."""
        return self.created.tidy(self.client) if self.clean_up else 0

    def conclude(self) -> None:
        """Notes what was found when the run ended before it was looked into, and a server error that nobody has told of."""
        if self.sending.locked_out is not None:
            self.triage.disregard(REFUSED, self.sending.locked_out)
        self.triage.conclude()
        if self.crash is not None and not self.results.has_crash(self.catalogue.is_documented):
            reported = Finding(
                "robustness.server-error", "robustness", "a status below 500", f"status {self.crash.status}, once"
            )
            self.fail_at(reported, self.crash)

    def _leave_unread(self, rule: Rule) -> None:
        """Notes of a rule about what answers hold that there was nothing to read; an error unless the reason is told itself."""
        side = _ABOUT_RESPONSES.get(rule.area)
        if side is not None and self.wants("response.json"):
            self.results.skip(rule.id, _UNREAD)
        elif side is not None:
            self.results.unjudge(rule.id, side, _UNREAD)

    def verdicts(self) -> list[Verdict]:
        """The verdict on each selected rule."""
        rules = [rule for rule in self.catalogue.rules.values() if self.wants(rule.id)]
        for rule in rules if self.legible is False else ():
            self._leave_unread(rule)
        for rule in rules if self.refused_fields or self.triage.left_packs else ():
            self.results.skip(rule.id, _HIDDEN)
        for rule in rules:
            if rule.basis is Basis.UNDOCUMENTED and rule.id.startswith("body."):
                self.results.skip(rule.id, _WATCHED)
        for stated in self.catalogue.contract.extensions.get("x-exchange-rules", ()) if self.legible else ():
            self.results.skip(f"response.{stated['id']}", _NOT_SHOWN)
        for rule in rules if self.legible else ():
            if rule.area is Area.DEFAULT:
                self.results.skip(rule.id, _NOT_SHOWN)
        # That what is right is accepted shows little while nothing that is wrong was sent.
        for rule in rules:
            if rule.id in self.plan.violations:
                self.results[rule.id].owed |= {Side.REJECTS}
        return self.results.verdicts(rules, strict=self.strict)
