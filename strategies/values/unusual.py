"""Values that JSON and the description admit, and that parsers and stores refuse all the same: text and numbers of odd kinds.

PostgreSQL stores no NUL in a text, protobuf reads no number beyond its type, and few promise a size below zero. Planned cases
send such values where a refusal accuses nobody (`must=False`); what a generator draws is measured by the same.
"""

from __future__ import annotations

import re

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.values.bounds import INT32, bounds, usual_numbers

# Unicode 23.7: the last two of each plane, and 32 others.
_LAST = (plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF))
NONCHARACTERS = "".join(map(chr, (*range(0xFDD0, 0xFDF0), *_LAST)))
# Noncharacters, and controls but tabulator and line ends.
_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{NONCHARACTERS}]")
_SINGLE = 3.4028234663852886e38  # the largest number of single precision (IEEE 754, binary32)
_EXACT = 2**53  # integers up to here are the same to every reader (RFC 8259, 6)


def is_unusual(node: Node, value: Json) -> bool:
    """Return whether a string or a number may be refused by a server that conforms; false for any other value.

    A number without bounds is promised to nobody but around zero and one: {"size": 1.8e308} is valid, and no size.
    """
    if node.get("enum") is not None or node.get("const") is not None:
        return False  # the description itself names the value
    if isinstance(value, str) or node.is_free:
        return holds_unusual(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if node.types != {"integer"}:
        least, most = usual_numbers(node)
        return not least <= value <= most
    low, high = bounds(node)
    lowest = max(low or 0, 0) if high is None or high >= 0 else value
    return not lowest <= value <= (INT32 if high is None else high)


def holds_unusual(value: Json) -> bool:
    """Return whether something in a value of no described form may be refused: a number, a text or a name."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            if _TEXT.search(each):
                return True
        elif (isinstance(each, int) and abs(each) > _EXACT) or (isinstance(each, float) and abs(each) > _SINGLE):
            return True
    return False


def made_usual(text: str) -> str:
    """Return a text with letters in place of the characters for which it may be refused."""
    return _TEXT.sub("x", text)
