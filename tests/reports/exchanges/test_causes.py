"""Differences are grouped by the smallest request that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.exchanges.causes import Group, grouped
from reports.exchanges.normal_form import NormalForm
from reports.exchanges.pairing import Pairs, paired
from reports.record.entries import Exchange, Failure, Outcome, Response
from reports.record.recorded_run import Run
from tests.reports.exchanges.made import exchange, header

RULE = "body.temperature.maximum"


def pairs_of(one: Sequence[Exchange], other: Sequence[Exchange]) -> Pairs:
    """Return the pairs of two runs."""
    forms = NormalForm.of(header(), one), NormalForm.of(header(), other)
    return paired(list(one), list(other), forms)


def groups(one: Sequence[Exchange], other: Sequence[Exchange], old: Run, new: Run | None = None) -> list[Group]:
    """Return the causes of the differences between two runs."""
    return grouped(pairs_of(one, other), (old, new or old))


def with_status(exchanges: Sequence[Exchange], *statuses: int) -> list[Exchange]:
    """Return the same exchanges with other statuses."""
    pairs = zip(exchanges, statuses, strict=True)
    return [replace(each, response=replace(each.response or Response(status=0), status=status)) for each, status in pairs]


def test_equal_runs_have_no_cause(conforming_run: Run) -> None:
    made = [exchange(1, {"a": 1}, 201, {"a": 1})]
    assert groups(made, made, conforming_run) == []


def test_larger_requests_that_hold_the_smallest_are_of_its_cause(conforming_run: Run) -> None:
    bodies = ({"a": {"b": [9]}}, {"a": {"b": [1, 9], "c": 2}, "d": 3}, {"d": 3})
    made = [exchange(number, body, 201) for number, body in enumerate(bodies, 1)]
    (group,) = groups(made, with_status(made, 400, 400, 201), conforming_run)
    assert [each.exchanges[0].number for each in group.differences] == [1, 2]
    assert group.title() == "status"


def test_other_statuses_are_another_cause(conforming_run: Run) -> None:
    made = [exchange(1, {"a": 1}, 201), exchange(2, {"a": 1, "b": 2}, 201)]
    assert len(groups(made, with_status(made, 400, 500), conforming_run)) == 2


def test_negative_cases_are_grouped_by_the_rule_that_they_violate(conforming_run: Run) -> None:
    made = [exchange(number, {"temperature": value}, 400, side="rejects", rule=RULE) for number, value in ((1, 2), (2, 1.5))]
    (group,) = groups(made, with_status(made, 201, 201), conforming_run)
    assert (group.title(), len(group.differences)) == (RULE, 2)


def test_the_smallest_body_of_a_failed_rule_is_the_cause_of_a_refused_pack(conforming_run: Run) -> None:
    made = [exchange(1, {"temperature": 1, "model": "m"}, 201)]
    small = exchange(2, {"temperature": 1}, 400).request
    failure = Failure(
        side="accepts",
        request=small,
        response=Response(status=400),
        expected="",
        actual="",
        offending_fields=[],
        cause=RULE,
        exchange=2,
    )
    failed = replace(conforming_run.verdicts[RULE], outcome=Outcome.FAIL, failures=[failure])
    new = replace(conforming_run, verdicts={**conforming_run.verdicts, RULE: failed})
    (group,) = groups(made, with_status(made, 400), conforming_run, new)
    assert (group.title(), group.body) == (RULE, '{"temperature": 1}')
    # A rule that fails at both targets explains no difference between them.
    (group,) = groups(made, with_status(made, 400), new, new)
    assert group.title() == "status"


def test_what_triage_has_shrunk_a_pack_to_is_shown(conforming_run: Run) -> None:
    made = [exchange(1, {"a": [1, 2, 3], "b": 2}, 201)]
    shrunk = exchange(2, {"a": [9]}, 400, case=made[0].case, phase="shrink")
    accepted = exchange(3, {}, 201, case=made[0].case, phase="shrink")
    (group,) = groups(made, [*with_status(made, 400), shrunk, accepted], conforming_run)
    assert group.body == '{"a": [9]}'


def test_responses_are_grouped_by_place_and_by_what_is_missing(conforming_run: Run) -> None:
    shown = ({"a": 1, "b": 1}, {"a": 2}, {"a": 2})
    others: tuple[dict[str, int], ...] = ({"a": 9, "b": 1}, {"a": 9}, {})
    one, other = (
        [exchange(number, {"n": number}, 201, each) for number, each in enumerate(responses, 1)]
        for responses in (shown, others)
    )
    found = groups(one, other, conforming_run)
    assert [(group.title(), len(group.differences)) for group in found] == [("response: a", 2), ("response: a", 1)]
    assert (found[1].smallest.before, found[1].smallest.after) == ("2", "missing")


def test_what_says_nothing_about_a_request_is_not_compared() -> None:
    made = [exchange(1, {}, 201), exchange(2, {"a": 1}, 201)]
    other = with_status(made, 429, 201)
    other[1] = replace(other[1], response=None, error="no response")
    pairs = pairs_of(made, other)
    assert (pairs.compared, pairs.unjudged, pairs.differences) == (0, 2, [])
