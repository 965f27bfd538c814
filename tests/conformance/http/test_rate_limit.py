"""Patience: what `Retry-After` asks for, and the shared rate limit."""

from __future__ import annotations

import asyncio
import email.utils
import time

import pytest

from conformance.http.rate_limit import RateLimit, retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("3", 3),
        (" 7 ", 7),
        ("3600", 3600),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("²", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
        ("Sun, 06 Nov 1994 08:49:37", 0),
        ("9" * 400, float("inf")),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after(text) == seconds


def test_retry_after_a_date() -> None:
    waited = retry_after(email.utils.formatdate(time.time() + 60, usegmt=True))
    assert waited is not None
    assert 58 <= waited <= 60


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
        rate_limit.hold(3)
        await rate_limit.turn()

    coroutine = turns()
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert waited[:4] == pytest.approx([0.1] * 4)
    assert waited[4] == pytest.approx(3, abs=0.11)


def test_no_rate_waits_for_nothing() -> None:
    rate_limit = RateLimit(None)
    rate_limit.hold(1000)
    with pytest.raises(StopIteration):
        rate_limit.turn().send(None)
