"""Confirm a finding: the same request again shows it again, or it is intermittent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from conformance.checks.checker import Checker
from conformance.checks.finding import Finding, Suspect
from conformance.checks.own.judging import SIDE
from conformance.http.exchange import Exchange
from conformance.http.key_watch import REFUSED
from conformance.results.results import Results
from conformance.triage.budget import Resender
from strategies.case import Case, Key

_MORE = 2  # requests that show how often something intermittent is seen, beside the first one and its repetition


class Unjudged(Exception):
    """The server responds to something else, or not at all: what was found cannot be triaged any further."""


@dataclass
class Confirmer:
    """Sends what shows a finding once more. `repeated` holds what was sent for many findings at a time, by its number.

    Of findings of one `kind` one example is enough; None is no kind.
    """

    checker: Checker
    results: Results
    resender: Resender
    kind: Callable[[Finding], tuple[str, str] | None] = lambda _finding: None
    repeated: dict[int, Exchange] = field(default_factory=dict)

    def repeat(self, suspects: Iterable[Suspect]) -> None:
        """Send what shows each failure once more, many at a time.

        Of those about one rule and side, or of one kind, the first alone is sent.
        """
        first: dict[tuple[str, str], Exchange] = {}
        for suspect in suspects:
            finding = suspect.finding
            if not finding.attribute and self.results.selection.wants(finding.rule) and not self.results[finding.rule].failures:
                first.setdefault(self.kind(finding) or (finding.rule, finding.side), suspect.exchange)
        shown = list({exchange.number: exchange for exchange in first.values()}.values())
        again = self.resender.send_all([replace(each.case, phase="shrink") for each in shown])
        self.repeated = {exchange.number: other for exchange, other in zip(shown, again, strict=False)}

    def is_confirmed(self, suspect: Suspect) -> bool:
        """Return whether the same request shows the same finding once more; what does not is reported as intermittent."""
        exchange, finding = suspect.exchange, suspect.finding
        again = self.repeated.get(exchange.number) or self._again(exchange)
        if self._is_shown(again, suspect):
            return True
        seen = 1 + sum(self._is_shown(self._again(exchange), suspect) for _ in range(_MORE))
        if seen == 1 and finding.side == SIDE:  # a check that remembers, or draws: no finding against the server
            problem = f"the check found it once in {2 + _MORE} exchanges of one request: {finding.actual}"
            self.results[finding.rule].suite_error = exchange.shown(problem)
            return False
        reported = replace(finding, actual=f"{finding.actual} (seen {seen} of {2 + _MORE} times)")
        if seen == 1 and not suspect.is_sequel:  # so far it shows nothing about the rule
            rule = "robustness.server-error" if self.checker.is_crash(exchange) else "robustness.repeatable"
            reported = replace(reported, rule=rule, side="robustness")
        elif not finding.rule:
            reported = named(reported, exchange)
        self.results.fail_at(reported, exchange, intermittent=True)
        return False

    def _is_shown(self, exchange: Exchange, suspect: Suspect) -> bool:
        if exchange.status in REFUSED and suspect.exchange.status not in REFUSED and exchange.case.key is Key.RIGHT:
            raise Unjudged(f"{exchange.status}: the key was refused when it was sent again")
        return suspect.judge(self._about_it(exchange)) is not None

    def _again(self, exchange: Exchange) -> Exchange:
        return self.resender.send(replace(exchange.case, phase="shrink"))

    def ask(self, case: Case) -> Exchange:
        """Return the exchange of a case that triage needs. Unjudged if the response is about something else."""
        return self._about_it(self.resender.send(case))

    def _about_it(self, exchange: Exchange) -> Exchange:
        """Return the exchange, if its response is about the request. Unjudged if it is not."""
        problem = self.checker.unjudged(exchange)
        if problem is not None:
            raise Unjudged(problem)
        return exchange


def named(finding: Finding, exchange: Exchange) -> Finding:
    """Return the finding under a rule, which that of a refused pack has none of before its cause is known."""
    if finding.rule:
        return finding
    if exchange.status >= 500:
        return replace(finding, rule="robustness.server-error", side="robustness")
    return replace(finding, rule="status.created")
