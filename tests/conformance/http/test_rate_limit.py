"""The shared rate limit."""

from __future__ import annotations

import asyncio
import time

import pytest

from conformance.http.rate_limit import RateLimit


def test_a_pace_is_even(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = 100.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += seconds

    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    rate_limit = RateLimit(10)

    async def turns() -> None:
        for _ in range(5):
            await rate_limit.turn()
        await rate_limit.hold(3)
        await rate_limit.turn()

    coroutine = turns()
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert waited[:4] == pytest.approx([0.1] * 4)
    assert waited[4] == pytest.approx(3, abs=0.11)


def test_no_rate_waits_for_nothing() -> None:
    rate_limit = RateLimit(None)
    with pytest.raises(StopIteration):
        rate_limit.hold(1000).send(None)
    with pytest.raises(StopIteration):
        rate_limit.turn().send(None)
