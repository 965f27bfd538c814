"""Durations in protobuf's JSON form, `1.500s`: read as leniently as protobuf reads them, written in several styles."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

_NANOS = 9
_LONGEST = 315_576_000_000  # seconds: the range of protobuf's Duration, some 10,000 years


class NoDuration(ValueError):
    """The string is not a duration."""


def split(text: str) -> tuple[str, str, str]:
    """Return sign (`-` or nothing), seconds and nanoseconds (nine digits) of a duration. NoDuration if it is none.

    Seconds and decimals are read by Python's `int` and `float`, as protobuf for Python does it: `+30s`, ` 30s`, `030s`, `5.s`,
    `3_0s` and digits of any script pass, and decimals beyond the ninth are rounded.
    """
    if not text.endswith("s"):
        raise NoDuration(text)
    whole, point, decimals = text[:-1].partition(".")
    try:
        seconds, nanos = int(whole), round(float(f"0.{decimals}") * 10**_NANOS) if point else 0
    except ValueError:
        raise NoDuration(text) from None
    nanos = -nanos if text.startswith("-") else nanos
    if abs(nanos) >= 10**_NANOS or seconds * nanos < 0:
        raise NoDuration(text)
    return "-" if min(seconds, nanos) < 0 else "", str(abs(seconds)), f"{abs(nanos):0{_NANOS}d}"


def is_in_range(text: str) -> bool:
    """Return whether protobuf can hold a duration. NoDuration if the string is none."""
    return int(split(text)[1]) <= _LONGEST


# Clients send few different durations, and parsing one costs more than the rest of the response.
@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Return a duration as protobuf writes it: with 0, 3, 6 or 9 decimals."""
    sign, seconds, fraction = split(text)
    decimals = fraction.rstrip("0")
    return _write(sign, seconds, fraction[: -(-len(decimals) // 3) * 3])


def trimmed(text: str) -> str:
    """Return a duration with no more decimals than it needs."""
    sign, seconds, fraction = split(text)
    return _write(sign, seconds, fraction.rstrip("0"))


def nanos(text: str) -> str:
    """Return a duration with nine decimals."""
    return _write(*split(text))


def _write(sign: str, seconds: str, decimals: str) -> str:
    if seconds == "0" and not decimals.strip("0"):
        sign = ""
    return f"{sign}{seconds}.{decimals}s" if decimals else f"{sign}{seconds}s"


def styled(style: str) -> Callable[[str], str]:
    """Return a function that writes durations in a style and leaves other strings unchanged."""
    write = _STYLES[style]

    def rewrite(text: str) -> str:
        try:
            written = write(text)
            return text if written == text else written
        except (NoDuration, AttributeError):  # a planted fault accepted a value that is not one
            return text

    return rewrite


_STYLES: dict[str, Callable[[str], str]] = {
    "canonical": canonical,
    "trimmed": trimmed,
    "nanos": nanos,
}
