"""The arithmetic of bounds: the outermost numbers that a field admits, and the numbers next to them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from openapi.schema.nodes import Node

INT32 = 2**31 - 1


def bounds(node: Node) -> tuple[float | None, float | None]:
    """Return the lowest and highest number that a field admits, by bounds and format; None for no limit."""
    lows = [c.value for c in node.constraints if c.keyword in ("minimum", "exclusiveMinimum")]
    highs = [c.value for c in node.constraints if c.keyword in ("maximum", "exclusiveMaximum")]
    if node.get("format") == "int32":
        lows, highs = [*lows, -INT32 - 1], [*highs, INT32]
    return max(lows, default=None), min(highs, default=None)


def usual_numbers(node: Node) -> tuple[float, float]:
    """Return the range of numbers that no server may refuse: within the bounds, or next to one, else around zero and one."""
    low, high = bounds(node)
    lowest = (0.0 if high is None or high > 0 else high - 1.0) if low is None else low
    return lowest, (1.0 if lowest < 1 else lowest + 1.0) if high is None else high


def bound_keyword(node: Node, ending: str) -> str:
    """Return the first keyword with that ending that bounds a field; `format` where only its number format does."""
    names = [c.keyword for c in node.constraints if c.keyword.endswith(ending)]
    return names[0] if names else "format"


def after(number: float) -> float:
    """Return a number just above, far enough to differ in single precision."""
    return _single(number, +1)


def before(number: float) -> float:
    """Return a number just below, far enough to differ in single precision."""
    return _single(number, -1)


def _single(number: float | int, direction: int) -> float:
    try:
        step = max(abs(number) * 2.0**-22, 2.0**-20)
        # Of a fixed size: in the machine's own, what is too large is packed as infinite and raises nothing.
        (moved,) = struct.unpack("<f", struct.pack("<f", number + direction * step))
        return float(f"{moved:.9g}")
    except OverflowError:  # beyond single precision, where such bounds mean nothing to most servers anyway
        return number + direction if isinstance(number, int) else math.nextafter(number, direction * math.inf)


def inside(bound: float, node: Node, exclusive: str, direction: int) -> float:
    """Return the bound, or the number next to it in that direction where the bound itself is excluded."""
    if any(c.keyword == exclusive and c.value == bound for c in node.constraints):
        return _single(bound, direction)
    return bound


def whole_number(bound: float, node: Node, label: str) -> int:
    """Return the integer nearest to a bound, inside."""
    exclusive = any(
        c.keyword.startswith("exclusive") and c.keyword.endswith(label[1:]) and c.value == bound for c in node.constraints
    )
    if label == "minimum":
        return math.floor(bound) + 1 if exclusive else math.ceil(bound)
    return math.ceil(bound) - 1 if exclusive else math.floor(bound)


def between(low: float | None, high: float | None) -> Iterator[float]:
    """Yield numbers strictly between two bounds, the middle first; none where a bound is missing."""
    if low is None or high is None:
        return
    for share in (0.5, 0.3, 0.123456):
        yield round(low + (high - low) * share, 6)
    yield after(low)
    yield before(high)
