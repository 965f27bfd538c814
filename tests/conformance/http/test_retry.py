"""Retries: which exchanges are repeated, how often and when."""

from __future__ import annotations

import email.utils
import time

import pytest

from conformance.http.exchange import Exchange
from conformance.http.retry import Retries, puts_off, retry_after
from tests.conformance.clients import RETRIED, case


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


def exchange(status: int = 0, error: str | None = None, **headers: str) -> Exchange:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(case=case(), number=1, status=status, headers=named, content=b"", seconds=0, at=0, error=error)


@pytest.mark.parametrize("status", sorted(RETRIED))
def test_what_is_about_the_load_is_retried(status: int) -> None:
    assert Retries(3, RETRIED).wait(exchange(status), 0, 1) is not None


@pytest.mark.parametrize("status", [200, 201, 400, 401, 404, 500, 501])
def test_what_the_application_responds_is_not_retried(status: int) -> None:
    assert Retries(3, RETRIED).wait(exchange(status), 0, 1) is None


@pytest.mark.parametrize(
    ("error", "times"), [("ReadError", 3), ("ConnectError: refused", 3), ("no whole response within 30 s", 1)]
)
def test_a_request_without_a_response_is_retried(error: str, times: int) -> None:
    retries = Retries(3, RETRIED)
    assert [retries.wait(exchange(error=error), attempts, 1) is not None for attempts in range(4)].count(True) == times


@pytest.mark.parametrize("seed", range(5))
def test_waits_grow_and_are_spread_by_a_seed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(seed: int) -> list[float]:
        retries = Retries(5, RETRIED, seed)
        return [retries.wait(exchange(503), attempts, 1) or 0.0 for attempts in range(5)]

    monkeypatch.setattr("conformance.http.retry._FIRST_WAIT", first := 0.25)
    found = waits(seed)
    assert found == waits(seed) != waits(seed + 1)
    assert all(first * 2**number <= each <= 2 * first * 2**number for number, each in enumerate(found))


def test_an_outage_is_not_hammered() -> None:
    retries = Retries(3, RETRIED)
    granted = sum(retries.wait(exchange(503), 0, sent=100) is not None for _ in range(1_000))
    assert granted == 100


def test_a_long_wait_is_not_waited_for() -> None:
    late = exchange(429, retry_after="61")
    assert puts_off(late)
    assert Retries(3, RETRIED).wait(late, 0, 1) is None
    assert Retries(3, RETRIED).wait(exchange(429, retry_after="60"), 0, 1) == 60
