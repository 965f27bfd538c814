"""A server that repeats secrets: the key in bodies and headers, in several spellings, at every offset of an excerpt."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from itertools import count
from urllib.parse import quote

from benchmarks.reliability.canaries import KEY, SECRETS
from benchmarks.reliability.ledger import IDENTIFIER
from benchmarks.reliability.proxy import Change, Fault, Hop
from benchmarks.reliability.wire import Headers, Message, replaced, response

_SPELLINGS: tuple[Callable[[str], bytes], ...] = (
    lambda key: key.encode(),
    lambda key: "".join(f"\\u{ord(each):04x}" for each in key).encode(),
    lambda key: "".join(f"%{ord(each):02X}" for each in key).encode(),
    lambda key: quote(key).encode(),
    lambda key: key.encode("utf-16-le"),
    lambda key: key.encode("utf-16-be"),
    lambda key: b64encode(key.encode()),
    lambda key: b64encode(f"user:{key}!".encode()),
    lambda key: b64encode(key.encode("utf-16-le")),
)
_HEADERS: Headers = (
    ("set-cookie", f"session={SECRETS['cookie']}; Path=/"),
    ("location", f"https://user:{SECRETS['location']}@bed.example/?key={quote(KEY)}"),
    ("www-authenticate", f"Basic {b64encode(KEY.encode()).decode()}"),
    ("x-echo", f"the key was {KEY}"),
)
_LONGEST = 2_200  # characters before the key: beyond where any excerpt is cut
_STEP = 37


def echoing() -> Change:
    """Return a change that repeats the key in refusals, and plant secrets in created calls."""
    numbers = count()

    def change(_request: Message, response: Message) -> Message:
        number = next(numbers)
        if response.status >= 400:
            return replaced(response, _detail(number), _HEADERS)
        return _with_secrets(response)

    return change


def crashing(hop: Hop) -> tuple[str, Fault] | None:
    """Crash on bodies with one member, so that failures are reported with what the server says, which is the key."""
    return ("crash", _crash) if b"languageHint" in hop.request.framed else None


async def _crash(hop: Hop) -> bool:
    return await hop.reply(response(500, _detail(hop.number), _HEADERS))


def _detail(number: int) -> bytes:
    before = b"x" * (number * _STEP % _LONGEST)
    return b'{"detail": "' + before + _SPELLINGS[number % len(_SPELLINGS)](KEY) + b'"}'


def _with_secrets(response: Message) -> Message:
    try:
        body = json.loads(response.framed)
    except ValueError:
        return response
    if not isinstance(body, dict) or IDENTIFIER not in body:
        return response
    for name, value in body.items():
        if isinstance(value, str) and re.match("wss?://", value):
            body[name] = f"{value}{'&' if '?' in value else '?'}token={SECRETS['join URL']}"
    return replaced(response, json.dumps(body).encode(), _HEADERS)
