"""Intake of check results: what the check of an exchange says goes to the results at once, and its findings wait for triage.

Works that are carried on together are judged in their order, whichever response came first
(`conformance/concurrency/branches`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from conformance.checks.checker import Checker
from conformance.checks.finding import CheckResult, Finding, Naming, Suspect, as_found
from conformance.concurrency.branches import note
from conformance.http.exchange import Exchange
from conformance.results.results import Results
from conformance.triage.triage import Triage
from strategies.case import Case, Side


@dataclass
class Intake:
    """The way of check results into the results of a run, and into its triage.

    `legible` shows whether any response to an accepted body could be read, once there is one.
    """

    checker: Checker
    results: Results
    triage: Triage
    legible: bool | None = None

    def judge(self, result: Callable[[], None]) -> None:
        """Judge in the order of the works that are carried on together; at once where none are."""
        note(result)

    def take(self, exchange: Exchange, check_result: CheckResult) -> None:
        """Take a check result; findings wait for triage."""
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
            self.triage.add_silent(exchange)
        elif check_result.unjudged is None:
            held.add(("robustness.responds", "robustness"))
            if exchange.status < 500:
                held.add(("robustness.server-error", "robustness"))
        self.results.hold_all(held, exchange)
        for rule, where in check_result.raised.items():
            self.results[rule].suite_error = exchange.shown(f"the check raised an error at {where}")
        for rule, happened, place in check_result.observed:
            places = self.results[rule].observed.setdefault(happened, [])
            places += [] if place in places else [place]

    def _owe_parts(self, case: Case, why: str) -> None:
        """Note that rules pass only if a smaller body shows them: a limit on the size of requests is nobody's promise."""
        for rule in case.rules():
            self.results[rule].owed |= {str(case.side)}
            self.results.skip(rule, why)

    def settle(
        self, exchange: Exchange, named: Naming = as_found, *, excused: Callable[[Finding], bool] = lambda _finding: False
    ) -> None:
        """Check a request that others follow; its findings wait for triage as they are `named`, but for what is `excused`."""
        check_result = self.checker.check(exchange)
        self.judge(partial(self._settle, exchange, check_result, named, excused))

    def _settle(self, exchange: Exchange, check_result: CheckResult, named: Naming, excused: Callable[[Finding], bool]) -> None:
        check_result.findings = [each for each in check_result.findings if not excused(each)]
        self._count(exchange, check_result)
        for finding in check_result.findings:
            self.triage.add_sequel(exchange, finding, named(finding))

    def is_unjudged(self, exchange: Exchange, rule: str | None, side: str) -> bool:
        """Return whether an exchange says nothing about a rule: no response, or one about something else, or a 5xx.

        Without a rule, none is left unjudged by it: what the request tries is tried again.
        """
        check_result = CheckResult()
        self.checker.common(exchange, check_result)
        self.judge(partial(self._leave, exchange, rule, side, check_result))
        return check_result.unjudged is not None or bool(check_result.findings)

    def _leave(self, exchange: Exchange, rule: str | None, side: str, check_result: CheckResult) -> None:
        self._count(exchange, check_result)
        if rule is not None and check_result.unjudged is not None:
            self.results.unjudge(rule, side, check_result.unjudged)
        for finding in check_result.findings:
            self.triage.add_crash(exchange, finding)

    def hold(self, rule: str, side: str, exchange: Exchange) -> None:
        """Note that a rule held."""
        self.judge(partial(self.results.hold, rule, side, exchange))

    def fail_at(self, finding: Finding, exchange: Exchange) -> None:
        """Note a failure that only several exchanges together show, if its rule is selected."""
        self.judge(partial(self.results.fail_at, finding, exchange))

    def suspect(self, finding: Finding, exchange: Exchange, judge: Callable[[Exchange], Finding | None]) -> None:
        """Note a finding that triage is to confirm: `judge` shows whether another exchange of the request shows it."""
        self.judge(partial(self.triage.add_suspect, Suspect(exchange, finding, judge)))

    def suspect_whole(self, finding: Finding, exchange: Exchange, problem: Callable[[Exchange], str | None]) -> None:
        """Note a finding that rests on earlier requests as well: triage sends this one again, and never a smaller one.

        `problem` returns what another exchange of the request shows of it, None where it shows nothing.
        """

        def judge(again: Exchange) -> Finding | None:
            actual = problem(again)
            return None if actual is None else replace(finding, actual=actual)

        self.judge(partial(self.triage.add_suspect, Suspect(exchange, finding, judge, is_sequel=True, is_whole=True)))
