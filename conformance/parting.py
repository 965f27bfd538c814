"""Parting: a valid body that is larger than the server takes is sent in parts, so that each of them is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conformance.exchange import Exchange
from conformance.judging.findings import Finding
from conformance.judging.judge import Judge
from conformance.tallies import Tallies
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.case import Case


@dataclass(frozen=True)
class Parting:
    """Sends bodies in parts. `send` sends a case and gives its exchange; `add` takes what was found in a part."""

    oracle: Oracle
    judge: Judge
    tallies: Tallies
    send: Callable[[Case], Exchange]
    add: Callable[[Exchange, Iterable[Finding]], None]

    def part(self, exchange: Exchange) -> None:
        """Sends a body in parts. If each is accepted, this verifies what the whole was to verify."""
        if self._passes_in_parts(exchange.case):
            held = {(rule, "accepts") for rule in self.judge.accepted_with(exchange.case)}
            self.tallies.hold_all(held, exchange)

    def _passes_in_parts(self, case: Case) -> bool:
        """Sends a body in halves, and these in halves where they are too large: whether all of it was accepted."""
        passed = [self._passes(case.with_body(half)) for half in _halves(case.body)]
        return bool(passed) and all(passed)

    def _passes(self, case: Case) -> bool:
        if not self.oracle.obeys(case.body):
            return False
        exchange = self.send(case)
        if self.judge.is_too_large(exchange):
            return self._passes_in_parts(case)
        judgement = self.judge.judge(exchange)
        self.tallies.hold_all(judgement.held, exchange)
        self.add(exchange, judgement.findings)
        return exchange.is_success


def _halves(value: Json) -> list[Json]:
    """A body in two parts, or what its one member holds; none where there is nothing to part."""
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        return [{name: half} for half in _halves(inner)]
    if isinstance(value, dict):
        names = list(value)
        return [{name: value[name] for name in each} for each in (names[::2], names[1::2]) if each]
    return [value[::2], value[1::2]] if isinstance(value, list) and len(value) > 1 else []
