"""Isolating: a refused pack is taken apart until every culprit in it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from conformance.attribution import Attribution, Culprit
from conformance.culprits import Culprits
from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.judging.judge import Judge
from conformance.reducing import Reducer
from conformance.tallies import Tallies
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Case

_CULPRITS_A_PACK = 12
_REQUESTS = 120  # that make one culprit of a pack small


@dataclass
class Isolator:
    """Takes refused packs apart. `send` sends a case and gives its exchange; `culprits` are those of all packs so far."""

    oracle: Oracle
    judge: Judge
    tallies: Tallies
    send: Callable[[Case], Exchange]
    culprits: Culprits = field(init=False)

    def __post_init__(self) -> None:
        self.culprits = Culprits(self.oracle)

    def isolate(self, exchange: Exchange, finding: Finding) -> bool:
        """Names the culprits in the pack of an exchange that is known to be refused; whether these are all."""
        body: Json | None = exchange.case.body
        if self.culprits:
            # Most packs are refused for what is known by now: without it they pass.
            body = self._refused_rest(exchange.case, body)
        for _ in range(_CULPRITS_A_PACK):
            if body is None:
                break
            self._name(exchange, finding, body)
            body = self._refused_rest(exchange.case, body)
        return body is None

    def _refused_rest(self, case: Case, body: Json) -> Json | None:
        """The body without the known culprits if that is refused as well, else None."""
        rest = self.culprits.rest(body)
        return None if rest is None or self._refused(case, rest) is None else rest

    def _name(self, exchange: Exchange, finding: Finding, body: Json) -> None:
        """Names one culprit in a refused body."""
        smallest, last = self._reduced(exchange, body)
        culprit = Attribution(self.oracle).culprit(
            exchange.case, smallest, lambda candidate: self._refused(exchange.case, candidate) is not None
        )
        told = next((each for each in self.judge.judge(last).findings if each.attribute), finding)
        self.tallies.fail(self._named(culprit, told, last), last, culprits=culprit.paths)
        self.culprits.add(culprit.paths)
        if last.status >= 500:
            self.culprits.add_values(body, smallest, culprit.paths)

    def _named(self, culprit: Culprit, told: Finding, last: Exchange) -> Finding:
        rules = self.judge.catalogue.rules
        rule = culprit.rule if culprit.rule in rules else "status.created"
        named = Finding(rule, "accepts", f"{told.expected} ({rules[rule].requirement})", told.actual, culprit.paths[0])
        # A 5xx breaks a promise of its own, whatever field brings it about.
        return replace(named, rule="robustness.server-error", side="robustness") if last.status >= 500 else named

    def _reduced(self, exchange: Exchange, body: Json) -> tuple[Json, Exchange]:
        last = exchange

        def shows(candidate: Json) -> bool:
            nonlocal last
            attempt = self._refused(exchange.case, candidate)
            if attempt is not None:
                last = attempt
            return attempt is not None

        smallest = Reducer(self.oracle, _REQUESTS).reduce(body, shows, first=iter([{}]))
        return smallest, last

    def _refused(self, case: Case, body: Json) -> Exchange | None:
        """The exchange if the server refuses this valid body, else None."""
        attempt = self.send(case.with_body(body))
        judgement = self.judge.judge(attempt)
        if any(each.attribute for each in judgement.findings):
            return attempt
        # What is accepted on the way verifies what it carries, as a pack would have.
        self.tallies.hold_all(judgement.held, attempt)
        return None
