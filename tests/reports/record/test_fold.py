"""Tests of what is counted while the exchanges stream by: latency, and the values of each field."""

from __future__ import annotations

from itertools import pairwise
from statistics import quantiles

from hypothesis import given
from hypothesis import strategies as st

from reports.record.entries import FieldEntry
from reports.record.exercised_values import ExercisedFold, Span
from reports.record.latency import LatencyFold, TimelineFold

SECONDS = st.lists(st.floats(1e-4, 100), min_size=1, max_size=300)


def entry(place: str, **keywords: object) -> FieldEntry:
    return FieldEntry(side="body", place=place, types=[], keywords=keywords, rules=[])


@given(SECONDS)
def test_percentiles_are_within_two_percent(seconds: list[float]) -> None:
    fold = LatencyFold()
    for each in seconds:
        fold.add(each)
    latency = fold.value()
    ordered = sorted(seconds)
    for share in (0.5, 0.95, 0.99, 1.0):
        exact = ordered[max(0, -(-int(share * 1000) * len(seconds) // 1000) - 1)]
        assert abs(latency.percentile(share) - exact) <= 0.02 * exact
    assert latency.count == len(seconds)
    assert latency.longest == max(seconds)


def test_a_median_is_what_statistics_says() -> None:
    seconds = [number / 1000 for number in range(1, 1000)]
    fold = LatencyFold()
    for each in seconds:
        fold.add(each)
    assert abs(fold.value().percentile(0.5) - quantiles(seconds, n=2)[0]) < 0.01


@given(SECONDS)
def test_the_timeline_loses_no_response_and_stays_small(moments: list[float]) -> None:
    fold = TimelineFold()
    for at in moments:
        fold.add(at * 100, 0.01)
    bins = fold.value()
    assert sum(each.latency.count for each in bins) == len(moments)
    assert len(bins) <= 60
    assert all(before.start < after.start for before, after in pairwise(bins))


def test_no_response_has_no_latency() -> None:
    assert LatencyFold().value().percentile(0.5) == 0.0


def test_values_are_counted_at_their_places() -> None:
    fold = ExercisedFold(
        [
            entry("mode", enum=["ON", "OFF", None, 3]),
            entry("flag"),
            entry("tools"),
            entry("tools.*.name", maxLength=5),
            entry("tools.*.level"),
            entry("labels.*"),
        ]
    )
    fold.add("body", {"mode": "ON", "flag": True, "tools": [{"name": "abc", "level": 2}, {}]}, accepted=True)
    fold.add("body", {"mode": "DIM", "flag": None, "labels": {"a": "x", "b": "yy"}}, accepted=False)
    fold.add("body", {"mode": 3, "tools": [{"name": "abcdef", "level": -4.5}]}, accepted=False)
    seen = fold.value()
    mode = seen["body", "mode"]
    assert (mode.members, mode.others, mode.absent) == ({"ON": 1, "3": 1}, 1, 0)
    flag = seen["body", "flag"]
    assert (flag.members, flag.null, flag.absent, flag.present) == ({"true": 1}, 1, 1, 1)
    name = seen["body", "tools.*.name"]
    assert (name.present, name.absent) == (2, 1)
    assert name.refused == {"string": Span(6, 6)}
    assert name.taken == {"string": Span(3, 3)}
    assert seen["body", "tools.*.level"].refused == {"number": Span(-4.5, -4.5)}
    assert seen["body", "tools"].taken == {"array": Span(2, 2)}
    assert seen["body", "labels.*"].present == 2


def test_a_body_that_is_no_object_has_no_fields() -> None:
    fold = ExercisedFold([entry(""), entry("mode")])
    for body in (None, 3, "text", float("inf")):
        fold.add("body", body, accepted=True)
    fold.add("response", {"mode": 1}, accepted=True)
    assert fold.value()["body", "mode"].present == 0


def test_deep_bodies_do_not_exhaust_the_stack() -> None:
    fold = ExercisedFold([entry("a")])
    body: object = 1
    for _ in range(50_000):
        body = {"a": body}
    fold.add("body", body, accepted=True)
    assert fold.value()["body", "a"].present == 1
    # Freeing so deep an object goes level by level; taking it apart here keeps the interpreter out of it.
    while isinstance(body, dict):
        body = body.pop("a")
