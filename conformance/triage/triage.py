"""Triage: each finding is confirmed, shrunk, and reported under the rule that it is about.

    found      {"a": 1, "b": [..200 items..], "c": "x"}  refused once
    confirm    the same request again: refused again, or it is intermittent
    shrink     {"b": [null]}                             the smallest body that is still refused
    confirm    that very body again: what is reported was seen to fail twice
    attribute  body.b.maxItems                           the rule that the refusal is about

It runs in a thread of its own, since shrinking computes a lot. From there it asks the sender for more requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding, Suspect
from conformance.http.exchange import Exchange
from conformance.results.results import Results
from conformance.triage.bisecting import Isolator, Parting
from conformance.triage.budget import Resender, TriageBudget, TriageBudgetSpent
from conformance.triage.confirming import Confirmer, Unjudged, named
from conformance.triage.refused_fields import RefusedFields
from conformance.triage.shrinking import Reducer, guesses
from conformance.triage.silence import stays_silent
from conformance.triage.systemic import systemic
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Case

_REQUESTS = 40  # that shrink one finding
_SILENCES = 3  # requests without a response that are sent again


@dataclass
class Triage:
    """Triages findings, within a budget.

    `counts` says of a rule whether it can fail the run. `accepts_anything` shows of the server, `left_packs` whether refused
    packs were left whose causes are not all known.
    """

    oracle: Oracle
    checker: Checker
    results: Results
    budget: TriageBudget
    counts: Callable[[str], bool] = lambda _rule: True
    accepts_anything: bool = False
    left_packs: bool = False
    refused_fields: RefusedFields = field(init=False)
    _waiting: list[Suspect] = field(default_factory=list)
    _silent: list[Exchange] = field(default_factory=list)
    _too_large: list[Exchange] = field(default_factory=list)
    _believed: set[tuple[str, str]] = field(default_factory=set)  # kinds of findings that one example has confirmed
    _resender: Resender = field(init=False)
    _confirmer: Confirmer = field(init=False)

    def __post_init__(self) -> None:
        self.refused_fields = RefusedFields(self.oracle)

    # --- what waits

    @property
    def is_needed(self) -> bool:
        """Return whether anything waits."""
        return bool(self._waiting or self._silent or self._too_large)

    def uncertain(self) -> set[str]:
        """Return the rules that a finding is about which waits."""
        exchanges = [*self._silent, *self._too_large, *(each.exchange for each in self._waiting)]
        rules = {each.finding.rule for each in self._waiting}
        return rules.union(*(each.case.rules() for each in exchanges))

    def add(self, exchange: Exchange, findings: Iterable[Finding]) -> None:
        """Keep what a check found until it is triaged."""
        for finding in findings:
            self._waiting.append(Suspect(exchange, finding, partial(self._shown, finding=finding)))
            if finding.side == "rejects" and finding.rule != exchange.case.rule:  # refused, but as it should not be
                self.results.owe(exchange.case.rule, finding.rule)

    def add_sequel(self, exchange: Exchange, finding: Finding, named: Finding) -> None:
        """Keep what one of several requests in a row has shown; it is reported as it is `named`."""
        self.add_suspect(Suspect(exchange, named, partial(self._shown, finding=finding, named=named), is_sequel=True))

    def add_crash(self, exchange: Exchange, finding: Finding) -> None:
        """Keep a server error in response to a request that no body explains."""
        named = replace(finding, rule="robustness.server-error", attribute=False)
        self.add_suspect(Suspect(exchange, named, partial(self._crashed, named=named), is_sequel=True))

    def add_suspect(self, suspect: Suspect) -> None:
        """Keep a finding, if its rule is selected. What it fails for explains later findings of the same field."""
        if self.results.selection.wants(suspect.finding.rule):
            self._waiting.append(suspect)
            self.results.explain(suspect.finding)

    def add_silent(self, exchange: Exchange) -> None:
        """Keep a request that got no response."""
        self._silent.append(exchange)

    def add_too_large(self, exchange: Exchange) -> None:
        """Keep a valid body that is larger than the server takes, to be sent in parts."""
        self._too_large.append(exchange)

    # --- triaging

    def run(self, resender: Resender, baseline: Exchange | None) -> None:
        """Triage what waits. `baseline` is a request that got a response, if there is one."""
        self._resender = resender
        self._confirmer = Confirmer(self.checker, self.results, resender, self._kind)
        with suppress(TriageBudgetSpent):  # what got no response has no verdict then
            self._triage_silence(baseline)
            parting = Parting(self.oracle, self.checker, self.results, resender.send, self.add)
            while self._too_large:
                parting.part(self._too_large.pop())
        self._silent.clear()
        # What is not triaged yet keeps waiting: the run may end at any request.
        self._report_systemic()
        self._waiting.sort(key=attrgetter("plainness"), reverse=True)
        try:
            self._triage_waiting()
        except TriageBudgetSpent:
            self._leave(f"the budget of {self.budget.limit} requests was spent")

    def _triage_waiting(self) -> None:
        """Triage what waits, the plainest first."""
        seen: set[tuple[str, str]] = set()
        self._confirmer.repeat(reversed(self._waiting))
        while self._waiting:
            suspect = self._waiting[-1]
            try:
                self._triage(suspect, seen)
            except Unjudged as problem:
                self._leave_unjudged(suspect, str(problem))
            self._waiting.pop()

    def _triage(self, suspect: Suspect, seen: set[tuple[str, str]]) -> None:
        """Confirm a finding and report it by the smallest body; what was `seen` is only counted."""
        finding, exchange = suspect.finding, suspect.exchange
        if finding.attribute:
            self._attribute(suspect)
        elif self.results[finding.rule].failures and (suspect.is_sequel or (finding.rule, finding.side) in seen):
            self.results.fail(finding, exchange)
        elif (finding.rule, finding.side) in seen or not self.results.selection.wants(finding.rule):
            return
        elif self._kind(finding) in self._believed:
            self.results.fail(finding, exchange)
            seen.add((finding.rule, finding.side))
        elif self._confirmer.is_confirmed(suspect):
            self._believed |= {kind for kind in (self._kind(finding),) if kind is not None}
            self._shrink(suspect)
            seen.add((finding.rule, finding.side))

    def _kind(self, finding: Finding) -> tuple[str, str] | None:
        """Return the kind of a finding that is only recorded: one confirmed example stands for all. None if it can fail."""
        return None if self.counts(finding.rule) else (finding.rule.rpartition(".")[2], finding.side)

    def _attribute(self, suspect: Suspect) -> None:
        """Name the causes in a refused pack; packs that are refused for what is known need no confirmation."""
        if not self.refused_fields and not self._confirmer.is_confirmed(suspect):
            return
        isolator = Isolator(self.oracle, self.checker, self.results, self._confirmer.ask, self.refused_fields)
        if not isolator.isolate(suspect.exchange, suspect.finding):
            self._leave_pack(suspect.exchange.case, "it holds too many that are refused for each to be known")

    def _report_systemic(self) -> None:
        """Report a server that accepts nearly every invalid body once, in place of what it fails for."""
        found = systemic(self._waiting, self.results.times("status.refused", "rejects"), self.checker.catalogue.is_documented)
        if found is None:
            return
        self.accepts_anything = True
        self.results.fail_at(found.finding, found.exchange)
        for each in found.explained:
            self.results[each.finding.rule].skipped = "nearly every invalid body was accepted: see status.refused"
        self._waiting = [each for each in self._waiting if each not in found.explained]

    def _triage_silence(self, baseline: Exchange | None) -> None:
        """Report requests that never get a response while others do."""
        found, self._silent = self._silent, []
        if baseline is None:
            return
        for exchange in found[:_SILENCES]:
            again = stays_silent(exchange, baseline.case, self.checker, self._resender)
            if again is not None:
                expected = "a response, as other requests get one"
                actual = str(self.checker.unjudged(again))
                path = exchange.case.offending_path or ()
                self.results.fail_at(Finding("robustness.responds", "robustness", expected, actual, path), exchange)

    def _shown(self, exchange: Exchange, finding: Finding, named: Finding | None = None) -> Finding | None:
        """Return the finding as this exchange shows it, under the rule that it is `named` by; None if it does not."""
        found = self.checker.check(exchange).findings
        shown = next((each for each in found if (each.rule, each.side) == (finding.rule, finding.side)), None)
        return shown if shown is None or named is None else replace(shown, rule=named.rule, side=named.side)

    def _crashed(self, exchange: Exchange, named: Finding) -> Finding | None:
        return replace(named, actual=f"status {exchange.status}") if self.checker.is_crash(exchange) else None

    # --- shrinking

    def _shrink(self, suspect: Suspect) -> None:
        """Report a confirmed finding by the smallest body that shows it."""
        exchange, case, smallest = suspect.exchange, suspect.exchange.case, suspect.exchange
        if suspect.is_whole or not isinstance(case.body, dict) or not case.body:
            self.results.fail(suspect.finding, exchange)
            return

        def attempt(body: Json) -> Exchange:
            violated = self.oracle.violated(body).get(case.rule, ())
            return self._confirmer.ask(replace(case.with_body(body), offending_path=next(iter(violated), case.offending_path)))

        def shows(body: Json) -> bool:
            nonlocal smallest
            tried = attempt(body)
            if suspect.judge(tried) is None:
                return False
            smallest = tried
            return True

        reported = exchange
        try:
            with suppress(TriageBudgetSpent, Unjudged):  # it is confirmed: it is reported as it was found
                Reducer(self.oracle, _REQUESTS, case.rule).shrink(
                    case.body, shows, first=guesses(self.oracle, case, suspect.finding)
                )
                if smallest is exchange or suspect.judge(attempt(smallest.case.body)) is not None:
                    reported = smallest
        finally:
            self.results.fail(suspect.judge(reported) or suspect.finding, reported)

    # --- what is left

    def disregard(self, statuses: Collection[int], why: str) -> None:
        """Take back what responses of these statuses have shown: they were about something else."""
        self.results.disregard(statuses, why)
        for suspect in self._waiting:
            if suspect.exchange.status in statuses:
                self._leave_unjudged(suspect, why)
        self._waiting = [each for each in self._waiting if each.exchange.status not in statuses]

    def conclude(self) -> None:
        """Report what was found when the run ended before it was triaged: a failure all the same, if not a small one."""
        self._leave("the run ended")

    def _leave(self, why: str) -> None:
        """Report what still waits as it was found, the plainest first."""
        left, self._waiting = sorted(self._waiting, key=attrgetter("plainness")), []
        for exchange, finding in ((each.exchange, each.finding) for each in left):
            under = named(finding, exchange)
            if not self.results[under.rule].failures and not self._is_explained(exchange, finding):
                actual = f"{finding.actual} ({why} before this was triaged)"
                self.results.fail_at(replace(under, actual=actual), exchange)
            if finding.attribute:
                self._leave_pack(exchange.case, f"{why} before it was known which")

    def _leave_unjudged(self, suspect: Suspect, why: str) -> None:
        """Note that a finding could not be triaged, since the server responds to something else by now."""
        if suspect.finding.attribute:
            self._leave_pack(suspect.exchange.case, f"{why}, before it was known which")
        elif not self.results[suspect.finding.rule].failures:
            self.results.unjudge(suspect.finding.rule, suspect.finding.side, why)

    def _leave_pack(self, case: Case, why: str) -> None:
        """Note of all that a refused pack would have verified that this pack says nothing about it."""
        self.left_packs = True
        for rule in self.checker.accepted_with(case):
            self.results.unjudge(rule, "accepts", f"refused with others; {why}")

    def _is_explained(self, exchange: Exchange, finding: Finding) -> bool:
        """Return whether a pack is refused for what is known, as far as can be said without asking.

        A 5xx is more than a refusal.
        """
        return finding.attribute and exchange.status < 500 and self.refused_fields.are_in(exchange.case.body)
