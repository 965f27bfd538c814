"""Examining: what was found is sent again, made as small as can be, and told under the rule that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding, Naming, as_found
from conformance.http.exchange import Exchange
from conformance.http.key_watch import REFUSED
from conformance.results.results import Results
from conformance.triage.bisecting import Isolator, Parting
from conformance.triage.budget import TriageBudget, TriageBudgetSpent
from conformance.triage.shrinking import Reducer
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.bodies.builder import Builder
from strategies.case import Case, Key

Found = tuple[Exchange, Finding]
_SYSTEMIC = 20  # invalid bodies accepted, four times as many as refused
_REQUESTS = 40  # that make one finding small
_SILENCES = 3  # requests without an answer that are sent again
_AGAIN = 3  # times


class _Unjudged(Exception):
    """The server answers about something else, or not at all: what was found can be looked into no further."""


@dataclass
class Triage:
    """Looks into findings, within an allowance.

    `accepts_anything` tells of the server, `left_packs` whether refused packs were left whose culprits are not all known.
    """

    oracle: Oracle
    checker: Checker
    results: Results
    budget: TriageBudget
    accepts_anything: bool = False
    left_packs: bool = False
    isolator: Isolator = field(init=False)
    _parting: Parting = field(init=False)
    _waiting: list[Found] = field(default_factory=list)
    _unanswered: list[Exchange] = field(default_factory=list)
    _too_large: list[Exchange] = field(default_factory=list)
    _repeated: dict[int, Exchange] = field(default_factory=dict)
    _in_hand: dict[tuple[str, str], list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.isolator = Isolator(self.oracle, self.checker, self.results, self._ask)
        self._parting = Parting(self.oracle, self.checker, self.results, self.budget.send, self.add)

    def add(self, exchange: Exchange, findings: Iterable[Finding]) -> None:
        """Keeps what was found until it is examined."""
        self._waiting += [(exchange, finding) for finding in findings]
        for finding in findings:
            if finding.side == "rejects" and finding.rule != exchange.case.rule:  # refused, but as it should not be
                self.results.owe(exchange.case.rule, finding.rule)

    def add_unanswered(self, exchange: Exchange) -> None:
        """Keeps a request that got no answer until it is examined."""
        self._unanswered.append(exchange)

    def add_too_large(self, exchange: Exchange) -> None:
        """Keeps a valid body that is larger than the server takes, to be sent in parts."""
        self._too_large.append(exchange)

    def run(self, baseline: Exchange | None) -> None:
        """Looks into what waits. `baseline` is a request that was answered, if there is one."""
        with suppress(TriageBudgetSpent):  # what got no answer has no verdict then
            self._triage_silence(baseline)
            while self._too_large:
                self._parting.part(self._too_large.pop())
        # What is not looked into yet keeps waiting: the run may end at any request.
        self._waiting = sorted(self._without_systemic(self._waiting), key=_size, reverse=True)
        try:
            self._triage_waiting()
        except TriageBudgetSpent:
            self._leave(f"the allowance of {self.budget.limit} requests was spent")

    def _triage_waiting(self) -> None:
        """Looks into what waits, the smallest first."""
        seen: set[tuple[str, str]] = set()
        self._repeated = self._repeat_all()
        while self._waiting:
            exchange, finding = self._waiting[-1]
            try:
                self._look_into(exchange, finding, seen)
            except _Unjudged as problem:
                self._leave_unjudged(exchange.case, finding, str(problem))
            self._waiting.pop()

    def _repeat_all(self) -> dict[int, Exchange]:
        """Sends what shows each breach once more, many at a time: the exchanges, by the number of the first one."""
        first: dict[tuple[str, str], Exchange] = {}
        for exchange, finding in reversed(self._waiting):
            if not finding.attribute and self.results.selection.wants(finding.rule):
                first.setdefault((finding.rule, finding.side), exchange)
        shown = list({exchange.number: exchange for exchange in first.values()}.values())
        again = self.budget.send_all([replace(each.case, phase="shrink") for each in shown])
        return {exchange.number: other for exchange, other in zip(shown, again, strict=False)}

    def _look_into(self, exchange: Exchange, finding: Finding, seen: set[tuple[str, str]]) -> None:
        """Confirms what was found and tells it as small as can be; what was `seen` is only counted."""
        if finding.attribute:
            known = self.isolator.refused_fields or self._is_confirmed(exchange, finding)
            if known and not self.isolator.isolate(exchange, finding):
                self._leave_pack(exchange.case, "it holds too many that are refused for each to be known")
        elif (finding.rule, finding.side) not in seen and self.results.selection.wants(finding.rule):
            if self._is_confirmed(exchange, finding):
                self._shrink(exchange, finding)
                seen.add((finding.rule, finding.side))
        elif self.results[finding.rule].failures:
            self.results.fail(finding, exchange)

    def _leave_unjudged(self, case: Case, finding: Finding, why: str) -> None:
        """Notes that what was found could not be looked into, since the server answers something else by now."""
        if finding.attribute:
            self._leave_pack(case, f"{why}, before it was known which")
        elif not self.results[finding.rule].failures:
            self.results.unjudge(finding.rule, finding.side, why)

    def settle(self, exchange: Exchange, finding: Finding, named: Naming) -> None:
        """Tells at once, without confirming it, what one of several requests in a row shows, by as small a body as shows it.

        `finding` is as it was `named`; smaller requests are looked at in the same way.
        """
        violation = (finding.rule, finding.side)
        if self.results[finding.rule].failures or not self.results.selection.wants(finding.rule):
            self.results.fail_at(finding, exchange)
            return
        if violation in self._in_hand:  # of another work that is carried on abreast
            self._in_hand[violation].append((exchange, finding))
            return
        self._in_hand[violation] = []
        try:
            with suppress(TriageBudgetSpent, _Unjudged):  # it is told all the same
                self._shrink(exchange, finding, named)
        finally:
            for other, alike in self._in_hand.pop(violation):
                self.results.fail_at(alike, other)

    def disregard(self, statuses: Collection[int], why: str) -> None:
        """Takes back what answers of these statuses have shown: they were about something else."""
        self.results.disregard(statuses, why)
        for exchange, finding in self._waiting:
            if exchange.status in statuses:
                self._leave_unjudged(exchange.case, finding, why)
        self._waiting = [each for each in self._waiting if each[0].status not in statuses]

    def conclude(self) -> None:
        """Notes what was found when the run ended before it was looked into: a breach all the same, if not a small one."""
        self._leave("the run ended")

    def _leave(self, why: str) -> None:
        """Tells what still waits as it was found, the smallest first."""
        left, self._waiting = sorted(self._waiting, key=_size), []
        for exchange, finding in left:
            named = _named(finding, exchange)
            if not self.results[named.rule].failures and not self._is_explained(exchange, finding):
                actual = f"{finding.actual} ({why} before this was looked into)"
                self.results.fail_at(replace(named, actual=actual), exchange)
            if finding.attribute:
                self._leave_pack(exchange.case, f"{why} before it was known which")

    def _leave_pack(self, case: Case, why: str) -> None:
        """Notes of all that a refused pack would have verified that this pack says nothing about it."""
        self.left_packs = True
        for rule in self.checker.accepted_with(case):
            self.results.unjudge(rule, "accepts", f"refused with others; {why}")

    def _is_explained(self, exchange: Exchange, finding: Finding) -> bool:
        """Whether a pack is refused for what is known, as far as can be said without asking; a 5xx is more than a refusal."""
        return finding.attribute and exchange.status < 500 and self.isolator.refused_fields.are_in(exchange.case.body)

    def _without_systemic(self, found: list[Found]) -> list[Found]:
        """A server that accepts nearly everything has one fault and not hundreds: it is told once."""
        invalid = [each for each in found if each[1].side == "rejects" and each[1].rule != "status.refused"]
        accepted = [each for each in invalid if each[0].is_success]
        refused = self.results.times("status.refused", "rejects") + len(invalid) - len(accepted)
        documented = [each for each in accepted if self.checker.catalogue.is_documented(each[1].rule)]
        if len(documented) < _SYSTEMIC or len(documented) < 4 * refused:
            return found
        self.accepts_anything = True
        exchange, finding = min(documented, key=_size)
        actual = f"{finding.actual}, as {len(accepted)} of {len(accepted) + refused} invalid bodies were"
        self.results.fail_at(replace(finding, rule="status.refused", actual=actual), exchange)
        for _, each in accepted:
            self.results[each.rule].skipped = "nearly every invalid body was accepted: see status.refused"
        return [each for each in found if each not in accepted]

    def _triage_silence(self, baseline: Exchange | None) -> None:
        """A request that stays without an answer, while another gets one, is a breach and not an accident of the network."""
        found, self._unanswered = self._unanswered, []
        for exchange in found[:_SILENCES]:
            again = self._stays_silent(exchange)
            if again is None or baseline is None or self.checker.is_silent(self.budget.send(baseline.case)):
                continue
            expected = "an answer, as other requests get one"
            path = exchange.case.offending_path or ()
            actual = str(self.checker.unjudged(again))
            self.results.fail_at(Finding("robustness.responds", "robustness", expected, actual, path), exchange)

    def _stays_silent(self, exchange: Exchange) -> Exchange | None:
        """The same request, sent again, if it gets no answer either; gateways give up by chance, and are asked more often."""
        again = exchange
        for _ in range(_AGAIN if exchange.error is None else 1):
            again = self._again(exchange)
            if not self.checker.is_silent(again):
                return None
        return again

    def _is_confirmed(self, exchange: Exchange, finding: Finding) -> bool:
        """Whether the same request shows the same finding once more; what does not is told as such."""
        again = self._repeated.get(exchange.number) or self._again(exchange)
        if again.status in REFUSED and exchange.status not in REFUSED and exchange.case.key is Key.RIGHT:
            raise _Unjudged(f"{again.status}: the key was refused when it was sent again")
        if self._shown(self._about_it(again), finding) is not None:
            return True
        actual = f"once {finding.actual}; when it was sent again, not"
        rule = "robustness.server-error" if self.checker.is_crash(exchange) else "robustness.repeatable"
        reported = Finding(rule, "robustness", finding.expected, actual, finding.path)
        self.results.fail(reported, exchange, intermittent=True)
        return False

    def _again(self, exchange: Exchange) -> Exchange:
        return self.budget.send(replace(exchange.case, phase="shrink"))

    def _ask(self, case: Case) -> Exchange:
        """Sends a case to look into what was found. _Unjudged if the answer is about something else."""
        return self._about_it(self.budget.send(case))

    def _about_it(self, exchange: Exchange) -> Exchange:
        """The exchange, if its answer is about the request. _Unjudged if it is not."""
        problem = self.checker.unjudged(exchange)
        if problem is not None:
            raise _Unjudged(problem)
        return exchange

    def _shown(self, exchange: Exchange, finding: Finding, named: Naming = as_found) -> Finding | None:
        """The finding as this exchange shows it, None if it does not."""
        found = map(named, self.checker.check(exchange).findings)
        return next((each for each in found if (each.rule, each.side) == (finding.rule, finding.side)), None)

    def _shrink(self, exchange: Exchange, finding: Finding, named: Naming = as_found) -> None:
        """Tells a finding by the smallest body that shows it."""
        case, smallest = exchange.case, exchange
        if not isinstance(case.body, dict) or not case.body:
            self.results.fail(finding, exchange)
            return

        def shows(body: Json) -> bool:
            nonlocal smallest
            violated = self.oracle.violated(body).get(case.rule, ())
            attempt = self._ask(replace(case.with_body(body), offending_path=next(iter(violated), case.offending_path)))
            if self._shown(attempt, finding, named) is None:
                return False
            smallest = attempt
            return True

        try:
            Reducer(self.oracle, _REQUESTS, case.rule).shrink(case.body, shows, first=self._guesses(case, finding))
        finally:
            self.results.fail(self._shown(smallest, finding, named) or finding, smallest)

    def _guesses(self, case: Case, finding: Finding) -> Iterator[Json]:
        """Bodies that may well show the same failure: none at all, and just the value in question."""
        yield {}
        value = at(case.body, finding.path)
        node = self.oracle.root.at(finding.path)
        if finding.path and node is not None and value is not None:
            built = Builder(self.oracle).around(node, value)
            if built:
                yield built[0]


def _named(finding: Finding, exchange: Exchange) -> Finding:
    """The finding under a rule, which that of a refused pack has none of before its culprit is known."""
    if finding.rule:
        return finding
    if exchange.status >= 500:
        return replace(finding, rule="robustness.server-error", side="robustness")
    return replace(finding, rule="status.created")


def _size(found: Found) -> int:
    return len(found[0].case.content or b"")
