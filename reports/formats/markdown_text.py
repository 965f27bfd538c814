"""Recorded strings in Markdown: as they are, whatever they hold."""

from __future__ import annotations

import html
import re

from reports.body_lines import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~@])")


def plain(text: str) -> str:
    """Return the string on one line, escaped so that Markdown shows it unchanged."""
    return _SPECIAL.sub(r"\\\1", html.escape(printable(" ".join(text.split())), quote=False))


def code(text: str) -> str:
    """Return the string as code; the fence is longer than any run of backquotes in it."""
    text = printable(" ".join(text.split()))
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(text: str) -> str:
    """Return the string as a block of shell code."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}sh\n{text}\n{fence}"
