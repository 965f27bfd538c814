"""Examples drawn when they are asked for."""

from __future__ import annotations

import threading

import pytest
from hypothesis import strategies as st

from strategies.fuzzing.batching import one_by_one
from strategies.values.sampling import take

_STRINGS = st.lists(st.text(max_size=5), max_size=3)


def test_gives_what_is_drawn_at_once() -> None:
    assert list(one_by_one(_STRINGS, 50, seed=3)) == take(_STRINGS, 50, seed=3)


def test_draws_hardly_further_than_asked() -> None:
    drawn: list[int] = []

    def note(number: int) -> int:
        drawn.append(number)
        return number

    numbers = one_by_one(st.integers().map(note), 50)
    first = [next(numbers) for _ in range(3)]
    assert drawn[:3] == first
    assert len(drawn) < 10


def test_ends_its_thread_when_nobody_asks_any_more() -> None:
    before = {*threading.enumerate()}  # an earlier test may have left one that still draws
    numbers = one_by_one(st.integers(), 50)
    next(numbers)
    assert [each.name for each in threading.enumerate() if each not in before] == ["drawing"]
    numbers.close()
    assert not {*threading.enumerate()} - before


def test_gives_fewer_where_there_are_no_more() -> None:
    assert sorted(one_by_one(st.booleans(), 50)) == [False, True]


def test_an_error_of_the_strategy_reaches_the_caller() -> None:
    def fail(_number: int) -> int:
        raise LookupError("of the strategy")

    with pytest.raises(LookupError, match="of the strategy"):
        list(one_by_one(st.integers().map(fail), 5))
