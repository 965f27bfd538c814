"""Types of arguments: each returns the value of a text, or says in one line why it is none."""

from __future__ import annotations

import argparse
from pathlib import Path

PARSINGS = ("protojson", "strict")
_MOST_IN_FLIGHT = 256
_HIGHEST_PORT = 65_535
_LEAST, _MOST = 0.001, 1_000_000  # seconds to wait, or requests a second


def parser_name(text: str) -> str:
    """Return the name of a parser of request bodies."""
    from openapi.coercion.parsers import STRICT, parsers  # the table behind it takes a while to read

    names = (*parsers(), STRICT)
    if text not in names:
        raise argparse.ArgumentTypeError(f"{text!r} is no parser that was asked; there are {', '.join(names)}")
    return text


def parsing_name(text: str) -> str:
    """Return how the embedded emulator reads bodies."""
    if text not in PARSINGS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {' and '.join(PARSINGS)}")
    return text


def redis_url(text: str) -> str:
    """Return the URL of a Redis. Problems are reported without the text, which may hold a password."""
    from conformance.http.shared_rate import shown

    try:
        shown(text)
    except ValueError:
        raise argparse.ArgumentTypeError("it is no URL of a Redis, such as redis://redis.example:6379/0") from None
    return text


def positive(text: str) -> int:
    """Return a whole number from 1 on."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is below 1")
    return number


def whole(text: str) -> int:
    """Return a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None


def port(text: str) -> int:
    """Return the number of a port, 0 for a free one."""
    number = whole(text)
    if not 0 <= number <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{number} is no port: give 0 to {_HIGHEST_PORT}")
    return number


def in_flight(text: str) -> int:
    """Return a number of requests in flight."""
    number = positive(text)
    if number > _MOST_IN_FLIGHT:
        raise argparse.ArgumentTypeError(f"{number} is above {_MOST_IN_FLIGHT}")
    return number


def amount(text: str) -> float:
    """Return a number of seconds, or of requests a second."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not _LEAST <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{text} cannot be; give a number from {_LEAST} to {_MOST:,}")
    return number


def folder(text: str) -> Path:
    """Return the path of a directory."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; give a directory")
    return Path(text)
