"""The plan agrees with parsers that nobody here wrote, on planned, drawn and mutated bodies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strategies.negative.violations import COERCED
from tests.parsers.bodies import drawn, mutations, plan_of, planned
from tests.parsers.differential import is_judged, is_judged_at, lenient_mutations, lenient_readings, refused_readings
from tests.parsers.known import PARSERS
from tests.parsers.reading import Parser

DRAWN, MUTATED = 400, 400


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest) -> Parser:
    found = PARSERS[request.param]
    if (problem := found.missing()) is not None:
        pytest.skip(problem)
    return found


def test_no_planned_body_that_must_be_refused_is_read(parser: Parser) -> None:
    assert [str(each) for each in lenient_readings(plan_of(), parser, planned())] == []


def test_every_planned_body_that_must_be_accepted_is_read(parser: Parser) -> None:
    assert [str(each) for each in refused_readings(plan_of(), parser, planned())] == []


def test_no_drawn_body_contradicts_a_parser(parser: Parser) -> None:
    cases = drawn(DRAWN, seed=1)
    assert [str(each) for each in lenient_readings(plan_of(), parser, cases)] == []
    assert [str(each) for each in refused_readings(plan_of(), parser, cases)] == []


def test_no_mutated_body_on_which_a_documented_rule_is_judged_is_read(parser: Parser) -> None:
    assert [str(each) for each in lenient_mutations(plan_of(), parser, mutations(MUTATED, seed=1))] == []


@pytest.mark.parametrize("name", PARSERS)
def test_a_server_that_reads_by_one_parser_is_judged_on_what_that_parser_refuses(name: str) -> None:
    if (problem := PARSERS[name].missing()) is not None:
        pytest.skip(problem)
    plan = replace(plan_of(few=True), reads=frozenset({name}))
    cases = list(plan.rejects())
    assert [str(each) for each in lenient_readings(plan, PARSERS[name], cases)] == []
    assert len({case.rule for case in cases if case.label.startswith(COERCED)}) > 50


def test_the_comparison_is_about_many_bodies() -> None:
    assert sum(is_judged(plan_of(), case) for case in planned()) > 2000
    assert sum(is_judged_at(plan_of(), each) for each in mutations(MUTATED, seed=1)) > MUTATED / 4
