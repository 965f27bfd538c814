"""Media types, compared as media types (RFC 9110, 8.3.1): without case, and without parameters."""

from __future__ import annotations

import re

JSON = "application/json"
# `*/*`, `application/*` and `application/*+json` are ranges, in which a request has to choose.
_CHOSEN = {"*/*": JSON, "application/*": JSON, "application/*+json": "application/vnd.api+json"}
_JSON = re.compile(r"application/(?:[\w!#$&^.-]+\+)?json")


def essence(text: str) -> str:
    """Return type and subtype in lower case."""
    return text.partition(";")[0].strip().lower()


def json_choice(text: str) -> str | None:
    """Return a JSON media type that a described one or range stands for; None if it stands for none."""
    plain = essence(text)
    if plain in _CHOSEN:
        return _CHOSEN[plain]
    return plain if _JSON.fullmatch(plain) else None


def is_in(actual: str, described: str) -> bool:
    """Return whether a media type is the described one or in the described range."""
    one, other = essence(actual), essence(described)
    return re.fullmatch(re.escape(other).replace(r"\*", "[^/]+"), one) is not None
