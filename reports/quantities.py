"""Counts, durations and days as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime


def plural(count: int, noun: str) -> str:
    """Return `1 rule`, `2 rules`, `1,200 rules`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def duration(seconds: float) -> str:
    """Return seconds for people: `0.8 ms`, `24.1 s`, `3 min 20 s`, `1 h 5 min`."""
    if not seconds:
        return "0"
    if seconds < 1:
        milliseconds = seconds * 1000
        return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min {int(seconds % 60)} s"
    return f"{minutes // 60} h {minutes % 60} min"


def day_of(started: str) -> date:
    """Return the day of an ISO timestamp; today for any other string."""
    try:
        return datetime.fromisoformat(started).date()
    except ValueError:
        return datetime.now(UTC).date()


def day(text: str) -> str:
    """Return `22 Nov 2026` for an ISO timestamp, and any other string unchanged."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.day} {at:%b %Y}"
