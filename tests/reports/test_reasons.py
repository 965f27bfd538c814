"""Rules with one reason stand together, and each of them stands once."""

from __future__ import annotations

from dataclasses import replace

from reports.formats.markdown import markdown
from reports.reasons import shared_reasons
from reports.record.entries import Outcome
from reports.record.recorded_run import Run
from reports.status import RuleStatus, decide


def with_reasons(run: Run, reasons: dict[str, str], outcome: Outcome) -> Run:
    verdicts = {rule: replace(run.verdicts[rule], outcome=outcome, reason=reason) for rule, reason in reasons.items()}
    return replace(run, verdicts={**run.verdicts, **verdicts})


def test_rules_with_one_reason_stand_together(conforming_run: Run) -> None:
    first, second, third, *_ = conforming_run.rules
    run = with_reasons(conforming_run, {first: "late", second: "*never* sent", third: "*never* sent"}, Outcome.SKIP)
    shared = shared_reasons(run, decide(run), RuleStatus.ERROR, RuleStatus.SKIP)
    assert shared[0].reason == "*never* sent"
    found = {each.reason: each.rules for each in shared}
    assert found["late"] == [first]
    assert found["*never* sent"] == [second, third]
    assert sorted(rule for rules in found.values() for rule in rules) == sorted(
        rule for rule, each in run.verdicts.items() if each.outcome in {Outcome.ERROR, Outcome.SKIP}
    )
    assert f"- \\*never\\* sent (2): `{second}`, `{third}`" in markdown(run)


def test_errors_come_before_what_was_skipped(conforming_run: Run) -> None:
    first, second, third, *_ = conforming_run.rules
    run = with_reasons(conforming_run, {first: "x", second: "x"}, Outcome.SKIP)
    run = with_reasons(run, {third: "x"}, Outcome.ERROR)
    shared = shared_reasons(run, decide(run), RuleStatus.ERROR, RuleStatus.SKIP)
    statuses = [each.rule_status for each in shared]
    assert statuses == sorted(statuses, key=[RuleStatus.ERROR, RuleStatus.SKIP].index)
    assert shared[0].rules == [third]


def test_a_cut_list_counts_what_it_leaves_out(conforming_run: Run) -> None:
    rules = list(conforming_run.rules)[:30]
    run = with_reasons(conforming_run, dict.fromkeys(rules, "x"), Outcome.SKIP)
    assert " and 10 more" in markdown(run)
