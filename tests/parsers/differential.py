"""The suite's result held against real parsers: what must be refused, and what must be accepted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openapi.coercion.parsers import is_lenient
from openapi.json_types import Json
from openapi.rules import Basis
from openapi.schema.oracle import Oracle
from openapi.schema.paths import at
from strategies.case import Case, Side
from strategies.negative.violations import OF_PARSERS
from strategies.plan.plan import Plan
from tests.parsers.bodies import Mutation
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
    violated = oracle.violated(reading.value)
    return all(rule.rpartition(".")[2] in parser.enforced for rule in violated)


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


def is_judged_at(plan: Plan, mutation: Mutation) -> bool:
    """Return whether a documented rule would be judged on a mutation: it violates one by a value that no parser reads."""
    violated = plan.oracle.violated(mutation.body)
    rules = [rule for rule, paths in violated.items() if rule.rpartition(".")[2] in OF_PARSERS and mutation.path in paths]
    node = plan.oracle.root.at(mutation.path)
    documented = any(plan.catalogue.rules[rule].basis is Basis.DOCUMENTED for rule in rules)
    return documented and node is not None and not is_lenient(node, at(mutation.body, mutation.path))


def lenient_mutations(plan: Plan, parser: Parser, mutations: Iterable[Mutation]) -> Iterator[Difference]:
    """Yield the mutations, on which a documented rule would be judged, that the parser reads as valid bodies."""
    judged = [each for each in mutations if is_judged_at(plan, each)]
    readings = parser.read(plan.catalogue.contract.request, [json.dumps(each.body) for each in judged])
    for mutation, reading in zip(judged, readings, strict=True):
        if conforms(plan.oracle, parser, reading):
            yield Difference(parser.title, f"mutated at {mutation.path}", mutation.body, reading)


def _read(plan: Plan, parser: Parser, cases: Sequence[Case]) -> Iterator[tuple[Case, Reading]]:
    texts = [json.dumps(case.body) for case in cases]
    yield from zip(cases, parser.read(plan.catalogue.contract.request, texts), strict=True)
