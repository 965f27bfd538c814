"""Generating in a thread: in order, not far ahead, and never in the way of the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import strategies as st

from conformance.concurrency.planning import Feed, FromThread, computed
from strategies.values.sampling import take


def counted(count: int, generated: list[int]) -> Iterator[int]:
    for number in range(count):
        generated.append(number)
        yield number


def test_items_come_in_their_order() -> None:
    async def taken() -> list[int]:
        return [item async for item in Feed(range(500), ahead=3)]

    assert asyncio.run(taken()) == list(range(500))


def test_no_more_is_generated_ahead_than_may_be() -> None:
    generated: list[int] = []

    async def taken() -> int:
        feed = Feed(counted(100, generated), ahead=4)
        for _ in range(3):
            await anext(feed)
        await asyncio.sleep(0.1)
        feed.stop()
        return len(generated)

    assert asyncio.run(taken()) <= 3 + 4 + 1


def test_what_generating_raises_comes_behind_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("no more")

    async def taken() -> None:
        feed = Feed(items())
        assert await anext(feed) == 1
        with pytest.raises(LookupError, match="no more"):
            await anext(feed)

    asyncio.run(taken())


def test_the_event_loop_goes_on_while_something_is_computed() -> None:
    ticks = 0

    def slow() -> str:
        time.sleep(0.5)
        return "computed"

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async def both() -> str:
        ticking = asyncio.ensure_future(tick())
        value = await computed(slow)
        ticking.cancel()
        return value

    assert asyncio.run(both()) == "computed"
    assert ticks > 10


def test_a_stopped_thread_ends_at_its_next_item() -> None:
    async def stopped() -> None:
        feed = Feed(iter(int, 1), ahead=2)
        await anext(feed)
        feed.stop()
        await feed.ended(5)

    before = {*threading.enumerate()}  # an earlier test may have left one that still computes
    asyncio.run(stopped())
    for thread in [each for each in threading.enumerate() if each.name == "planning" and each not in before]:
        thread.join(5)  # it says that it has ended a moment before it has
        assert not thread.is_alive()


def test_a_draw_that_nobody_waits_for_ends_at_its_next_example() -> None:
    drawn = threading.Event()

    def slow(value: int) -> int:
        drawn.set()
        time.sleep(0.01)
        return value

    async def cancelled() -> threading.Thread:
        drawing = asyncio.create_task(computed(partial(take, st.integers().map(slow), 100_000)))
        while not drawn.is_set():
            await asyncio.sleep(0.01)
        (thread,) = {each for each in threading.enumerate() if each.name == "planning"} - before
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
        return thread

    before = set(threading.enumerate())
    thread = asyncio.run(cancelled())
    thread.join(30)
    assert not thread.is_alive()


def test_what_computes_may_ask_the_event_loop() -> None:
    async def twice(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    async def asked() -> int:
        ask = FromThread(asyncio.get_running_loop(), twice)
        return await computed(lambda: ask(ask(3)))

    assert asyncio.run(asked()) == 12


def test_a_cancelled_computation_is_given_time_to_end() -> None:
    ended = threading.Event()

    async def cancelled() -> None:
        task = asyncio.ensure_future(computed(lambda: ended.wait(5), grace=5, end=ended.set))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    begun = time.monotonic()
    asyncio.run(cancelled())
    assert time.monotonic() - begun < 3
