"""The API key in every form in which a server may show what it was sent; none of them is kept."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from urllib.parse import quote


@lru_cache(maxsize=8)
def spellings(key: str) -> tuple[str, ...]:
    """The key as it is, in a URL, in Base64 and in hexadecimal digits; none of an empty key."""
    raw = key.encode()
    digits = raw.hex()
    found = (key, quote(key, safe=""), b64encode(raw).decode().rstrip("="), digits, digits.upper())
    return tuple(dict.fromkeys(found)) if key else ()
