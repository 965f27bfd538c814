"""The API key in every form in which a server may show what it was sent; none of them is kept."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus

from reports.redaction import REDACTED
from strategies.case import Case, Key


@lru_cache(maxsize=128)
def spellings(key: str) -> tuple[str, ...]:
    """The key as it is and as writers of JSON, of HTML and of URLs write it, in Base64 and in hexadecimal digits.

    The longest comes first; there are none of an empty key.
    """
    plain = {key, *(_escaped(key, style) for style in _STYLES)}
    plain |= {_escaped(form, _MUST) for form in plain}  # JSON in a text of JSON
    in_urls = {quote(key, safe=safe) for safe in _LEFT_IN_URLS} | {quote_plus(key)}
    in_urls |= {_LOWER.sub(lambda found: found[0].lower(), form) for form in in_urls}
    digits = key.encode().hex()
    found = {*plain, *in_urls, *_in_base64(key.encode()), digits, digits.upper()}
    return tuple(sorted(found, key=len, reverse=True)) if key else ()


# Which characters a writer escapes beside those that it must, and how. Of JSON: `json` and those of PHP, Go, Gson, .NET.
_MUST = {'"': '\\"', "\\": "\\\\"}
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_STYLES: tuple[dict[str, str], ...] = (
    _MUST,
    {**_MUST, "/": "\\/"},
    {**_MUST, **{each: f"\\u{ord(each):04x}" for each in "<>&"}},
    {**_MUST, **{each: f"\\u{ord(each):04x}" for each in "<>&='"}},
    {"\\": "\\\\", **{each: f"\\u{ord(each):04X}" for each in "\"&'+<>`"}},
    {**_NAMED, "'": "&#x27;"},
    {**_NAMED, "'": "&#39;"},
    {**_NAMED, "'": "&#039;"},
    {**_NAMED, '"': "&#34;", "'": "&#39;"},
    {**_NAMED, "'": "&#39;", "+": "&#x2B;"},
)
_LEFT_IN_URLS = ("", "/", "!'()*", "/:@!$&'()*+,;=")
_LOWER = re.compile("%[0-9A-F]{2}")
_TELLING = 8  # characters; of a key amid other text, fewer than these say little in Base64


def _escaped(key: str, style: Mapping[str, str]) -> str:
    return "".join(style.get(each, each) for each in key)


def _in_base64(raw: bytes) -> Iterator[str]:
    """The key by itself, and what is sure to show of it amid other text, wherever it begins; of both alphabets."""
    yield b64encode(raw).decode().rstrip("=")
    yield urlsafe_b64encode(raw).decode().rstrip("=")
    for before in range(3):
        # Of the first and the last character a part is of other bytes.
        first, last = -(-before * 4 // 3), (before + len(raw)) * 4 // 3
        for encode in (b64encode, urlsafe_b64encode):
            shown = encode(bytes(before) + raw + bytes(2)).decode()[first:last]
            if len(shown) >= _TELLING:
                yield shown


def secrets_of(case: Case, secret: str) -> Sequence[str]:
    """What must not be shown of an exchange, the longest first: the key, and what a case makes of it to try the door.

    A key without its last character is as good as the key to whoever reads the record.
    """
    made = [value for _, value in (*case.headers, *case.query) if value] if case.key is Key.OWN else []
    if not made:
        return spellings(secret)
    return sorted({*spellings(secret), *(form for value in made for form in spellings(value))}, key=len, reverse=True)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, which are looked for in this order."""
    for each in secrets:
        text = text.replace(each, REDACTED)
    return text
