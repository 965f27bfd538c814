"""Values that parsers coerce are observed: at one field of each kind, and none that is judged."""

from __future__ import annotations

import json
from dataclasses import replace

from openapi.coercion.parsers import is_lenient, kinds_of
from openapi.schema.paths import at
from strategies.case import Side
from strategies.plan.coerced import RULE, coerced
from tests.strategies.plan.plans import plan_of


def test_every_kind_that_the_description_has_is_met() -> None:
    root = plan_of().oracle.root
    found = [root.at(each.path) for each in coerced(plan_of(), 2)]
    met = {kind for node in found if node is not None for kind in kinds_of(node)}
    assert {"string", "boolean", "int32", "float", "duration", "enum", "array"} <= met


def test_each_value_is_one_that_a_parser_reads_and_the_description_does_not_admit() -> None:
    plan = replace(plan_of(), reads=frozenset({"protobuf"}))
    cases = [each.case for each in coerced(plan, 3)]
    assert len(cases) > 10
    for case in cases:
        node = plan.oracle.root.at(case.offending_path or ())
        body = json.loads(case.raw or b"")
        assert node is not None
        assert is_lenient(node, at(body, case.offending_path or ()), plan.reads)
        assert not plan.oracle.is_valid(body)
        assert (case.side, case.rule) == (Side.PROBE, RULE)


def test_more_are_sent_where_requests_are_plenty() -> None:
    assert len(list(coerced(plan_of(), 1))) < len(list(coerced(plan_of(), 4))) < len(list(coerced(plan_of(), 1_000)))
