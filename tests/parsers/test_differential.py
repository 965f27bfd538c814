"""The plan agrees with parsers that nobody here wrote, on planned, drawn and mutated bodies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strategies.case import Case
from strategies.negative.violations import COERCED
from strategies.plan.mutators import mutations as probes
from strategies.plan.probe_packs import probe_packs
from tests.parsers.bodies import drawn, mutations, plan_of, planned
from tests.parsers.differential import is_judged, is_judged_at, lenient_mutations, lenient_readings, refused_readings
from tests.parsers.known import PARSERS
from tests.parsers.reading import Parser, Read

DRAWN, MUTATED = 400, 400


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest) -> Parser:
    found = PARSERS[request.param]
    if (problem := found.missing()) is not None:
        pytest.skip(problem)
    return found


@pytest.mark.slow
def test_no_planned_body_that_must_be_refused_is_read(parser: Parser) -> None:
    assert [str(each) for each in lenient_readings(plan_of(), parser, planned())] == []


@pytest.mark.slow
def test_every_planned_body_that_must_be_accepted_is_read(parser: Parser) -> None:
    assert [str(each) for each in refused_readings(plan_of(), parser, planned())] == []


@pytest.mark.slow
def test_no_drawn_body_contradicts_a_parser(parser: Parser) -> None:
    cases = drawn(DRAWN, seed=1)
    assert [str(each) for each in lenient_readings(plan_of(), parser, cases)] == []
    assert [str(each) for each in refused_readings(plan_of(), parser, cases)] == []


@pytest.mark.slow
def test_no_mutated_body_on_which_a_documented_rule_is_judged_is_read(parser: Parser) -> None:
    assert [str(each) for each in lenient_mutations(plan_of(), parser, mutations(MUTATED, seed=1))] == []


@pytest.mark.parametrize(
    "name", [each if each == "pydantic" else pytest.param(each, marks=pytest.mark.slow) for each in PARSERS]
)
def test_a_server_that_reads_by_one_parser_is_judged_on_what_that_parser_refuses(name: str) -> None:
    if (problem := PARSERS[name].missing()) is not None:
        pytest.skip(problem)
    plan = replace(plan_of(few=True), reads=frozenset({name}))
    cases = list(plan.rejects())
    assert [str(each) for each in lenient_readings(plan, PARSERS[name], cases)] == []
    assert len({case.rule for case in cases if case.label.startswith(COERCED)}) > 50


@pytest.mark.slow
def test_a_parser_reads_a_pack_of_probes_if_it_reads_each_of_them(parser: Parser) -> None:
    made = [each.case for each in probes(plan_of(), 3) if each.readers]
    packs = list(probe_packs(plan_of().oracle, probes(plan_of(), 3)))
    read = dict(zip([(each.rule, each.label) for each in made], _are_read(parser, made), strict=True))
    each_read = [all(read[aim.rule, aim.label] for aim in pack.aims) for pack in packs]
    assert _are_read(parser, packs) == each_read
    assert any(each_read)


def _are_read(parser: Parser, cases: list[Case]) -> list[bool]:
    texts = [(case.content or b"").decode() for case in cases]
    return [isinstance(each, Read) for each in parser.read(plan_of().catalogue.contract.request, texts)]


@pytest.mark.slow
def test_the_comparison_is_about_many_bodies() -> None:
    assert sum(is_judged(plan_of(), case) for case in planned()) > 2000
    assert sum(is_judged_at(plan_of(), each) for each in mutations(MUTATED, seed=1)) > MUTATED / 4
