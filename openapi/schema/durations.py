"""Durations as JSON strings, `1.5s`: read exactly, compared as numbers of seconds, written at and beside a bound."""

from __future__ import annotations

import re
from decimal import Decimal

from openapi.json_types import Json

_DURATION = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?s", re.ASCII)
NANOSECOND = Decimal("1e-9")


def seconds(text: Json) -> Decimal | None:
    """Return a duration in seconds; None for a value that is no duration in protobuf's JSON form."""
    return Decimal(text[:-1]) if isinstance(text, str) and _DURATION.fullmatch(text) else None


def written(number: Decimal) -> str:
    """Return a number of seconds as a duration, without an exponent and without surplus zeros."""
    text = f"{number:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}s"
