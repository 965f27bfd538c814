"""The direction of a changed keyword: whether fewer or more values are valid than before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any


class Direction(StrEnum):
    """The set of valid values, compared with the earlier one. `OTHER` may be both or neither."""

    NARROWER = "narrower"
    WIDER = "wider"
    SAME = "same"
    OTHER = "other"


def direction(keyword: str, old: Any, new: Any) -> Direction:
    """Return how a keyword with the value `new` admits other values than with `old`.

    maximum 10 -> 5           narrower
    enum [a] -> [a, b]        wider
    pattern ^a -> ^b          other
    """
    if old == new:
        return Direction.SAME
    compared = _COMPARED.get(keyword)
    try:
        return Direction.OTHER if compared is None else compared(old, new)
    except TypeError:  # such as a bound that became a number only in one of the versions
        return Direction.OTHER


def opposite(one: Direction) -> Direction:
    """Return the direction of the way back."""
    return {Direction.NARROWER: Direction.WIDER, Direction.WIDER: Direction.NARROWER}.get(one, one)


def _upper(old: Any, new: Any) -> Direction:
    return Direction.NARROWER if new < old else Direction.WIDER


def _lower(old: Any, new: Any) -> Direction:
    return _upper(new, old)


def _values(old: Any, new: Any) -> Direction:
    """Return how lists of admitted values differ, or one value that is written without a list."""
    before = {repr(each) for each in (old if isinstance(old, list) else [old])}
    after = {repr(each) for each in (new if isinstance(new, list) else [new])}
    if before == after:
        return Direction.SAME
    return Direction.WIDER if before < after else Direction.NARROWER if after < before else Direction.OTHER


def _types(old: Any, new: Any) -> Direction:
    """Return how types differ; every integer is a number."""
    before, after = (set(each if isinstance(each, list) else [each]) for each in (old, new))
    before, after = (each | {"integer"} if "number" in each else each for each in (before, after))
    return _values(sorted(before), sorted(after))


def _multiple(old: Any, new: Any) -> Direction:
    if not old or not new:
        return Direction.OTHER
    return Direction.NARROWER if new % old == 0 else Direction.WIDER if old % new == 0 else Direction.OTHER


def _flag(_old: Any, new: Any) -> Direction:
    return Direction.NARROWER if new else Direction.WIDER


_COMPARED: Mapping[str, Callable[[Any, Any], Direction]] = {
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"), _upper),
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"), _lower),
    **dict.fromkeys(("enum", "const"), _values),
    "type": _types,
    "multipleOf": _multiple,
    "uniqueItems": _flag,
}
