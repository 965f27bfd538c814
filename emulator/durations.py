"""Durations in protobuf's JSON form, `1.500s`: read as generously as protobuf does, written in many ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

_NANOS = 9
_LONGEST = 315_576_000_000  # seconds: the range of protobuf's Duration, some 10,000 years


class NoDuration(ValueError):
    """The text is no duration."""


def split(text: str) -> tuple[str, str, str]:
    """Sign (`-` or nothing), seconds and nanoseconds (nine digits) of a duration. NoDuration if it is none.

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
    """Whether protobuf can hold a duration. NoDuration if the text is none."""
    return int(split(text)[1]) <= _LONGEST


# The same few durations come again and again, and taking one apart costs more than writing the rest.
@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """As protobuf writes it: no decimals, or 3, 6 or 9 of them."""
    sign, seconds, fraction = split(text)
    decimals = fraction.rstrip("0")
    return _write(sign, seconds, fraction[: -(-len(decimals) // 3) * 3])


def trimmed(text: str) -> str:
    """With no more decimals than it needs."""
    sign, seconds, fraction = split(text)
    return _write(sign, seconds, fraction.rstrip("0"))


def nanos(text: str) -> str:
    """With nine decimals."""
    return _write(*split(text))


def _write(sign: str, seconds: str, decimals: str) -> str:
    if seconds == "0" and not decimals.strip("0"):
        sign = ""
    return f"{sign}{seconds}.{decimals}s" if decimals else f"{sign}{seconds}s"


def styled(style: str) -> Callable[[str], str]:
    """A function that writes durations in a style, and leaves alone what is none."""
    write = _STYLES[style]

    def rewrite(text: str) -> str:
        try:
            written = write(text)
            return text if written == text else written
        except (NoDuration, AttributeError):  # a fault has let it in
            return text

    return rewrite


_STYLES: dict[str, Callable[[str], str]] = {
    "canonical": canonical,
    "trimmed": trimmed,
    "nanos": nanos,
}
