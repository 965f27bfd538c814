r"""Regular expressions: descriptions write ECMA-262, and the validator's engine reads most of it.

The engine lacks some patterns of ECMA-262 (`\k<name>`, surrogates), or reads them otherwise (`(?i)`, `&&`). They have no rule:
no verdict is better than a false one.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jsonschema_rs

# ECMA-262 that the engine does not read, with something of no consequence in its place.
_BEYOND = (
    (re.compile(r"\\k<\w+>"), ""),
    (re.compile(r"\[\^?\]"), "x"),
    (re.compile(r"\\[pP]\{[^{}]*\}"), "x"),  # of a property that the engine does not know
    (re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"), "x"),
    (re.compile(r"\\0(?![0-9])|\\b(?=[^\[]*\])"), "x"),
    # What only patterns without the flag `u` may have: a lone brace, a class at the end of a range, idle escapes.
    (re.compile(r"(\\[dwsDWS])-(?=[^\]])"), r"\1\\-"),
    (re.compile(r"(?<!\\)\{(?!\d+,?\d*\})"), r"\\{"),
    (re.compile(r"\\[hZeagijlmoqyzGQE]"), "x"),
)
# What the engine has beside ECMA-262, or reads otherwise: inline flags, Python's groups, other anchors, sets of classes.
_FOREIGN = re.compile(r"\(\?[a-zA-Z-]+[:)]|\(\?P[<=>]|\\[AzZG]|\[[^\]]*(?:&&|~~|--\[|\[:)")


def is_read(pattern: str) -> bool:
    """Return whether the engine reads the pattern and means by it what ECMA-262 does."""
    return _compiles(pattern) and not _FOREIGN.search(pattern)


def is_wrong(pattern: str) -> bool:
    """Return whether the pattern is no regular expression of ECMA-262 either."""
    for beyond, plain in _BEYOND:
        pattern = beyond.sub(plain, pattern)
    return not _compiles(pattern)


@lru_cache(maxsize=1024)
def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True
