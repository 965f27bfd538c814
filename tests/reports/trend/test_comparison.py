"""Two runs compared: what is reported, and what counts as violated."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from reports.html.comparison import Kept, comparison_page
from reports.record.entries import Outcome, Verdict
from reports.record.latency import LatencyFold
from reports.record.recorded_run import Run
from reports.reproduce import curl
from reports.trend.changes import latency_shifts
from reports.trend.comparison import Comparison, compare

RULE = "status.created"


def with_verdict(run: Run, rule: str, **changes: object) -> Run:
    changed: Verdict = replace(run.verdicts[rule], **changes)  # type: ignore[arg-type]
    return replace(run, verdicts={**run.verdicts, rule: changed})


def without(run: Run, rule: str) -> Run:
    return replace(
        run,
        rules={each: entry for each, entry in run.rules.items() if each != rule},
        verdicts={each: entry for each, entry in run.verdicts.items() if each != rule},
    )


def reported(comparison: Comparison) -> dict[str, int]:
    names = ("now_failing", "failing_first", "repaired", "still_failing", "appeared", "vanished", "lost", "found", "observed")
    return {name: len(getattr(comparison, name)) for name in names if getattr(comparison, name)}


def test_a_run_against_itself_has_no_change(failed_run: Run) -> None:
    comparison = compare(failed_run, failed_run)
    assert reported(comparison) == {"still_failing": 6}
    assert not comparison.broke
    assert comparison.latency == []
    assert comparison.headline() == "No rule broke."


def test_what_broke_is_reported_with_what_came(conforming_run: Run, failed_run: Run) -> None:
    comparison = compare(conforming_run, failed_run)
    assert comparison.broke
    assert reported(comparison) == {"now_failing": 6, "lost": 3}
    assert 'now:    FAIL: joinTimeout: "60s"' in comparison.text()
    assert comparison.headline() == "6 rules broke, 3 are no longer judged."
    assert comparison.origin[0] == ("target", "embedded emulator", "https://api.example.com")


def test_what_was_repaired_is_reported(conforming_run: Run, failed_run: Run) -> None:
    comparison = compare(failed_run, conforming_run)
    assert reported(comparison) == {"repaired": 6, "found": 3}
    assert not comparison.broke


@pytest.mark.parametrize("before", [Outcome.SKIP, Outcome.ERROR, Outcome.OBSERVED])
def test_a_rule_that_was_not_judged_before_did_not_break(before: Outcome, conforming_run: Run) -> None:
    old = with_verdict(conforming_run, RULE, outcome=before)
    comparison = compare(old, with_verdict(conforming_run, RULE, outcome=Outcome.FAIL))
    assert not comparison.broke
    assert reported(comparison) == {"failing_first": 1}
    assert comparison.outcome == "fails"
    assert comparison.headline() == "No rule broke, 1 rule fails that was not judged before."
    assert "broke" not in comparison.text().replace("No rule broke", "").lower()


def test_a_failure_that_cannot_be_judged_is_not_repaired(failed_run: Run) -> None:
    rule = "body.temperature.maximum"
    comparison = compare(failed_run, with_verdict(failed_run, rule, outcome=Outcome.ERROR, failures=[]))
    assert reported(comparison) == {"still_failing": 5, "lost": 1}


def test_rules_of_another_description_appear_and_vanish(conforming_run: Run) -> None:
    less = without(conforming_run, RULE)
    assert reported(compare(less, conforming_run)) == {"appeared": 1}
    assert reported(compare(conforming_run, less)) == {"vanished": 1}
    fails = compare(less, with_verdict(conforming_run, RULE, outcome=Outcome.FAIL))
    assert reported(fails) == {"failing_first": 1, "appeared": 1}
    assert fails.outcome == "fails"


def test_observed_behaviour_that_changed_is_reported(conforming_run: Run) -> None:
    rule = "probe.null-field"
    now = with_verdict(conforming_run, rule, observed="400")
    (change,) = compare(conforming_run, now).observed
    assert (change.before, change.after) == ("201, taken as not set", "400")
    assert not compare(conforming_run, now).broke
    was, then = (f"does not hold: ws://redacted.invalid/{each * 12} at 2026-11-{each}9T02:00:00Z" for each in "12")
    made = [with_verdict(conforming_run, rule, observed=each) for each in (was, then)]
    assert compare(*made).observed == []  # a server makes another URL for each call
    unseen = with_verdict(conforming_run, rule, observed=None, outcome=Outcome.ERROR)
    assert compare(conforming_run, unseen).observed == []


def test_the_page_reports_the_same(conforming_run: Run, failed_run: Run) -> None:
    page = comparison_page(compare(conforming_run, failed_run)).decode()
    assert "6 rules broke" in page
    assert "response.joinTimeout.default" in page


def test_the_page_leads_to_the_requests_and_to_both_reports(conforming_run: Run, failed_run: Run) -> None:
    kept = Kept("nights/1/run.jsonl", "../1/report.html"), Kept("nights/2/run.jsonl", None)
    page = html.unescape(comparison_page(compare(conforming_run, failed_run), kept).decode())
    assert 'href="../1/report.html#rule=body.temperature.maximum"' in page
    assert page.count("in its report") == 6
    failure = failed_run.verdicts["body.temperature.maximum"].failures[0]
    assert curl(failure.request, failed_run.header.target, failed_run.header.credentials) in page
    assert f"replay nights/2/run.jsonl --exchange {failure.exchange}" in page
    assert "POST https://api.example.com" in page
    comparison = compare(conforming_run, failed_run)
    assert f"replay: exchange {failure.exchange} of" in comparison.text()
    assert f"replay: python -m conformance replay 'my nights/2' --exchange {failure.exchange}\n" in comparison.text(
        "my nights/2"
    )


def latencies(run: Run, draw: Callable[[Random], float], seed: int, count: int = 400) -> Run:
    fold, random = LatencyFold(), Random(seed)
    for _ in range(count):
        fold.add(draw(random))
    return replace(run, traffic=replace(run.traffic, latency=fold.value(), by_status={}))


def usual(random: Random) -> float:
    return random.lognormvariate(-3.5, 0.5)


def test_noise_is_no_shift(conforming_run: Run) -> None:
    shifts = Counter(
        bool(list(latency_shifts(latencies(conforming_run, usual, seed), latencies(conforming_run, usual, seed + 1))))
        for seed in range(0, 200, 2)
    )
    assert shifts[True] == 0


def test_a_shift_beyond_noise_is_reported(conforming_run: Run) -> None:
    slow = latencies(conforming_run, lambda random: usual(random) * 2, 1)
    shifts = list(latency_shifts(latencies(conforming_run, usual, 2), slow))
    assert {shift.percentile for shift in shifts} == {"p50", "p95"}
    assert all(shift.slower for shift in shifts)
    assert "slower" in str(shifts[0])
    back = list(latency_shifts(slow, latencies(conforming_run, usual, 2)))
    assert all(not shift.slower for shift in back)


def test_few_responses_report_nothing(conforming_run: Run) -> None:
    slow = latencies(conforming_run, lambda random: usual(random) * 9, 1, count=20)
    assert list(latency_shifts(latencies(conforming_run, usual, 2, count=20), slow)) == []


def test_a_later_run_that_was_not_judged_is_no_good_news(conforming_run: Run) -> None:
    assert conforming_run.footer is not None
    ended = replace(conforming_run, footer=replace(conforming_run.footer, outcome="unjudged", exit=3))
    for later in (ended, replace(conforming_run, footer=None)):
        assert compare(conforming_run, later).outcome == "unjudged"
        assert compare(conforming_run, later).headline() == "The later run was not judged."
    assert compare(ended, conforming_run).outcome == "conforms"


def test_a_terminal_is_spared_what_hardly_matters(conforming_run: Run) -> None:
    nothing = replace(
        conforming_run, verdicts={name: replace(each, outcome=Outcome.SKIP) for name, each in conforming_run.verdicts.items()}
    )
    lines = compare(conforming_run, nothing).text().splitlines()
    assert len(lines) < 50
    assert any(line.startswith("  and ") for line in lines)


def test_a_rule_that_broke_is_put_down_to_the_description_or_the_server(conforming_run: Run, failed_run: Run) -> None:
    comparison = compare(conforming_run, failed_run)
    first, second = comparison.now_failing[:2]
    assert comparison.cause(first) is None
    header = replace(failed_run.header, description={"name": "d", "digest": "another"})
    rules = {**failed_run.rules, first.rule.id: replace(first.rule, keyword="maximum", value=1, requirement="Another MUST.")}
    moved = compare(conforming_run, replace(failed_run, header=header, rules=rules))
    assert (moved.cause(first) or "").startswith("the description moved: changed")
    assert (moved.cause(second) or "").endswith("so the server moved")
    assert "The description moved (1)" in moved.text()
    assert b"the description moved: changed" in comparison_page(moved)
