"""Tests of what surrounds a violation is valid itself, so that nothing else refuses the body."""

from __future__ import annotations

import json

from openapi import load_contract
from openapi.catalogue import catalogue_of
from strategies.coverage.special_bodies import nested
from strategies.coverage.surroundings import surrounded
from strategies.plan.plan import Plan

_PLAN = Plan(catalogue_of(load_contract()), few=True)


def test_a_violation_is_at_one_path_alone() -> None:
    for rule, found in _PLAN.violations.items():
        for each in found:
            assert len(_PLAN.oracle.violated(each.body)[rule]) == 1, (rule, each.body)


def test_an_invalid_item_is_tried_in_each_array_even_if_it_stands_among_others_already() -> None:
    for rule, found in _PLAN.violations.items():
        arrays = sum(isinstance(step, int) for step in found[0].path)
        assert len(list(surrounded(_PLAN.maker, found[0], []))) >= 2 * arrays, rule


def test_nested_bodies_are_as_deep_as_they_say() -> None:
    cases = list(nested(_PLAN.oracle, few=True))
    assert len({case.label.partition(" in ")[2] for case in cases}) > 3
    for case in cases:
        depth = int(case.label.partition(" ")[0])
        assert case.raw is not None
        assert case.raw.count(b'{"in":') in (depth - 1, depth - 2)
        if depth < 900:
            json.loads(case.raw)
