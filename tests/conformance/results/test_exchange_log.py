"""The log of exchanges: in the order of their numbers, however the responses come, and none is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.http.exchange import Exchange
from conformance.results.exchange_log import ExchangeLog, unrecorded
from reports.record.entries import Entry
from tests.conformance.results.small import catalogue, exchange


def log() -> tuple[ExchangeLog, list[Entry], list[Exchange]]:
    written, seen = list[Entry](), list[Exchange]()
    return ExchangeLog(catalogue().contract, written.append, seen.append), written, seen


def numbers(entries: list[Entry]) -> list[int]:
    return [getattr(entry, "number", 0) for entry in entries]


@given(st.integers(0, 8).flatmap(lambda count: st.permutations(range(1, count + 1))))
def test_whatever_the_order_of_responses_they_are_recorded_by_number(order: list[int]) -> None:
    kept, written, seen = log()
    for index, number in enumerate(order, 1):
        kept.add(exchange(number))
        begun = next(each for each in range(1, len(order) + 2) if each not in order[:index]) - 1
        assert numbers(written) == [*range(1, begun + 1)]
    assert numbers(written) == [each.number for each in seen] == sorted(order)


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(10, 15)))
def test_what_waits_for_requests_that_were_given_up_is_recorded_in_the_end(first: set[int], later: set[int]) -> None:
    kept, written, seen = log()
    for number in sorted(first, reverse=True):
        kept.add(exchange(number))
    kept.close()
    assert numbers(written) == sorted(first)
    for number in sorted(later):
        kept.add(exchange(number))
    kept.close()
    assert numbers(written) == [each.number for each in seen] == sorted(first | later)


def test_after_the_end_of_a_part_the_next_number_is_recorded_at_once() -> None:
    kept, written, _ = log()
    kept.add(exchange(3))
    kept.close()
    kept.add(exchange(4))
    assert numbers(written) == [3, 4]


@given(st.permutations(range(1, 6)))
def test_what_nobody_records_is_seen_in_order_all_the_same(order: list[int]) -> None:
    seen = list[Exchange]()
    kept = ExchangeLog(catalogue().contract, unrecorded, seen.append)
    for number in order:
        kept.add(exchange(number))
    assert [each.number for each in seen] == sorted(order)
