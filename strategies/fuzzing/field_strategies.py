"""Hypothesis strategies for the value of one field, with one choice each if possible: choices are the cost."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.values.bounds import after, before, bounds, usual_numbers
from strategies.values.place_schema import admits
from strategies.values.strings import FORMAT_SAMPLES
from strategies.values.unusual import NONCHARACTERS
from strategies.values.valid import accepted

_LONGEST = 60
# Without what is legal in JSON and may be refused all the same: control characters and noncharacters.
_PLAIN = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters=NONCHARACTERS)
_TEXT = st.text(_PLAIN, max_size=_LONGEST)
_LEAF: SearchStrategy[Json] = _TEXT | st.floats(-1e9, 1e9) | st.integers(-(2**53), 2**53)
# Free content, around one drawn value.
_SHAPES: tuple[Callable[[Json], Json], ...] = (
    lambda leaf: leaf,
    lambda leaf: {"key": leaf},
    lambda leaf: [leaf],
    lambda leaf: {"list": [leaf, None, leaf], "flag": True},
    lambda leaf: [[], {}, {"a": {"b": [leaf]}}],
    lambda leaf: {str(leaf): {"text": leaf, "no": False}, "": 0},
)
_FREE: SearchStrategy[Json] = st.builds(lambda shape, leaf: shape(leaf), st.sampled_from(_SHAPES), _LEAF)


def values(node: Node) -> SearchStrategy[Json] | None:
    """Return a strategy for valid values of a field without members; None if a server need accept none."""
    known = node.get("x-known-values")
    if known is not None:
        return st.sampled_from(known) if known else None
    if node.get("enum") is not None:
        sure = [each.value for each in accepted(node) if each.must]
        return st.sampled_from(sure) if sure else None
    if node.is_free:
        return _FREE
    made = [strategy for kind in sorted(node.types) if (strategy := _BY_TYPE[kind](node)) is not None]
    return st.one_of(made) if made else None


def is_wide(node: Node) -> bool:
    """Return whether a field has so many values that a drawn one makes the body unique."""
    limits = ("enum", "const", "pattern", "format", "x-known-values", "x-implementation-defined", "maxLength", "multipleOf")
    narrow = any(node.get(key) is not None for key in limits if not (key == "format" and "number" in node.types))
    return not narrow and not node.is_empty_object and bool(node.types & {"string", "number", "object"})


def _strings(node: Node) -> SearchStrategy[Json] | None:
    low, high = node.get("minLength", 0), node.get("maxLength")
    if node.get("pattern") is not None or node.get("format") in FORMAT_SAMPLES:
        sure = [each.value for each in accepted(node) if each.must]
        return st.sampled_from(sure) if sure else None
    if high is None and low <= 1 and node.get("x-implementation-defined") is None:
        return _TEXT.map(lambda text: text or "x")
    return st.text(_PLAIN, min_size=max(low, 1), max_size=max(high or _LONGEST, low))


def _integers(node: Node) -> SearchStrategy[Json] | None:
    low, high = bounds(node)
    least, most = max(int(low) if low is not None else 1, 1), int(high) if high is not None else 2**31 - 1
    # A server may refuse a size or rate below one, whatever its bounds admit.
    return st.integers(least, most).filter(lambda number: admits(node, number)) if least <= most else None


def _numbers(node: Node) -> SearchStrategy[Json] | None:
    lowest, highest = usual_numbers(node)
    least = float(after(lowest) if _exclusive(node, "exclusiveMinimum") else lowest)
    most = float(before(highest) if _exclusive(node, "exclusiveMaximum") else highest)
    # Six decimals survive single precision; what lies between would only test rounding.
    return (
        st.floats(least, most)
        .map(lambda number: min(max(round(number, 6), least), most))
        .filter(lambda number: admits(node, number))
    )


def _exclusive(node: Node, keyword: str) -> bool:
    return node.get(keyword) is not None


def _objects(node: Node) -> SearchStrategy[Json] | None:
    return (
        st.just({}) if node.is_empty_object else _FREE.map(lambda value: value if isinstance(value, dict) else {"key": value})
    )


def _arrays(_node: Node) -> SearchStrategy[Json] | None:
    return _FREE.map(lambda value: value if isinstance(value, list) else [value])


_BY_TYPE: dict[str, Callable[[Node], SearchStrategy[Json] | None]] = {
    "string": _strings,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda _node: st.booleans(),
    "object": _objects,
    "array": _arrays,
}
