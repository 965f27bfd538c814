"""Members that are left out together: each is missing once, and nothing else is wrong."""

from __future__ import annotations

from strategies.case import Side
from strategies.plan.omissions import is_lenient, omitted_together
from tests.conformance.sessions import plan


def test_each_member_that_is_only_implied_is_missing_once() -> None:
    packs = omitted_together(plan())
    lenient = [rule for rule in plan().violations if is_lenient(plan(), rule)]
    assert sorted(each.rule for pack in packs for each in pack.violations) == sorted(lenient[1:])
    assert len(packs) * 4 < len(lenient)


def test_a_body_violates_these_rules_alone_and_each_at_its_place() -> None:
    for pack in omitted_together(plan()):
        violated = plan().oracle.violated(pack.body)
        assert violated == {each.rule: [each.path] for each in pack.violations}
        assert [(case.side, case.rule, case.offending_path) for case in pack.cases] == [
            (Side.REJECTS, each.rule, each.path) for each in pack.violations
        ]
        for each in pack.alone:
            assert list(plan().oracle.violated(each.body)) == [each.rule]
