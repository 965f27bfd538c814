"""The results of all rules: what held, what failed and how it is reported, and the verdicts that follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from conformance.checks.finding import Finding
from conformance.http.exchange import Exchange
from conformance.http.redaction import Redaction
from conformance.profiles import Selection
from conformance.results.recording import request_of, response_entry
from conformance.results.result import KEPT, RuleResult, verdict
from openapi.contract import Contract
from openapi.json_types import Path, pointer
from openapi.rules import Rule
from reports.record.entries import Failure, Verdict

_FAILURES_A_RULE = 3


@dataclass
class Results:
    """The result of each rule, by its id. `redaction` keeps secrets out of reasons."""

    contract: Contract
    redaction: Redaction
    selection: Selection
    _by_rule: dict[str, RuleResult] = field(default_factory=lambda: defaultdict(RuleResult))
    _held: Counter[tuple[str, str]] = field(default_factory=Counter)
    _cases: Counter[str] = field(default_factory=Counter)
    _full: set[str] = field(default_factory=set)  # rules with as many exchanges as are kept
    _latest: int = 0  # the exchange counted last, and the rules that it was counted for
    _counted: set[str] = field(default_factory=set)
    _explained: set[str] = field(default_factory=set)  # top-level fields that fail for themselves

    def __getitem__(self, rule: str) -> RuleResult:
        return self._by_rule[rule]

    def hold(self, rule: str, side: str, exchange: Exchange) -> None:
        """Note that a rule held."""
        self.hold_all([(rule, side)], exchange)

    def hold_all(self, held: Collection[tuple[str, str]], exchange: Exchange) -> None:
        """Note all that an exchange shows to hold."""
        self._held.update(held)
        self.bear({rule for rule, _ in held}, exchange.number)

    def bear(self, rules: set[str], number: int) -> None:
        """Note that an exchange bears on rules; the same one again counts once."""
        # Responses bear on hundreds of rules: what is done for each of them is left to the sets.
        if number == self._latest:
            rules = rules - self._counted
            self._counted |= rules
        else:
            self._latest, self._counted = number, set(rules)
        self._cases.update(rules)
        for rule in rules - self._full:
            exchanges = self[rule].exchanges
            exchanges.append(number)
            if len(exchanges) == KEPT:
                self._full.add(rule)

    def times(self, rule: str, side: str) -> int:
        """Return how often a rule was seen to hold on a side."""
        return self._held[rule, side]

    def unjudge(self, rule: str, side: str, reason: str) -> None:
        """Note why a rule could not be judged on a side; the first reason counts."""
        self[rule].unjudged.setdefault(side, self.redaction.text(reason))

    def disregard(self, statuses: Collection[int], reason: str) -> None:
        """Take back the failures that responses of these statuses have shown; their sides could not be judged, for a reason."""
        for rule, result in self._by_rule.items():
            for each in result.failures:
                if each.status in statuses:
                    self.unjudge(rule, each.side, reason)
            result.failures = [each for each in result.failures if each.status not in statuses]
            if result.owed:  # it was refused as it should not be for another reason than its own
                result.skipped = None

    def fail(
        self, finding: Finding, exchange: Exchange, *, offending_fields: Sequence[Path] = (), intermittent: bool = False
    ) -> None:
        """Note that a rule failed; the same failure again is only counted."""
        result = self[finding.rule]
        expected, actual = exchange.shown(finding.expected), exchange.shown(finding.actual)
        for index, known in enumerate(result.failures):
            if known.side == finding.side and known.exchange == exchange.number:
                return
            if (known.side, known.expected) == (finding.side, expected) or len(result.failures) >= _FAILURES_A_RULE:
                result.failures[index] = replace(known, occurrences=known.occurrences + 1)
                return
        self.explain(finding)
        self.bear({finding.rule}, exchange.number)
        result.failures.append(
            Failure(
                side=finding.side,
                request=request_of(exchange, self.contract),
                response=response_entry(exchange),
                expected=expected,
                actual=actual,
                offending_fields=[pointer(*path) for path in offending_fields or ([finding.path] if finding.path else [])],
                cause=finding.rule,
                exchange=exchange.number,
                intermittent=intermittent,
            )
        )

    def explain(self, finding: Finding) -> None:
        """Note that a top-level field fails for itself; accepting invalid values does not explain other failures."""
        front, name = (*finding.rule.split("."), "")[:2]
        if front in ("body", "response") and finding.side != "rejects":
            self._explained.add(name)

    def fail_at(self, finding: Finding, exchange: Exchange, *, intermittent: bool = False) -> None:
        """Note that a rule failed, if it is selected."""
        if self.selection.wants(finding.rule):
            self.fail(finding, exchange, intermittent=intermittent)

    def copy(self) -> Results:
        """Return the same results, to be changed without effect on these."""
        by_rule = defaultdict(RuleResult, {rule: each.copy() for rule, each in self._by_rule.items()})
        return replace(self, _by_rule=by_rule)

    def failing(self, counts: Callable[[str], bool]) -> int:
        """Return the number of rules with failures, of those that count."""
        return sum(bool(result.failures) and counts(rule) for rule, result in self._by_rule.items())

    def has_crash(self, counts: Callable[[str], bool]) -> bool:
        """Return whether a failure of a rule that counts shows a server error."""
        failures = (each for rule, result in self._by_rule.items() if counts(rule) for each in result.failures)
        return any(each.status >= 500 for each in failures)

    def is_explained(self, name: str) -> bool:
        """Return whether a top-level field fails already for itself, so that whatever else fails in it is no news.

        That it accepts what is not valid says nothing of what it does with what is.
        """
        return name in self._explained

    def skip(self, rule: str, reason: str) -> None:
        """Note why a rule that nothing is seen of was skipped; the first reason counts."""
        self[rule].skipped = self[rule].skipped or reason

    def owe(self, rule: str, reported: str) -> None:
        """Note that what violates a rule was not refused as it should be, so that it does not pass.

        Another rule shows of it.
        """
        self[rule].owed |= {"rejects"}
        self.skip(rule, f"what breaks it was not refused as it should be: see {reported}")

    def verdicts(self, rules: Iterable[Rule], *, strict: bool) -> list[Verdict]:
        """Return the verdict on each of these rules."""
        held = defaultdict[str, list[str]](list)
        for rule, side in self._held:
            held[rule].append(side)
        return [verdict(each, self[each.id], held=held[each.id], cases=self._cases[each.id], strict=strict) for each in rules]
