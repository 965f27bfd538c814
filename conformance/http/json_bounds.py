"""Bounds of a JSON body: a parser gives up on one that is nested too deep, or has a number too long to be read.

Such a body says nothing about conformance, since nobody knows what it holds. It is no violation, as a body that is no JSON is.
"""

from __future__ import annotations

import re

import orjson

from conformance.http.response_body import HostileResponse

MOST_LEVELS = 1_000
MOST_DIGITS = 4_300
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[][{}]")
_LONG_NUMBER = re.compile(rb"\d{%d}" % (MOST_DIGITS + 1))


class TooDeep(HostileResponse):
    """The body is nested deeper than any parser follows."""


class TooManyDigits(HostileResponse):
    """The body has a number of more digits than any parser reads."""


def check_bounds(content: bytes) -> None:
    """Raise TooDeep or TooManyDigits where that is why a body cannot be read. Any other body may be no JSON at all."""
    if len(content) <= MOST_LEVELS or _is_read(content):
        return
    bare = _STRING.sub(b"", content)
    if _LONG_NUMBER.search(bare):
        raise TooManyDigits(f"a response with a number of more than {MOST_DIGITS:,} digits")
    level = 0
    for found in _BRACKET.finditer(bare):
        level += 1 if found[0] in b"[{" else -1
        if level > MOST_LEVELS:
            raise TooDeep(f"a response that is nested more than {MOST_LEVELS:,} levels deep")


def _is_read(content: bytes) -> bool:
    try:
        orjson.loads(content)
    except ValueError:
        return False
    return True
