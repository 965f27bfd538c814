"""The tallies of all rules: what held, what failed and how it is told, and the verdicts that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.recording import answer_entry, request_entry
from conformance.selection import Selection
from conformance.tally import Tally, verdict
from openapi.contract import Contract
from openapi.json_types import Path, pointer
from openapi.rules import Rule
from reports.record import Failure, Verdict

_FAILURES_A_RULE = 3


@dataclass
class Tallies:
    """The tally of each rule, by its id. `key` is the API key, which no failure tells."""

    contract: Contract
    key: str = field(repr=False)
    selection: Selection
    _by_rule: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def __getitem__(self, rule: str) -> Tally:
        return self._by_rule[rule]

    def hold(self, rule: str, side: str, exchange: Exchange) -> None:
        """Notes that a rule held."""
        self.hold_all([(rule, side)], exchange)

    def hold_all(self, held: Iterable[tuple[str, str]], exchange: Exchange) -> None:
        """Notes all that an exchange shows to hold."""
        number, by_rule = exchange.number, self._by_rule
        for rule, side in held:
            tally = by_rule[rule]
            tally.held[side] = tally.held.get(side, 0) + 1
            if not tally.exchanges or tally.exchanges[-1] != number:
                tally.bears(number)

    def unjudge(self, rule: str, side: str, reason: str) -> None:
        """Notes why a rule could not be judged on a side; the first reason counts."""
        self[rule].unjudged.setdefault(side, reason)

    def fail(self, finding: Finding, exchange: Exchange, *, culprits: Sequence[Path] = (), intermittent: bool = False) -> None:
        """Notes that a rule failed; the same failure again is only counted."""
        tally = self[finding.rule]
        for index, known in enumerate(tally.failures):
            if known.side == finding.side and known.exchange == exchange.number:
                return
            if (known.side, known.expected) == (finding.side, finding.expected) or len(tally.failures) >= _FAILURES_A_RULE:
                tally.failures[index] = replace(known, occurrences=known.occurrences + 1)
                return
        tally.bears(exchange.number)
        tally.failures.append(
            Failure(
                side=finding.side,
                request=request_entry(exchange.case, self.contract, self.key),
                answer=answer_entry(exchange, self.key),
                expected=finding.expected,
                actual=finding.actual,
                culprits=[pointer(*path) for path in culprits or ([finding.path] if finding.path else [])],
                cause=finding.rule,
                exchange=exchange.number,
                intermittent=intermittent,
            )
        )

    def fail_at(self, finding: Finding, exchange: Exchange) -> None:
        """Notes that a rule failed, if it is selected."""
        if self.selection.wants(finding.rule):
            self.fail(finding, exchange)

    def is_explained(self, name: str) -> bool:
        """Whether a top-level field fails already for itself, so that whatever else it does wrong is no news.

        That it accepts what is not valid says nothing of what it does with what is.
        """
        fronts = (f"body.{name}.", f"answer.{name}.")
        own = (tally for rule, tally in self._by_rule.items() if rule.startswith(fronts))
        return any(failure.side != "rejects" for tally in own for failure in tally.failures)

    def skip(self, rule: str, reason: str) -> None:
        """Notes why a rule that nothing is seen of was skipped; the first reason counts."""
        self[rule].skipped = self[rule].skipped or reason

    def verdicts(self, rules: Iterable[Rule], *, strict: bool) -> list[Verdict]:
        """The verdict on each of these rules."""
        return [verdict(rule, self[rule.id], strict=strict) for rule in rules]
