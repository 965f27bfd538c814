"""Works that are carried on together are judged as if they went one by one, whatever the latency."""

from __future__ import annotations

import asyncio
import random

import pytest

from conformance.concurrency.branches import Work, gather, is_within, note


def nothing() -> None:
    """End nothing: nothing sends here."""


def carried_on(latency: random.Random, width: int) -> list[str]:
    """Return the notes of five works, of which each notes, has two works of its own carried on, and notes again."""
    judged: list[str] = []

    def step(name: str) -> None:
        note(lambda: judged.append(name))

    async def inner(name: str) -> str:
        await asyncio.sleep(latency.random() / 100)
        step(name)
        return name

    def work(number: int) -> Work[list[str]]:
        async def carry_out() -> list[str]:
            step(f"{number} begins")
            await asyncio.sleep(latency.random() / 100)
            found = await gather([lambda: inner(f"{number}.a"), lambda: inner(f"{number}.b")], width, 1, nothing)
            step(f"{number} ends")
            return found

        return carry_out

    found = asyncio.run(gather([work(number) for number in range(5)], width, 1, nothing))
    assert found == [[f"{number}.a", f"{number}.b"] for number in range(5)]
    return judged


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("width", [1, 2, 8])
def test_the_order_of_judging_depends_neither_on_latency_nor_on_width(seed: int, width: int) -> None:
    expected = [text for number in range(5) for text in (f"{number} begins", f"{number}.a", f"{number}.b", f"{number} ends")]
    assert carried_on(random.Random(seed), width) == expected


def test_no_more_works_go_at_a_time_than_may() -> None:
    going = most = 0

    async def work() -> None:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.001)
        going -= 1

    asyncio.run(gather([work] * 20, 3, 1, nothing))
    assert most == 3


def test_the_first_error_in_the_order_of_the_works_is_raised_and_what_was_noted_counts() -> None:
    judged: list[str] = []
    ended: list[str] = []

    async def fails(name: str, seconds: float) -> None:
        note(lambda: judged.append(name))
        await asyncio.sleep(seconds)
        raise LookupError(name)

    async def goes_on() -> None:
        await asyncio.sleep(0.05)
        note(lambda: judged.append("went on"))

    works: list[Work[None]] = [lambda: fails("a", 0.02), goes_on, lambda: fails("b", 0.02)]
    with pytest.raises(LookupError, match="a"):
        asyncio.run(gather(works, 8, 1, lambda: ended.append("ended")))
    assert judged == ["a", "went on", "b"]
    assert ended == ["ended"]


def test_what_does_not_end_in_time_is_cancelled() -> None:
    async def fails() -> None:
        raise LookupError

    async def hangs() -> None:
        await asyncio.sleep(60)

    with pytest.raises(LookupError):
        asyncio.run(asyncio.wait_for(gather([hangs, fails], 8, 0.05, nothing), 5))


def test_outside_of_works_judging_is_done_at_once() -> None:
    judged: list[int] = []
    note(lambda: judged.append(1))
    assert judged == [1]
    assert not is_within()
