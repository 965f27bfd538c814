"""The suite's judgement held against real parsers: what must be refused, and what must be accepted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openapi.json_types import Json
from openapi.oracle import Oracle
from openapi.rules import Basis
from strategies.cases import Case, Side
from strategies.plan import Plan
from tests.parsers.reading import Parser, Read, Reading


@dataclass(frozen=True, slots=True)
class Difference:
    """A case whose expectation a parser contradicts."""

    parser: str
    case: str
    document: Json
    reading: Reading

    def __str__(self) -> str:
        return f"{self.case}: {self.parser} makes {self.reading} of {json.dumps(self.document)[:300]}"


def is_judged(plan: Plan, case: Case) -> bool:
    """Return whether a documented rule is judged on the case."""
    rule = plan.catalogue.rules.get(case.rule)
    return case.side is Side.REJECTS and case.raw is None and rule is not None and rule.basis is Basis.DOCUMENTED


def conforms(oracle: Oracle, parser: Parser, reading: Reading) -> bool:
    """Return whether a parser reads a body as one that no later check can refuse."""
    if not isinstance(reading, Read):
        return False
    broken = oracle.broken(reading.value)
    return all(rule.rpartition(".")[2] in parser.enforced for rule in broken)


def lenient_readings(plan: Plan, parser: Parser, cases: Iterable[Case]) -> Iterator[Difference]:
    """Yield the invalid bodies, on which documented rules are judged, that the parser reads as valid ones."""
    judged = [case for case in cases if is_judged(plan, case)]
    for case, reading in _read(plan, parser, judged):
        if conforms(plan.oracle, parser, reading):
            yield Difference(parser.title, case.id, case.body, reading)


def refused_readings(plan: Plan, parser: Parser, cases: Iterable[Case]) -> Iterator[Difference]:
    """Yield the bodies that must be accepted and that the parser refuses."""
    for case, reading in _read(plan, parser, [case for case in cases if case.side is Side.ACCEPTS and case.raw is None]):
        if not isinstance(reading, Read):
            yield Difference(parser.title, case.id, case.body, reading)


def _read(plan: Plan, parser: Parser, cases: Sequence[Case]) -> Iterator[tuple[Case, Reading]]:
    texts = [json.dumps(case.body) for case in cases]
    yield from zip(cases, parser.read(plan.catalogue.contract.request, texts), strict=True)
