"""A violation in context: whoever overlooks it has nothing else to complain about."""

from __future__ import annotations

from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.schema.paths import without
from strategies.plan.plan import Plan


def test_a_wrong_type_behind_a_good_element_hides_no_name_that_is_taken() -> None:
    """A server that takes the wrong value, and reads it as none, would refuse the name and so pass for one that does not."""
    plan = Plan(catalogue_of(load_contract()), few=True)
    behind = [
        (rule, each)
        for rule, found in plan.violations.items()
        for each in found
        if rule.endswith(".type") and 2 in each.path and isinstance(each.path[-1], str)
    ]
    assert len(behind) > 20
    for rule, each in behind:
        violated = plan.oracle.violated(without(each.body, each.path))
        assert not [name for name in violated if name.endswith(".x-unique-by")], (rule, each.body)
