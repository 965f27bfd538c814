"""Durations in protobuf's JSON form, `1.500s`: read as generously as protobuf does, written in many ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_GENEROUS = re.compile(r"\s*([+-]?)([0-9]+)(?:\.([0-9]*))?s", re.ASCII)
_NANOS = 9


class NoDuration(ValueError):
    """The text is no duration."""


def split(text: str) -> tuple[str, str, str]:
    """Sign (`-` or nothing), seconds and nanoseconds (nine digits) of a duration. NoDuration if it is none.

    `+30s`, ` 30s`, `030s` and `5.s` pass, as they do in protobuf for Python.
    """
    match = _GENEROUS.fullmatch(text)
    if match is None or len(match[3] or "") > _NANOS:
        raise NoDuration(text)
    return "-" if match[1] == "-" else "", match[2].lstrip("0") or "0", (match[3] or "").ljust(_NANOS, "0")


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
        except (NoDuration, TypeError):  # a fault has let it in
            return text

    return rewrite


_STYLES: dict[str, Callable[[str], str]] = {
    "canonical": canonical,
    "trimmed": trimmed,
    "nanos": nanos,
}
