"""The sentences of a description: lines joined, and no cut at a decimal point or an abbreviation."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A sentence ends at a full stop before white space and something that begins a sentence.
_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)[.!?][)\"'”]?\s+(?=[A-Z0-9`\"'(“])")
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*[-*]\s+")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each on one line, in order."""
    for paragraph in _PARAGRAPH.split(text):
        joined, first = " ".join(paragraph.split()), 0
        for end in _END.finditer(joined):
            yield joined[first : end.end()].strip()
            first = end.end()
        if joined[first:].strip():
            yield joined[first:].strip()
