"""Keeping keys out of everything that is shown: the record holds none, and this makes sure of it."""

from __future__ import annotations

from collections.abc import Mapping

REDACTED = "[redacted]"
_TELLING = ("authorization", "cookie", "api-key", "apikey", "token", "secret", "password", "signature")


def is_secret(header: str) -> bool:
    """Whether a header may hold a credential: X-API-Key, Authorization, Cookie, Set-Cookie and their like."""
    name = header.lower().replace("_", "-")
    return any(word in name for word in _TELLING)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers as they may be shown."""
    return {name: REDACTED if is_secret(name) else value for name, value in headers.items()}
