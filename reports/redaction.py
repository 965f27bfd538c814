"""Keep secrets out of everything shown. The record holds none; this makes sure of it."""

from __future__ import annotations

from collections.abc import Mapping

REDACTED = "[redacted]"
_SECRET = ("authorization", "cookie", "api-key", "apikey", "token", "secret", "password", "credential", "signature")


def is_secret(header: str) -> bool:
    """Return whether a header may hold a credential: X-API-Key, Authorization, Cookie, Set-Cookie and the like."""
    name = header.lower().replace("_", "-")
    return any(word in name for word in _SECRET)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with the values of secret ones replaced."""
    return {name: REDACTED if is_secret(name) else value for name, value in headers.items()}
