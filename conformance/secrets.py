"""The API key in every form in which a server may show what it was sent; none of them is kept."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

from reports.redaction import REDACTED
from strategies.cases import Case, Key


@lru_cache(maxsize=8)
def spellings(key: str) -> tuple[str, ...]:
    """The key as it is, in JSON, in a URL, in Base64 and in hexadecimal digits; the longest first; none of an empty key."""
    raw = key.encode()
    digits = raw.hex()
    found = (key, json.dumps(key)[1:-1], quote(key, safe=""), b64encode(raw).decode().rstrip("="), digits, digits.upper())
    return tuple(sorted(set(found), key=len, reverse=True)) if key else ()


def secrets_of(case: Case, secret: str) -> Sequence[str]:
    """What must not be shown of an exchange, the longest first: the key, and what a case makes of it to try the door.

    A key without its last character is as good as the key to whoever reads the record.
    """
    made = [value for _, value in (*case.headers, *case.query) if value] if case.key is Key.OWN else []
    return sorted({*spellings(secret), *made}, key=len, reverse=True) if made else spellings(secret)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, which are looked for in this order."""
    for each in secrets:
        text = text.replace(each, REDACTED)
    return text
